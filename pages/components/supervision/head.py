"""The head of a round: which one, where it stands, how many subjects stand at which level."""

from typing import Any

import streamlit as st

from core.domain.supervision_terms import RoundStatus, SubjectKind
from core.services.rounds import RoundRow, RoundView
from pages.components import markup, state
from pages.components.moments import local
from pages.components.page import Frame
from pages.components.project_filters import carried
from pages.components.state import Key
from pages.components.supervision import reads, words

# Kinds that a round judges, in the order of the tabs.
KINDS = (
    SubjectKind.PROJECT,
    SubjectKind.COUNTY,
    SubjectKind.HEADQUARTERS,
    SubjectKind.UNIT,
    SubjectKind.CAMPAIGN,
)


def choose_round(known: tuple[RoundRow, ...]) -> RoundRow:
    """Draw the choice of a round, the one of the address or the latest first, and return it."""
    by_id = {row.id: row for row in known}
    wanted = carried("round")
    asked = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else None
    if state.get(Key.ROUND_CHOSEN) not in by_id or asked not in (None, state.get(Key.ROUND_SEEN)):
        state.put(Key.ROUND_CHOSEN, asked if asked in by_id else known[0].id)
    chosen = st.selectbox(
        "督查轮次",
        list(by_id),
        key=Key.ROUND_CHOSEN.value,
        format_func=lambda number: words.choice(by_id[number]),
        label_visibility="collapsed",
        width=400,
    )
    if str(chosen) != wanted:
        st.query_params["round"] = str(chosen)
    state.put(Key.ROUND_SEEN, chosen)
    return by_id[chosen]


def draw_round(view: RoundView) -> None:
    """Draw title, period and the steps of a round."""
    row = view.row
    parts = [f"{row.window.label}", f"截至 {row.window.cut_off_on}"]
    if row.computed_at is not None:
        parts.append(f"测算于 {local(row.computed_at)}")
    if row.supersede_reason:
        parts.append(f"更正原因：{row.supersede_reason}")
    markup.show("supervision/head.html", title=row.title, about=" · ".join(parts), steps=_steps(row))


def _steps(row: RoundRow) -> list[dict[str, Any]]:
    last = RoundStatus.SUPERSEDED if row.status is RoundStatus.SUPERSEDED else RoundStatus.PUBLISHED
    order = (RoundStatus.DRAFT, RoundStatus.REVIEWED, last)
    stands = order.index(row.status)
    notes = (row.created_at, row.reviewed_at, row.published_at)
    return [
        {
            "label": status.label,
            "state": "now" if number == stands and not row.is_frozen else "done" if number <= stands else "todo",
            "note": local(at)[5:] if at is not None and number <= stands else "",
        }
        for number, (status, at) in enumerate(zip(order, notes, strict=True))
    ]


def choose_kind(view: RoundView) -> SubjectKind:
    """Draw the tabs by kind of subject and return the chosen one."""
    kinds = [kind for kind in KINDS if kind is SubjectKind.PROJECT or view.counts.get(kind)]
    if state.get(Key.ROUND_KIND) not in kinds:
        state.put(Key.ROUND_KIND, SubjectKind.PROJECT)
    chosen = st.segmented_control(
        "对象",
        kinds,
        key=Key.ROUND_KIND.value,
        format_func=lambda kind: f"{kind.label} {sum(view.counts.get(kind, {}).values())}",
        label_visibility="collapsed",
        required=True,
    )
    return SubjectKind(chosen) if chosen else SubjectKind.PROJECT


def draw_counts(frame: Frame, view: RoundView, kind: SubjectKind) -> None:
    """Draw how many subjects of *kind* stand at which level, and from where they came."""
    before = None
    if view.previous is not None:
        before = reads.one_round(frame, view.previous.id).counts.get(kind, {})
    markup.show(
        "supervision/counts.html",
        counts=words.counts(view.counts.get(kind, {}), before),
        flow=words.flow(move for move in view.movements if move.kind is kind) if view.previous else (),
    )
