"""Filling in the month: the grid, sending it in, what was refused, both versions on a conflict."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.period import Month
from core.domain.permissions import Permission
from core.services import report_entry
from core.services.report_entry import Entry, Outcome, Refusal
from core.services.reports import PAGE_SIZE, SheetRow
from db.queries.reports import ReportFilter
from pages.components import markup, state, theme
from pages.components.desk import report_sheet
from pages.components.desk.report_sheet import FIELDS, Pending, Seen
from pages.components.layout import PAGES_WIDTH
from pages.components.page import Frame, notify
from pages.components.state import Key

_HEIGHT = 563
_NUMBERS = {"月计划": 76, "上月完成": 76, "年累计": 80, "本月完成": 94, "填报年累计": 108, "统计口径": 94}
_TEXTS = {"形象进度": 170, "存在问题": 130, "下步措施": 130}
COLUMN_WIDTHS = {"项目": 190, "状态": 66, "请核实": 170, **_NUMBERS, **_TEXTS}
_HELP = {
    "月计划": "万元；没有月度计划的按年度计划均摊",
    "上月完成": "万元，供参照",
    "本月完成": "万元；没有完成投资的填 0",
    "年累计": "万元，自动：1 月至本月已存数之和",
    "填报年累计": "万元，可不填；填了就与各月之和核对",
    "统计口径": "万元，可不填；统计部门的月报数，与本月完成并列保存",
}


def draw(frame: Frame, seen: Seen, month: Month, *, is_closed: bool = False) -> None:
    """Draw the sheet; visitors who may report can type into it, unless the month is closed."""
    rows = seen.sheet.rows
    refused = {} if frame.sealed or is_closed else report_sheet.refusals(month)
    if not rows:
        st.info("没有需要报送的项目。请放宽筛选条件，或核对年度计划名单。")
        return
    if refused:
        st.warning(f"{len(refused)} 行没有保存，已填内容保留在表中；原因见“请核实”一列和表下的说明，更正后再次提交。")
    kept = {} if is_closed else seen.base
    table = _styled(report_sheet.frame_of(rows, kept, refused))
    if is_closed and frame.sealed is None:
        st.caption(f"{month.label}已月结封存，月报不能直接修改；如有差错，请办理“更正”。")
    if is_closed or not frame.actor.can(Permission.SUBMIT_REPORT):
        st.dataframe(table, hide_index=True, height=_height(rows), column_config=_columns(editable=False))
        return
    st.data_editor(
        table,
        key=seen.editor_key,
        hide_index=True,
        height=_height(rows),
        num_rows="fixed",
        on_change="ignore",
        column_config=_columns(editable=True),
    )
    _draw_buttons(frame, seen, month)
    _draw_remarks(rows, refused)
    for refusal in refused.values():
        if refusal.is_conflict:
            _draw_conflict(frame, month, refusal)


def chosen_page(question: tuple[Month, ReportFilter]) -> int:
    """Return the page chosen for *question*; another month or filter starts at the first."""
    return int(st.session_state.get(state.variant(Key.REPORT_PAGE, hash(question)), 1))


def draw_pages(question: tuple[Month, ReportFilter], total: int) -> None:
    """Draw the pages of a long sheet."""
    if total > PAGE_SIZE:
        pages = -(-total // PAGE_SIZE)
        st.pagination(pages, key=state.variant(Key.REPORT_PAGE, hash(question)), width=PAGES_WIDTH)


def _draw_buttons(frame: Frame, seen: Seen, month: Month) -> None:
    kept = report_sheet.pending(month)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("提交", type="primary", key=state.variant(Key.REPORT_GRID, "send")):
            _save(frame, month, report_sheet.entries(seen.sheet.rows, kept, with_drafts=True), draft=False)
        if st.button("保存草稿", key=state.variant(Key.REPORT_GRID, "draft")):
            _save(frame, month, report_sheet.entries(seen.sheet.rows, kept, with_drafts=False), draft=True)
        if kept and st.button("放弃未提交的修改", type="tertiary", key=state.variant(Key.REPORT_GRID, "drop")):
            report_sheet.keep(month, {})
            report_sheet.keep_refusals(month, {})
            report_sheet.read_again()
            st.rerun()
        st.caption("单位：万元。可从 Excel 复制整块单元格，选中起始格后直接粘贴；切换月份不会丢失已填内容。")


def _save(frame: Frame, month: Month, entries: Sequence[Entry], *, draft: bool) -> None:
    if not entries:
        st.info("没有需要保存的内容。请先在表中填写。")
        return
    outcome = report_entry.submit(frame.actor, month, entries, draft=draft)
    settle(month, entries, outcome, draft=draft)
    st.rerun()


def settle(month: Month, entries: Sequence[Entry], outcome: Outcome, *, draft: bool) -> None:
    """Keep the refused rows as typed, forget the saved ones, and say what happened."""
    refused = {refusal.project_id: refusal for refusal in outcome.refused}
    sent = {entry.project_id: entry for entry in entries}
    kept = {key: item for key, item in report_sheet.pending(month).items() if key not in sent}
    kept |= {key: Pending(sent[key].typed, sent[key].expected_version) for key in refused}
    report_sheet.keep(month, kept)
    others = {key: item for key, item in report_sheet.refusals(month).items() if key not in sent}
    report_sheet.keep_refusals(month, {**others, **refused})
    report_sheet.read_again()
    done = [f"{len(outcome.saved)} 个项目已{'存为草稿' if draft else '提交'}"] if outcome.saved else []
    done += [f"{outcome.unchanged} 个没有变化"] if outcome.unchanged else []
    if done:
        notify(f"{month.label}月报：{'，'.join(done)}。")


def _draw_conflict(frame: Frame, month: Month, refusal: Refusal) -> None:
    theirs, mine = report_sheet.typed_of(refusal.current), refusal.typed
    who = refusal.current.submitted_by if refusal.current else ""
    labels = {field: label for label, field in FIELDS.items()}
    lines = [(labels[field], getattr(theirs, field), getattr(mine, field)) for field in FIELDS.values()]
    markup.show("desk/conflict.html", who=f"{refusal.project_name}　{who}", lines=lines, moved=[])
    version = refusal.current.version if refusal.current else None
    with st.container(horizontal=True):
        mine_key = state.variant(Key.REPORT_REFUSED, "mine", refusal.project_id)
        if st.button("以我的为准再次提交", type="primary", key=mine_key):
            _save(frame, month, [Entry(refusal.project_id, version, mine)], draft=False)
        if st.button("采用对方版本", key=state.variant(Key.REPORT_REFUSED, "theirs", refusal.project_id)):
            _drop(month, refusal.project_id)
            st.rerun()


def _draw_remarks(rows: Sequence[SheetRow], refused: Mapping[int, Refusal]) -> None:
    """Write out what the narrow column cannot show."""
    told = [(row.project.name, report_sheet.remarks(row, refused), row.project.id in refused) for row in rows]
    told = [item for item in told if item[1]]
    if told:
        told.sort(key=lambda item: not item[2])
        markup.show("desk/remarks.html", rows=told)


def _drop(month: Month, project_id: int) -> None:
    for read, write in (
        (report_sheet.pending, report_sheet.keep),
        (report_sheet.refusals, report_sheet.keep_refusals),
    ):
        left: dict[int, Any] = read(month)
        left.pop(project_id, None)
        write(month, left)
    report_sheet.read_again()


def _columns(*, editable: bool) -> Mapping[str, Any]:
    text = st.column_config.TextColumn
    numbers = {
        name: text(width=width, alignment="right", help=_HELP[name], disabled=not editable or name not in FIELDS)
        for name, width in _NUMBERS.items()
    }
    texts = {name: text(width=width, disabled=not editable) for name, width in _TEXTS.items()}
    return {
        "项目": text(width=COLUMN_WIDTHS["项目"], pinned=True, disabled=True),
        "状态": text(width=COLUMN_WIDTHS["状态"], disabled=True),
        **numbers,
        **texts,
        "请核实": text(
            width=COLUMN_WIDTHS["请核实"], disabled=True, help="未保存的原因、退回原因和疑点；疑点不妨碍提交"
        ),
    }


def _height(rows: Sequence[object]) -> int:
    return min(_HEIGHT, 38 + 35 * len(rows))


def _styled(frame: pd.DataFrame) -> Any:
    flags = theme.DESK_FLAGS
    colours = {
        "未保存": flags["severe"].word,
        "未报": flags["severe"].word,
        "已退回": flags["severe"].word,
        "待提交": flags["warn"].word,
        "草稿": flags["warn"].word,
    }
    return frame.style.map(lambda word: f"color: {colours.get(word, theme.DESK.muted)}", subset=["状态"]).map(
        lambda _: f"color: {flags['warn'].word}", subset=["请核实"]
    )
