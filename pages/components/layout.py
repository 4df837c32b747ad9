"""Native containers in the look of the desk."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

PAGES_WIDTH = 360  # beside other elements a pagination left to itself shows one number only


def card(name: str, **options: Any) -> DeltaGenerator:
    """
    Return a white, bordered container.

    Args:
        name: Unique on the screen.
        options: Passed on to ``st.container``.
    """
    return st.container(border=True, key=f"card-{name}", **options)


ROW_PIXELS = 36
_MAX_TABLE_PIXELS = 640


def table_height(rows: int) -> int:
    """Return the height of a table of *rows*: all of them, or as many as fit below the filters of a screen."""
    return min(_MAX_TABLE_PIXELS, (rows + 1) * ROW_PIXELS + 3)
