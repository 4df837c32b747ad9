"""数据时点: a screen shows the live store, or a closed month as it was sealed; the choice belongs to the session."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.domain.errors import Invalid, Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission
from core.services import closing
from db import session as stores
from pages.components import state
from pages.components.moments import local
from pages.components.state import Key

LIVE = ""


def month_of(text: str) -> Month | None:
    """
    Return the month written in an address, None for an empty text.

    Raises:
        Invalid: It is no month.
    """
    if not text:
        return None
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Invalid([Problem("month", "format", "月份请写成 YYYY-MM，如 2026-09。")]) from error


@contextmanager
def seeing(month: Month | None) -> Iterator[None]:
    """Have the block read a closed month, or with None the live store."""
    with stores.seeing(closing.sealed_store(month)) if month else nullcontext():
        yield


def chosen() -> Month | None:
    """Return the closed month this session looks at on the present screen; None = live."""
    if get_script_run_ctx(suppress_warning=True) is None or state.get(Key.AS_OF_LIVE_SCREEN):
        return None
    text = state.get(Key.AS_OF_MONTH, LIVE)
    return Month.parse(text) if text else None


def choose_store() -> stores.Store | None:
    """Return the store of ``chosen()``; asked by every read."""
    month = chosen()
    return closing.sealed_store(month) if month else None


def enter(*, live: bool) -> None:
    """Note whether the screen that begins always shows live data (administration does)."""
    state.put(Key.AS_OF_LIVE_SCREEN, live)


def draw(actor: Actor) -> None:
    """Draw the choice in the menu, once there is a closed month to choose."""
    if not actor.can(Permission.VIEW_PROJECTS):
        return
    closed = {str(row.month): row for row in closing.closed_months(actor)}
    if not closed:
        return
    with st.sidebar:
        st.selectbox(
            "数据时点",
            [LIVE, *closed],
            key=Key.AS_OF_MONTH.value,
            format_func=lambda text: f"{closed[text].month.label}（月结）" if text else "实时",
        )


def draw_banner(actor: Actor) -> None:
    """Say above the screen that a closed month is shown, and offer the way back."""
    month = chosen()
    if month is None:
        return
    row = next(row for row in closing.closed_months(actor) if row.month == month)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"正在查看 {month.label} 封存数据：截至 {row.figures_on}，{local(row.closed_at)} 月结，"
            f"校验值 {row.sha256[:12]}。只能查看，不能修改。",
            width="stretch",
        )
        st.button("返回实时", on_click=state.put, args=(Key.AS_OF_MONTH, LIVE))


stores.let_screens_choose(choose_store)
