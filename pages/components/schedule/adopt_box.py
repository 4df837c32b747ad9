"""定为基线: which task makes or moves which node, with a reason; the first baseline stays as it is."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.domain.backward_adoption import AdoptionLine, AdoptionStep, Node
from core.domain.permissions import Permission
from core.services import schedules
from core.services.schedules import Choice, ScheduleView
from pages.components import state
from pages.components.page import Frame, notify, telling
from pages.components.schedule.work import Work
from pages.components.state import Key

_NEW = "新建节点"
_NODE = "对应节点（可改）"
_COLUMNS = ["序号", "任务", _NODE, "现计划", "新计划", "变化"]


def draw(frame: Frame, view: ScheduleView, table: Work, *, fits: bool) -> None:
    """Draw the button where there is a draft to adopt, or why there is none."""
    if view.draft is None or not frame.actor.can(Permission.REBASELINE):
        return
    reason = ""
    if not table.is_saved:
        reason = "有未保存的修改。请先保存草稿。"
    elif not fits:
        reason = "现在的安排排不下，不能定为基线。请按上面的提示调整。"
    if st.button("定为基线…", type="primary", disabled=bool(reason), help=reason or None):
        state.put(Key.SCHEDULE_DIALOG, view.draft.head.id)
    if state.get(Key.SCHEDULE_DIALOG) == view.draft.head.id and not reason:
        st.dialog("把倒排计划定为基线", width="large", on_dismiss=_close)(_draw_dialog)(frame, view)


def _close() -> None:
    state.take(Key.SCHEDULE_DIALOG)


def _draw_dialog(frame: Frame, view: ScheduleView) -> None:
    draft = view.draft
    assert draft is not None  # noqa: S101 - the dialog is opened over a draft
    st.markdown("新节点以计划完成日为首次基线；已有节点按“调整基线”记一次变动，首次基线不变。")
    every = st.toggle("非关键任务也建成节点", key=state.variant(Key.SCHEDULE_ADOPT, "every"))
    labels = {f"{node.sequence}. {node.name}": node.id for node in view.nodes}
    first = schedules.proposal(frame.actor, draft.head.id, {}, every_task=every)
    chosen = _draw_lines(first, labels, draft.head.id, every=every)
    lines = schedules.proposal(frame.actor, draft.head.id, chosen, every_task=every)
    lines = tuple(line for line in lines if line.row.task.code in chosen)
    st.caption(summary(lines))
    reason = st.text_input(
        "原因和依据（必填）",
        max_chars=400,
        placeholder="如 市重大项目调度会 2026 年第 12 号纪要",
        key=state.variant(Key.SCHEDULE_ADOPT, "reason"),
    )
    if st.button("确认定为基线", type="primary", key=state.variant(Key.SCHEDULE_ADOPT, "confirm")):
        with telling():
            done = schedules.adopt(frame.actor, draft.head.id, choices_of(lines), reason, draft.head.version)
            _close()
            state.take(Key.SCHEDULE_WORK)
            notify(f"已定为基线：新建 {done.new} 个节点，调整 {done.moved} 个，日期不变 {done.same} 个。")
            st.rerun()


def _draw_lines(
    lines: Sequence[AdoptionLine], labels: Mapping[str, int], plan_id: int, *, every: bool
) -> dict[str, int | None]:
    """Draw what would happen; return the milestone of each task as chosen, None = a new one."""
    by_id = {key: label for label, key in labels.items()}
    table = pd.DataFrame([_cells(line, by_id) for line in lines], columns=_COLUMNS)
    if table.empty:
        st.info("没有关键任务。请在表中勾选“关键”，或打开上面的开关。")
        return {}
    edited = st.data_editor(
        table,
        hide_index=True,
        width="stretch",
        height=min(420, 38 + 35 * len(table)),
        disabled=[name for name in _COLUMNS if name != _NODE],
        column_config={_NODE: st.column_config.SelectboxColumn(options=[_NEW, *labels], required=True, width="medium")},
        key=state.variant(Key.SCHEDULE_ADOPT, plan_id, every),
    )
    return {code: labels.get(word) for code, word in zip(edited["序号"], edited[_NODE], strict=True)}


def _cells(line: AdoptionLine, by_id: Mapping[int, str]) -> tuple[str, ...]:
    node, row = line.node, line.row
    return (
        row.task.code,
        row.task.name,
        by_id[node.id] if node else _NEW,
        str(node.planned_on) if node else "—",
        str(row.finish_on),
        _change(line),
    )


def _change(line: AdoptionLine) -> str:
    if line.step is AdoptionStep.MOVE:
        return f"{'推后' if line.days > 0 else '提前'} {abs(line.days)} 天"
    return line.step.label


def summary(lines: Sequence[AdoptionLine]) -> str:
    """Return what will be written, in one line."""
    steps = [line.step for line in lines]
    parts = [f"{step.label} {steps.count(step)} 个" for step in AdoptionStep if step in steps]
    moved = [line for line in lines if line.step is AdoptionStep.MOVE]
    if moved:
        worst = max(moved, key=lambda line: abs(line.days))
        parts.append(f"变动最大的是“{worst.row.task.name[:30]}”，{_change(worst)}")
    return "将" + "，".join(parts) + "。" if parts else "没有节点变化。"


def choices_of(lines: Sequence[AdoptionLine]) -> list[Choice]:
    """Return what is shown as what is chosen, with the versions seen."""

    def choice(code: str, node: Node | None) -> Choice:
        return Choice(code) if node is None else Choice(code, node.id, node.version)

    return [choice(line.row.task.code, line.node) for line in lines]
