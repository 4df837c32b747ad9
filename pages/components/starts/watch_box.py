"""One watch list: who is on it, why, who owns it until when; owners, deadlines and measures are typed in the table."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.errors import Conflict
from core.domain.permissions import Permission
from core.domain.start_terms import WatchList
from core.domain.watch_lists import reason_of
from core.services import starts
from core.services.starts import ItemEdit, OwnerChoices, WatchCounts, WatchFilter, WatchPage, WatchRow
from pages.components import state
from pages.components.layout import PAGES_WIDTH, ROW_PIXELS, table_height
from pages.components.page import Frame, notify, telling
from pages.components.starts import head, marks, reads
from pages.components.state import Key

_OPEN, _OVERDUE, _LEFT = "在列", "超期未整改", "已移出"
_UNIT, _PERSON, _DUE, _MEASURES = "责任单位", "责任人", "期限", "整改措施"


@dataclass(frozen=True, slots=True)
class _Seen:
    """
    The rows under the table as they were read, so that a save is held against what the visitor saw.

    Attributes:
        question: What they were read for; None = outdated.
        generation: Counts the editors that were laid over them.
    """

    question: tuple[WatchFilter, int] | None
    found: WatchPage
    generation: int

    @property
    def key(self) -> str:
        return state.variant(Key.START_GRID, self.generation)


def draw(frame: Frame, kind: WatchList) -> None:
    """Draw the list of *kind*."""
    text, county_id, (which,) = head.ask_text_and_county(kind.value, frame, [3, 2, 3])
    choice = which.segmented_control(
        "范围",
        [_OPEN, _OVERDUE, _LEFT],
        default=_OPEN,
        required=True,
        label_visibility="collapsed",
        key=state.variant(Key.START_FILTER, kind.value, "which"),
    )
    wanted = WatchFilter(kind, county_id=county_id, text=text, is_open=choice != _LEFT)
    if choice == _OVERDUE:
        wanted = replace(wanted, overdue_on=frame.version.on)
    seen = _see(frame, wanted)
    _draw_line(frame, kind, seen.found.counts[kind], wanted)
    if not seen.found.rows:
        st.info(_empty(choice, seen.found.counts[kind]))
    elif frame.actor.can(Permission.EDIT_PROJECT) and wanted.is_open:
        _draw_editor(frame, seen)
    else:
        st.dataframe(
            _styled(_table(seen.found, reads.owners(frame))),
            hide_index=True,
            placeholder="",
            width="stretch",
            height=table_height(len(seen.found.rows)),
            row_height=ROW_PIXELS,
            column_config=_columns(None, left=not wanted.is_open),
        )
    pages = -(-seen.found.total // starts.PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key=state.variant(Key.START_PAGE, hash(wanted)), width=PAGES_WIDTH)


def _empty(choice: str | None, counts: WatchCounts) -> str:
    if choice == _OPEN and not counts.open:
        return "清单中没有项目。如数据有更新，可点“更新清单”按规则重新生成。"
    return "没有符合条件的项目。"


def _see(frame: Frame, wanted: WatchFilter) -> _Seen:
    """Return the rows the visitor works on: read again unless something is typed over them."""
    page = int(st.session_state.get(state.variant(Key.START_PAGE, hash(wanted)), 1))
    seen: _Seen | None = state.get(Key.START_SEEN)
    if seen is not None and seen.question == (wanted, page) and _edited(seen) and frame.sealed is None:
        return seen
    generation = seen.generation + 1 if seen else 0
    found = reads.items(frame, wanted, page)
    if seen is not None and seen.question == (wanted, page) and seen.found == found:
        return seen
    seen = _Seen((wanted, page), found, generation)
    if frame.sealed is None:
        state.put(Key.START_SEEN, seen)
    return seen


def _read_again(seen: _Seen) -> None:
    """Have the rows read again, with a fresh editor over them."""
    state.put(Key.START_SEEN, replace(seen, question=None))


def _edited(seen: _Seen) -> dict[int, dict[str, Any]]:
    """Return what is typed into the table and not saved, by row."""
    held: dict[str, dict[int, dict[str, Any]]] = st.session_state.get(seen.key) or {}
    return held.get("edited_rows", {})


def _draw_line(frame: Frame, kind: WatchList, counts: WatchCounts, wanted: WatchFilter) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        late = f"，其中超期 {counts.overdue} 项" if counts.overdue else ""
        blank = f"，未填措施 {counts.unanswered} 项" if counts.unanswered else ""
        st.caption(f"在列 {counts.open} 项{late}{blank}；本年列入 {counts.entered} 次，移出 {counts.left} 次。")
        st.space("stretch")
        _draw_refresh(frame)
        head.draw_download(frame, kind.value, lambda: starts.export_watch(frame.actor, wanted), kind.label)


def _draw_refresh(frame: Frame) -> None:
    if not frame.actor.can(Permission.EDIT_PROJECT):
        return
    change = reads.pending(frame)
    parts = [
        f"{word} {count}"
        for word, count in (("列入", change.entered), ("移出", change.left), ("依据变化", change.regrounded))
        if count
    ]
    if st.button(
        f"更新清单（{'，'.join(parts)}）" if parts else "清单已是最新",
        disabled=not parts,
        type="primary" if parts else "secondary",
        help="三张清单按规则一并更新；责任人、期限和措施保持不变",
    ):
        with telling():
            done = starts.refresh(frame.actor)
            notify(f"清单已更新：列入 {done.entered} 项，移出 {done.left} 项。")
            st.rerun()


def _table(found: WatchPage, owners: OwnerChoices) -> pd.DataFrame:
    units, people = dict(owners.units), dict(owners.people)
    rows = [
        {
            "项目": f"{head.project_address(row.project_id)}#{row.project_name}",
            "县区": row.county_name,
            "列入依据": reason_of(row.hits) or row.entered_reason,
            "目前": _now(row, found.today),
            _DUE: row.due_on,
            "剩余": marks.days_between(row.due_on, found.today) if row.left_on is None else "",
            _UNIT: units.get(row.owner_unit_id or 0, row.owner_unit_name) or None,
            _PERSON: people.get(row.owner_person_id or 0, row.owner_person_name) or None,
            _MEASURES: row.measures,
            "列入日期": marks.day(row.entered_on),
            "移出日期": marks.day(row.left_on),
            "移出原因": row.left_reason,
        }
        for row in found.rows
    ]
    return pd.DataFrame(rows)


def _now(row: WatchRow, today: date) -> str:
    """Return the figure as it is now, beside the one of the day the project was listed."""
    if row.kind is WatchList.NOT_STARTED and row.start_planned_on is not None:
        months = (today.year - row.start_planned_on.year) * 12 + today.month - row.start_planned_on.month
        return f"已过 {max(months, 0)} 个月"
    if row.gap_milli_pp is None:
        return "—"
    return f"差 {row.gap_milli_pp / 1000:+.1f} 百分点"


def _styled(table: pd.DataFrame) -> Any:
    return marks.styled(table, ["剩余"])


def _columns(owners: OwnerChoices | None, *, left: bool = False) -> dict[str, Any]:
    config = st.column_config
    unit, person = config.TextColumn(_UNIT, width=126), config.TextColumn(_PERSON, width=96)
    if owners is not None:
        unit = config.SelectboxColumn(_UNIT, options=[label for _, label in owners.units], width=126)
        person = config.SelectboxColumn(_PERSON, options=[label for _, label in owners.people], width=96)
    hidden = {} if left else {"移出日期": None, "移出原因": None}
    shown = {"剩余": None} if left else {}
    return {
        "项目": config.LinkColumn("项目", display_text=r"#(.*)$", width=176),
        "县区": config.TextColumn("县区", width=62),
        "列入依据": config.TextColumn("列入依据", width=220),
        "目前": config.TextColumn("目前", width=112, help="现在的数值；列入依据是列入时的数值"),
        _DUE: config.DateColumn(_DUE, format="YYYY-MM-DD", width=94),
        "剩余": config.TextColumn("剩余", width=86),
        _UNIT: unit,
        _PERSON: person,
        _MEASURES: config.TextColumn(_MEASURES, width=200, max_chars=1000),
        "列入日期": config.TextColumn("列入日期", width=92),
        **hidden,
        **shown,
    }


def _draw_editor(frame: Frame, seen: _Seen) -> None:
    owners = reads.owners(frame)
    editable = (_UNIT, _PERSON, _DUE, _MEASURES)
    table = _table(seen.found, owners)
    st.data_editor(
        _styled(table),
        key=seen.key,
        hide_index=True,
        placeholder="",
        width="stretch",
        height=table_height(len(seen.found.rows)),
        row_height=ROW_PIXELS,
        num_rows="fixed",
        disabled=[name for name in table.columns if name not in editable],
        column_config=_columns(owners),
    )
    edited = _edited(seen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"保存 {len(edited)} 行" if edited else "保存", type="primary", disabled=not edited):
            with telling():
                _save(
                    frame, seen, [_edit(seen.found.rows[int(place)], cells, owners) for place, cells in edited.items()]
                )
        if edited and st.button("放弃修改", type="tertiary"):
            _read_again(seen)
            st.rerun()
        st.caption("责任单位、责任人、期限、整改措施可直接在表中填写或从 Excel 粘贴，填完点“保存”。")


def _edit(row: WatchRow, cells: dict[str, Any], owners: OwnerChoices) -> ItemEdit:
    edit = ItemEdit.of(row)
    units = {label: key for key, label in owners.units}
    people = {label: key for key, label in owners.people}
    if _UNIT in cells:
        edit = replace(edit, owner_unit_id=units.get(cells[_UNIT] or ""))
    if _PERSON in cells:
        edit = replace(edit, owner_person_id=people.get(cells[_PERSON] or ""))
    if _DUE in cells:
        edit = replace(edit, due_on=date.fromisoformat(cells[_DUE][:10]) if cells[_DUE] else None)
    if _MEASURES in cells:
        edit = replace(edit, measures=cells[_MEASURES] or "")
    return edit


def _save(frame: Frame, seen: _Seen, edits: list[ItemEdit]) -> None:
    try:
        count = starts.save_items(frame.actor, edits)
    except Conflict:
        st.warning("有一行刚刚被他人修改，您的内容尚未保存，仍保留在表中。请点“放弃修改”查看最新内容后重新填写。")
        return
    _read_again(seen)
    notify(f"已保存 {count} 项。")
    st.rerun()
