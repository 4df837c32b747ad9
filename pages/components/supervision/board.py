"""The flags of a round as lanes by level; a card opens its subject. Only the first cards of each lane are drawn."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.services.rounds import DecisionFilter, DecisionRow, RoundView
from pages.components import markup, state
from pages.components.page import Frame, plain
from pages.components.state import Key
from pages.components.supervision import reads, words
from pages.components.supervision.words import LevelGroup

CARDS = 8


def draw(frame: Frame, view: RoundView, wanted: DecisionFilter) -> None:
    """Draw the lanes of the levels asked for, worst first; an empty lane says so."""
    lanes = [group for group in words.groups() if not wanted.levels or set(group.levels) & set(wanted.levels)]
    for group, column in zip(lanes, st.columns(len(lanes), gap="small"), strict=True):
        with column:
            _draw_lane(frame, view, group, wanted)


def _draw_lane(frame: Frame, view: RoundView, group: LevelGroup, wanted: DecisionFilter) -> None:
    levels = tuple(level for level in group.levels if not wanted.levels or level in wanted.levels)
    found = reads.flags(frame, view.row.id, replace(wanted, levels=levels, limit=CARDS, offset=0))
    markup.show(
        "supervision/lane.html", mark=group.mark, word=group.word, total=found.total, shown=min(CARDS, found.total)
    )
    if not found.rows:
        st.caption("没有")
    for item in found.rows:
        _draw_card(item, found.rows, is_first=view.previous is None)


def _draw_card(item: DecisionRow, lane: Sequence[DecisionRow], *, is_first: bool) -> None:
    facts = item.facts
    with st.container(border=True, key=state.variant(Key.ROUND_CARD, item.kind.value, item.subject_id)):
        if st.button(
            plain(item.name),
            key=state.variant(Key.ROUND_OPEN, item.kind.value, item.subject_id),
            type="tertiary",
            width="stretch",
        ):
            open_subject(item, lane)
        markup.show(
            "supervision/card.html",
            reasons="；".join(item.reasons),
            who=" · ".join(
                part for part in (facts.county, facts.unit or facts.headquarters) if part and part != item.name
            ),
            change="" if is_first else words.change(item.previous_level, item.level),
            streak=words.streak(item.streak),
            override=item.override_status.label if item.override_status else "",
        )


def open_subject(item: DecisionRow, among: Sequence[DecisionRow]) -> None:
    """Have the drawer of *item* drawn in this run; its arrows lead through *among*."""
    state.put(Key.ROUND_SUBJECT, (item.kind, item.subject_id))
    state.put(Key.ROUND_AMONG, tuple((row.kind, row.subject_id) for row in among))
