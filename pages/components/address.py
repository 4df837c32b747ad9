"""What the address of a screen asks for, once: a link from a list or a mail opens a row, a reload does not again."""

import streamlit as st

_MOST_DIGITS = 15


def take_id(name: str) -> int | None:
    """Return the row id that the address names under *name* and take it out of the address; None without one."""
    text = st.query_params.get(name, "")
    if not text:
        return None
    st.query_params.pop(name, None)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
