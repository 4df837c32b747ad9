"""One leader's page: figures, projects with what changed, promises with their clocks, the visits."""

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.services.matters import MatterCard
from core.services.process_facts import ProcessRow
from core.services.sponsors import LeaderView
from pages.components import evidence, markup
from pages.components.layout import ROW_PIXELS, table_height
from pages.components.matters import matter_box, matter_words
from pages.components.page import Frame, plain
from pages.components.sponsors import leader_words, paper_box, sponsor_box, visit_box
from pages.components.state import Key
from pages.components.supervision import reads

_VISITS_OPEN = 8
_PROMISES = ["事项", "项目", "主办单位", "状态", "办理期限", "剩余", "办理结果"]


def draw(frame: Frame, view: LeaderView) -> None:
    """Draw the page of *view*."""
    person = view.person
    about = " · ".join(part for part in (person.title, person.unit_name) if part)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {plain(person.name)}　:gray[{plain(about)}]" if about else f"### {plain(person.name)}")
        st.space("stretch")
        if frame.actor.can(Permission.RECORD_VISIT) and view.rows:
            st.button("登记调研", type="primary", on_click=visit_box.open_)
        paper_box.draw(frame, view)
        if frame.actor.can(Permission.EDIT_PROJECT):
            st.button("调整包保", on_click=sponsor_box.open_change)
    markup.show("sponsors/leader.html", tiles=leader_words.tiles(view), months=leader_words.months(view))
    st.caption(leader_words.rule(view.rules))
    if view.rows:
        cards = [leader_words.project_card(one, view.today) for one in view.rows]
        markup.show("sponsors/projects.html", cards=cards)
    else:
        st.info("目前没有包保项目。以往的调研和交办问题保留在下面。")
    _draw_promises(view.promises)
    _draw_visits(frame, view.visits)


def _draw_promises(promises: tuple[MatterCard, ...]) -> None:
    markup.show("sponsors/anchor.html", name="wr-promises")
    st.markdown("**现场交办的问题**")
    if not promises:
        st.caption("还没有现场交办的问题。")
        return
    rows = [
        (
            card.row.title,
            card.row.project_name,
            matter_words.owner(card.row),
            card.row.state.status.label,
            str(card.row.state.due_on or ""),
            matter_words.left_words(card.left),
            card.row.outcome_word,
        )
        for card in promises
    ]
    picked = st.dataframe(
        pd.DataFrame(rows, columns=_PROMISES),
        hide_index=True,
        width="stretch",
        height=table_height(len(rows)),
        row_height=ROW_PIXELS,
        on_select="rerun",
        selection_mode="single-row",
        key=Key.LEADER_PROMISES.value,
    )
    chosen = [promises[place].row for place in picked["selection"]["rows"] if place < len(promises)]
    if chosen:
        st.button("查看办理", on_click=matter_box.open_, args=(chosen[0].id,))


def _draw_visits(frame: Frame, visits: tuple[ProcessRow, ...]) -> None:
    st.markdown("**调研记录**")
    if not visits:
        st.caption("还没有调研记录。")
        return
    _draw_rows(frame, visits[:_VISITS_OPEN])
    if len(visits) > _VISITS_OPEN:
        with st.expander(f"更早的 {len(visits) - _VISITS_OPEN} 次"):
            _draw_rows(frame, visits[_VISITS_OPEN:])


def _draw_rows(frame: Frame, visits: tuple[ProcessRow, ...]) -> None:
    rows = [
        {
            "on": str(row.happened_on),
            "project": row.subject_name,
            "address": f"/project?id={row.project_id}",
            "who": f"{row.participants}　登记：{row.recorded_by}",
            "summary": row.summary,
        }
        for row in visits
    ]
    markup.show("sponsors/visits.html", rows=rows)
    with_files = tuple(row.id for row in visits if row.photos)
    if with_files:
        evidence.gallery(reads.evidence_of(frame, with_files))
