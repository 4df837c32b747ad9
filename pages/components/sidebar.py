"""Foot of the menu: who is signed in, in which role, and the way out."""

import streamlit as st

from core.domain.permissions import Actor
from pages.components import closed_months, markup


def draw(actor: Actor) -> None:
    """Draw the foot of the menu for *actor*."""
    roles = "、".join(role.label for role in sorted(actor.roles, key=lambda role: role.label))
    closed_months.draw(actor)
    with st.sidebar:
        markup.show("sidebar.html", name=actor.name, login=actor.login, roles=roles or "无角色")
