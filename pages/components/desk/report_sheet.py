"""The month's sheet as the visitor sees it, and what was typed into it but not sent in yet.

The sheet is kept in the session as it was read, so that a save is held against the versions the visitor saw. What is
typed is kept beside it by month and project: another month, filter or page never loses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.domain.period import Month
from core.domain.report_checks import TypedReport, wan_text
from core.domain.units import format_wan
from core.services import reports
from core.services.report_entry import Entry, Refusal
from core.services.reports import Sheet, SheetRow
from db.queries.reports import ReportFilter, StoredReport
from pages.components import state
from pages.components.page import Frame
from pages.components.state import Key

FIELDS = {
    "本月完成": "done_wan",
    "填报年累计": "reported_ytd_wan",
    "统计口径": "statistics_wan",
    "形象进度": "physical_progress",
    "存在问题": "difficulty",
    "下步措施": "next_step",
}


@dataclass(frozen=True, slots=True)
class Pending:
    """Typed and not sent in: the cells, and the version they were typed over (None = no report yet)."""

    typed: TypedReport
    version: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """
    The sheet as read.

    Attributes:
        question: What it was read for; None = outdated, to be read again.
        generation: Counts the editors that were laid over it.
        base: What was pending when the editor was laid over it.
    """

    question: tuple[Month, ReportFilter, int] | None
    sheet: Sheet
    generation: int
    base: Mapping[int, Pending]

    @property
    def editor_key(self) -> str:
        return state.variant(Key.REPORT_GRID, self.generation)


def see(frame: Frame, month: Month, wanted: ReportFilter, page: int) -> Seen:
    """Return the sheet the visitor works on; it is read again only when the question changes or after a save."""
    if frame.sealed is not None:
        # What is typed belongs to the live sheet, which is kept as it is while its visitor looks back.
        return Seen(None, reports.sheet(frame.actor, month, wanted, page), 0, {})
    seen: Seen | None = state.get(Key.REPORT_SEEN)
    question = (month, wanted, page)
    generation = seen.generation + 1 if seen else 0
    if seen is None or seen.question != question:
        seen = Seen(question, reports.sheet(frame.actor, month, wanted, page), generation, pending(month))
    elif seen.editor_key not in st.session_state:
        # The editor was away (another part of the screen was open) and comes back with what was typed before.
        seen = replace(seen, generation=generation, base=pending(month))
    state.put(Key.REPORT_SEEN, seen)
    return seen


def read_again() -> None:
    """Have the sheet read again, with a fresh editor over it."""
    seen: Seen | None = state.get(Key.REPORT_SEEN)
    if seen is not None:
        state.put(Key.REPORT_SEEN, replace(seen, question=None))


def absorb_edits() -> None:
    """
    Keep what the editor holds; called first on every run.

    The editor never reruns the script by itself. Whatever the visitor does next (send in, another month, a filter)
    brings its cells along, and they are kept before anything is drawn, so no way off the sheet loses them.
    """
    seen: Seen | None = state.get(Key.REPORT_SEEN)
    if seen is None or seen.question is None or seen.editor_key not in st.session_state:
        return
    edited = st.session_state[seen.editor_key]["edited_rows"]
    if edited:
        month = seen.question[0]
        kept = pending(month)
        merge_edits(seen.sheet.rows, edited, kept)
        keep(month, kept)


def pending(month: Month) -> dict[int, Pending]:
    """Return what was typed for *month* and not sent in, by project."""
    kept: dict[Month, dict[int, Pending]] = state.get(Key.REPORT_PENDING, {})
    return dict(kept.get(month, {}))


def keep(month: Month, values: Mapping[int, Pending]) -> None:
    """Replace what is pending for *month*."""
    state.put(Key.REPORT_PENDING, {**state.get(Key.REPORT_PENDING, {}), month: dict(values)})


def refusals(month: Month) -> dict[int, Refusal]:
    """Return the rows of *month* that were refused at the last save."""
    kept: dict[Month, dict[int, Refusal]] = state.get(Key.REPORT_REFUSED, {})
    return dict(kept.get(month, {}))


def keep_refusals(month: Month, values: Mapping[int, Refusal]) -> None:
    """Replace the refused rows of *month*."""
    state.put(Key.REPORT_REFUSED, {**state.get(Key.REPORT_REFUSED, {}), month: dict(values)})


def typed_of(report: StoredReport | None) -> TypedReport:
    """Return a stored report as it is typed; an open amount is blank, a zero is 0."""
    if report is None:
        return TypedReport()
    return TypedReport(
        wan_text(report.done_yuan),
        wan_text(report.reported_ytd_yuan),
        wan_text(report.statistics_yuan),
        report.physical_progress,
        report.difficulty,
        report.next_step,
    )


def frame_of(rows: Sequence[SheetRow], kept: Mapping[int, Pending], refused: Mapping[int, Refusal]) -> pd.DataFrame:
    """Return the sheet as the editor shows it: reference columns, typed cells, state, doubts and refusals."""
    typed = [kept[row.project.id].typed if row.project.id in kept else typed_of(row.report) for row in rows]
    # What is typed stands side by side, so that a block copied from a spreadsheet falls into place.
    columns: dict[str, list[str]] = {
        "项目": [row.project.name for row in rows],
        "状态": [_state_text(row, kept, refused) for row in rows],
        "请核实": [remarks(row, refused) for row in rows],
        "月计划": [format_wan(row.month_plan_yuan) for row in rows],
        "上月完成": [format_wan(row.previous_done_yuan) for row in rows],
        "年累计": [format_wan(row.ytd_done_yuan) for row in rows],
        **{label: [getattr(item, field) for item in typed] for label, field in FIELDS.items()},
    }
    return pd.DataFrame(columns, dtype="object")


def merge_edits(rows: Sequence[SheetRow], edited: Mapping[int, Mapping[str, object]], kept: dict[int, Pending]) -> None:
    """Add the editor's changed cells to *kept*; a row typed back to what is stored is no longer pending."""
    for index, cells in edited.items():
        row = rows[int(index)]
        stored = typed_of(row.report)
        before = kept.get(row.project.id) or Pending(stored, row.report.version if row.report else None)
        changes = {
            FIELDS[label]: "" if value is None else str(value) for label, value in cells.items() if label in FIELDS
        }
        typed = replace(before.typed, **changes)
        if typed == stored:
            kept.pop(row.project.id, None)
        else:
            kept[row.project.id] = replace(before, typed=typed)


def entries(rows: Sequence[SheetRow], kept: Mapping[int, Pending], *, with_drafts: bool) -> list[Entry]:
    """Return what is to be saved: everything typed, and on sending in also the filled drafts of this page."""
    found = [Entry(project_id, item.version, item.typed) for project_id, item in kept.items()]
    if with_drafts:
        found += [
            Entry(row.project.id, row.report.version, typed_of(row.report))
            for row in rows
            if row.report and row.status == "missing" and row.project.id not in kept
            if row.report.done_yuan is not None
        ]
    return found


def _state_text(row: SheetRow, kept: Mapping[int, Pending], refused: Mapping[int, Refusal]) -> str:
    if row.project.id in refused:
        return "未保存"
    if row.project.id in kept:
        return "待提交"
    if row.status == "missing" and row.report is not None:
        return "草稿"
    return row.status.label


def remarks(row: SheetRow, refused: Mapping[int, Refusal]) -> str:
    """Return what stands against a row: why it was not saved, why it was returned, its doubts."""
    if row.project.id in refused:
        return "；".join(problem.message for problem in refused[row.project.id].problems)
    returned = [f"退回原因：{row.report.return_reason}"] if row.report and row.report.return_reason else []
    return "；".join([*returned, *(doubt.message for doubt in row.doubts)])
