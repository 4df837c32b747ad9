"""The web door. Imported by the server it is the ASGI application; run by a session it draws menu and screen."""

from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from pages import http, navigation
from pages.components import markup, page, sidebar, visitor
from pages.http.gate import Gate
from pages.navigation import PASSWORD


def render() -> None:
    """Let the visitor in or send them to the door, then run the screen behind the address."""
    visit = visitor.current()
    if visit is None:
        markup.desk_style()
        page.ask_to_sign_in()
        st.stop()
    address = st.context.url
    path = address.partition("://")[2].partition("/")[2].partition("?")[0] if isinstance(address, str) else ""
    position: Any = "hidden" if navigation.is_full_screen(path) else "sidebar"
    st.set_page_config(layout="wide")
    chosen = st.navigation(navigation.build(visit.actor), position=position, expanded=True)
    with visitor.known(visit):
        if not navigation.is_full_screen(chosen.url_path):
            sidebar.draw(visit.actor)
        if visit.must_change_password and chosen.url_path != PASSWORD.path:
            st.switch_page(f"pages/{PASSWORD.script}")
        chosen.run()


if __name__ == "__main__":
    try:
        render()
    except Exception as error:  # the last resort; a screen speaks for itself in its frame
        page.speak(error)
else:
    navigation.ignore_pages_folder()
    routes = http.routes()
    app = st.App(
        Path(__file__),
        routes=routes,
        middleware=[Middleware(Gate, routes=routes)],
        on_script_error=page.handle_script_error,
    )
