"""Native containers in the look of the desk."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def card(name: str, **options: Any) -> DeltaGenerator:
    """
    Return a white, bordered container.

    Args:
        name: Unique on the screen.
        options: Passed on to ``st.container``.
    """
    return st.container(border=True, key=f"card-{name}", **options)
