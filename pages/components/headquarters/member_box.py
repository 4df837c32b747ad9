"""成员名单: a grid to type or paste into; terms that end are named in time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.headquarters import Post, presence
from core.domain.headquarters_checks import MAX_LINE, MAX_NAME, MAX_PHONE
from core.services import headquarters as service
from core.services.headquarters import Headquarters, MemberDraft, MemberRow
from pages.components import state
from pages.components.headquarters import words
from pages.components.layout import ROW_PIXELS, card, table_height
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_POSTS = {post.label: post for post in Post}
_COLUMNS = ["姓名", "职务", "原单位", "电话", "到岗", "期满", "说明", "在岗情况"]


def draw(frame: Frame, one: Headquarters) -> None:
    """Draw the members."""
    with card("hq-members"):
        ending = f"，{one.card.ending} 人即将期满" if one.card.ending else ""
        st.markdown(f"**成员名单**　在岗 {one.card.members} 人{ending}")
        if not one.may_manage:
            _draw_table(one)
            return
        seen = _seen(one)
        typed = _draw_grid(one, seen)
        drafts = drafts_of(seen, typed)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("保存成员名单", type="primary", disabled=not drafts):
                _save(frame, one, drafts)
            if seen != one.members:
                st.caption("名单刚刚被他人修改。您填写的内容还在；请先抄下，再载入最新名单。")
                if st.button("载入最新名单"):
                    _forget(one)
                    st.rerun()
            else:
                st.caption("在末行直接填写或从 Excel 粘贴；成员离岗请填“期满”，不删除记录。")


def _draw_table(one: Headquarters) -> None:
    if one.members:
        st.dataframe(_frame(one.members, one.today), hide_index=True, width="stretch", placeholder="")
    else:
        st.caption("还没有登记成员。")


def _seen(one: Headquarters) -> tuple[MemberRow, ...]:
    """Return the rows the visitor began to edit: what others save meanwhile must not slip under the typed cells."""
    kept: tuple[int, tuple[MemberRow, ...]] | None = state.get(Key.HQ_MEMBERS_SEEN)
    untouched = not st.session_state.get(_key(one), {}).get("edited_rows") and not st.session_state.get(
        _key(one), {}
    ).get("added_rows")
    if kept is None or kept[0] != one.card.row.id or untouched:
        kept = (one.card.row.id, one.members)
        state.put(Key.HQ_MEMBERS_SEEN, kept)
    return kept[1]


def _key(one: Headquarters) -> str:
    return state.variant(Key.HQ_MEMBERS, one.card.row.id)


def _forget(one: Headquarters) -> None:
    state.take(Key.HQ_MEMBERS_SEEN)
    st.session_state.pop(_key(one), None)


def _draw_grid(one: Headquarters, seen: tuple[MemberRow, ...]) -> pd.DataFrame:
    text, day = st.column_config.TextColumn, st.column_config.DateColumn
    return st.data_editor(
        _frame(seen, one.today),
        key=_key(one),
        num_rows="add",
        hide_index=True,
        width="stretch",
        height=table_height(len(seen) + 2),
        row_height=ROW_PIXELS,
        disabled=["在岗情况"],
        placeholder="",
        column_config={
            "姓名": text(max_chars=MAX_NAME, required=True),
            "职务": st.column_config.SelectboxColumn(options=list(_POSTS), required=True, default=Post.SECONDED.label),
            "原单位": text(max_chars=MAX_LINE),
            "电话": text(max_chars=MAX_PHONE),
            "到岗": day(format="YYYY-MM-DD"),
            "期满": day(format="YYYY-MM-DD"),
            "说明": text(max_chars=MAX_LINE),
        },
    )


def _frame(rows: tuple[MemberRow, ...], today: date) -> pd.DataFrame:
    cells = [
        (
            row.name, row.post.label, row.origin, row.phone, row.from_on, row.to_on, row.note,
            words.PRESENCE_MARKS[presence(row.from_on, row.to_on, today)],
        )
        for row in rows
    ]  # fmt: skip
    table = pd.DataFrame(cells, columns=_COLUMNS)
    for column in ("到岗", "期满"):
        table[column] = pd.to_datetime(table[column])
    for column in ("姓名", "职务", "原单位", "电话", "说明", "在岗情况"):
        table[column] = table[column].astype("object")
    return table


def drafts_of(seen: tuple[MemberRow, ...], typed: pd.DataFrame) -> list[MemberDraft]:
    """Return what was typed: new rows, and old ones of which a cell differs; empty rows are left out."""
    drafts = []
    for number, cells in enumerate(typed.to_dict("records")):
        before = seen[number] if number < len(seen) else None
        draft = _draft(cells, before)
        if before is None:
            if draft.name:
                drafts.append(draft)
        elif draft != _draft_of(before):
            drafts.append(draft)
    return drafts


def _draft(cells: Mapping[Any, Any], before: MemberRow | None) -> MemberDraft:
    return MemberDraft(
        name=_text(cells["姓名"]),
        post=_POSTS.get(_text(cells["职务"]), Post.SECONDED),
        origin=_text(cells["原单位"]),
        phone=_text(cells["电话"]),
        from_on=_day(cells["到岗"]),
        to_on=_day(cells["期满"]),
        note=_text(cells["说明"]),
        id=before.id if before else None,
        version=before.version if before else None,
    )


def _draft_of(row: MemberRow) -> MemberDraft:
    return MemberDraft(row.name, row.post, row.origin, row.phone, row.from_on, row.to_on, row.note, row.id, row.version)


def _text(cell: Any) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell).strip()


def _day(cell: Any) -> date | None:
    return None if cell is None or pd.isna(cell) else pd.Timestamp(cell).date()


def _save(frame: Frame, one: Headquarters, drafts: list[MemberDraft]) -> None:
    with telling():
        count = service.save_members(frame.actor, one.card.row.id, drafts)
        _forget(one)
        notify(f"已保存成员 {count} 人。")
        st.rerun()
