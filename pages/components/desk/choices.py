"""The county and headquarters a list is narrowed to; offered only where the actor sees more than one."""

import streamlit as st

from core.domain.permissions import Actor
from core.services import projects
from db.queries.ledger_choices import LedgerChoices
from pages.components.cached import cached_view
from pages.components.page import Frame
from pages.components.state import Key


@cached_view()
def _load(actor: Actor) -> LedgerChoices:
    return projects.choices(actor)


def ask_owner(frame: Frame, county_key: Key, headquarters_key: Key) -> tuple[int | None, int | None]:
    """Return the chosen county and headquarters, None = all."""
    choices = _load(frame)
    return (
        _ask("县区", choices.counties, county_key, "全部县区"),
        _ask("指挥部", choices.headquarters, headquarters_key, "全部指挥部"),
    )


def _ask(label: str, options: tuple[tuple[int, str], ...], key: Key, all_label: str) -> int | None:
    if len(options) < 2:
        return None
    names = dict(options)
    return st.selectbox(
        label,
        list(names),
        index=None,
        format_func=lambda number: names[number],
        placeholder=all_label,
        label_visibility="collapsed",
        key=key.value,
        width=150,
    )
