"""The only place that hands HTML to the browser. Everything in it comes from Jinja2 templates with autoescape.

Templates, style sheets and scripts are files under ``templates/``; data never becomes markup by string building.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pages.components import theme

TEMPLATES = Path(__file__).parent / "templates"


def _script_literal(value: object) -> Markup:
    """Return *value* as a JavaScript literal that cannot close the script it stands in."""
    text = json.dumps(value, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 - JSON with every markup character escaped


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the one template environment: autoescape for every file, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["script_literal"] = _script_literal
    made.globals["asset"] = lambda path: Markup(asset(path))  # noqa: S704 - a file of ours, no data in it
    made.globals["desk"] = theme.DESK
    made.globals["wall"] = theme.WALL
    made.globals["flag_mark"] = theme.flag_mark
    return made


def render(template: str, **context: Any) -> str:
    """Return *template* filled with *context*; every value is escaped."""
    return environment().get_template(template).render(**context)


def show(template: str, **context: Any) -> None:
    """Draw *template* in place; scripts in it are removed by the browser side."""
    st.html(render(template, **context))


@lru_cache(maxsize=32)
def asset(path: str) -> str:
    """Return the text of a style sheet or script under ``templates/``."""
    return (TEMPLATES / path).read_text(encoding="utf-8")


def desk_style() -> None:
    """Give the page the look of the desk, and Chinese words where Streamlit speaks English."""
    variables = theme.css_variables(theme.DESK, theme.DESK_FLAGS)
    st.html(f"<style>:root{{{variables}}}\n{asset('desk.css')}</style>")


def go_to(path: str) -> None:
    """Send the browser to *path* of this server, as a full load."""
    st.html(render("go_to.html", path=path), unsafe_allow_javascript=True)


def component(name: str, folder: str, *, isolate_styles: bool = True) -> Any:
    """
    Register a component made of ``<folder>/component.html``, ``.css`` and ``.js`` and return its mounting call.

    Call it once, at the top of a module. The files are fixed text; data reaches the component through the ``data``
    argument of the mounting call, as JSON or as HTML made by ``render``.
    """
    # A text without a line break would be taken for the path of a file.
    parts = {kind: f"{asset(f'{folder}/component.{kind}')}\n" for kind in ("html", "css", "js")}
    return st.components.v2.component(name, **parts, isolate_styles=isolate_styles)
