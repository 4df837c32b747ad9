"""The bare address: straight on to the first screen the visitor may open."""

import streamlit as st

from pages.components.page import page
from pages.navigation import home_of

with page("首页", None, full_screen=True, live=True) as frame:
    st.switch_page(f"pages/{home_of(frame.actor).script}")
