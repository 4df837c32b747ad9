"""What comes out: figures, clashes with what to do, other finishes, files, the Gantt."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.domain.backward_adoption import carried, match
from core.domain.backward_schedule import Placed, Schedule
from core.domain.permissions import Permission
from core.services import schedules
from core.services.schedules import FORMS, PlanEdit, ScheduleView
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, plain
from pages.components.schedule import gantt
from pages.components.state import Key

_SHIFTS_DAYS = (-60, -30, 0, 30, 60, 90)
_TALLEST = 760
_NAME, _CHAIN_SHOWN = 16, 12


def draw(frame: Frame, view: ScheduleView, edit: PlanEdit, schedule: Schedule, standing: str) -> None:
    """Draw figures, clashes and what another finish would change."""
    with card("schedule_result"):
        _draw_figures(schedule)
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            _draw_clashes(schedule)
            _draw_files(frame, view, edit, standing)
        with right:
            _draw_what_if(frame, edit)


def draw_gantt(view: ScheduleView, placed: tuple[Placed, ...], finish: Schedule | None) -> None:
    """Draw the Gantt of tasks and milestones; without tasks, of the milestones alone."""
    earlier = [(row.placed, row.milestone_id) for row in view.adopted.tasks] if view.adopted else []
    matched = match(placed, view.nodes, carried(placed, earlier))
    rows = gantt.gantt_rows(placed, view.nodes, matched)
    with card("schedule_gantt"):
        st.subheader("甘特图", anchor=False)
        if not rows:
            st.caption("该项目还没有任务和节点。")
            return
        figure = gantt.gantt_figure(rows, view.calendar, view.today, finish.finish_on if finish else None)
        height = int(figure.layout.height)
        box = st.container(height=_TALLEST, border=False) if height > _TALLEST else st.container()
        box.plotly_chart(figure, theme=None, config=gantt.CONFIG, width="stretch")
        st.caption("灰底为休息日（跨度长时只标三天以上的假期）；任务条按最迟日期，虚线为机动时间；◇ 首次基线保留不变。")


def _draw_figures(schedule: Schedule) -> None:
    late = f"差 {schedule.missing_days} 个工作日" if schedule.missing_days else "赶得上"
    critical = sum(row.is_critical for row in schedule.rows)
    cells = (
        ("最迟开工", str(schedule.start_on), f"最早可开始 {schedule.floor_on}"),
        ("完成", str(schedule.finish_on), "最后一个工作日"),
        ("所需工期", f"{schedule.needed_days} 工作日", f"关键线路 {critical} 项 / 共 {len(schedule.rows)} 项"),
        ("最早可完成", str(schedule.feasible_on or "—"), "自最早开始日正排"),
        ("结论", "● 可行" if schedule.is_feasible else "■ 不可行", late if schedule.feasible_on else "限定节点赶不上"),
    )
    for column, (label, value, note) in zip(st.columns(len(cells)), cells, strict=True):
        with column.container(gap=None):
            st.metric(label, value)
            st.caption(plain(note))


def _draw_clashes(schedule: Schedule) -> None:
    blocking = [clash for clash in schedule.clashes if not clash.is_note]
    for clash in blocking:
        st.error(plain(f"■ {clash.kind.label}：{clash.message}"))
    if not blocking:
        st.success("● 各任务在完成日期前排得下，没有冲突。")
    names = {row.task.code: row.task.name for row in schedule.rows}
    st.markdown(plain(f"◆ 关键线路：{chain_words(schedule.chain, names)}"))
    if notes := [clash.message for clash in schedule.clashes if clash.is_note]:
        st.caption(plain("".join(notes)))


def chain_words(chain: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the chain in one breath: long names cut, the middle of a long chain counted."""
    parts = [f"{code} {names[code][:_NAME]}{'…' if len(names[code]) > _NAME else ''}" for code in chain]
    if len(parts) > _CHAIN_SHOWN:
        half = _CHAIN_SHOWN // 2
        parts = [*parts[:half], f"（其间 {len(parts) - 2 * half} 项）", *parts[-half:]]
    return " → ".join(parts) or "全部任务已完成"


def _draw_what_if(frame: Frame, edit: PlanEdit) -> None:
    st.markdown("**如果改完成日期**")
    found = schedules.what_if(frame.actor, edit, _SHIFTS_DAYS)
    rows = [
        (f"{shift:+d} 天" if shift else "现值", str(day), str(other.start_on), _verdict(other))
        for shift, (day, other) in zip(_SHIFTS_DAYS, found, strict=True)
    ]
    st.dataframe(pd.DataFrame(rows, columns=["移动", "要求完成", "最迟开工", "结论"]), hide_index=True, width="stretch")


def _verdict(schedule: Schedule) -> str:
    if schedule.feasible_on is None:
        return "■ 限定节点赶不上"
    return f"■ 差 {schedule.missing_days} 个工作日" if schedule.missing_days else "● 可行"


def _draw_files(frame: Frame, view: ScheduleView, edit: PlanEdit, standing: str) -> None:
    if not frame.actor.can(Permission.EXPORT):
        return
    with st.container(horizontal=True):
        for form, mime in FORMS.items():
            st.download_button(
                f"导出 {form.label}",
                frame.later(partial(schedules.make_file, frame.actor, view.project.id, edit, standing, form)),
                file_name=schedules.file_name(view.project, form),
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=state.variant(Key.SCHEDULE_FILE, form.value),
            )
