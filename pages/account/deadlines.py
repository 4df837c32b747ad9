"""到期一览: everything that falls due in the reader's scope, whoever owes it; the rows behind the wall's scene 到期."""

from datetime import date

import streamlit as st

from core.domain.permissions import Permission
from core.domain.todo import TodoGroup, TodoKind
from core.services import deadlines
from db.queries.deadlines import GROUPS, NO_TEAM, DueFilter
from pages.components import markup, state
from pages.components.desk import todo_words
from pages.components.layout import PAGES_WIDTH
from pages.components.page import page
from pages.components.project_query import values
from pages.components.state import Key


def _preset(name: str, known: list[str]) -> str | None:
    """Return what the address asks for under *name*, if it is one of *known*."""
    return next((word for word in values(st.query_params, name) if word in known), None)


def _day() -> date | None:
    try:
        return date.fromisoformat(st.query_params.get("on", ""))
    except ValueError:
        return None


with page("到期一览", Permission.VIEW_PROJECTS) as frame:
    teams = {**deadlines.teams(frame.actor), NO_TEAM: "未归口指挥部"}
    asked = tuple(st.query_params.get(name, "") for name in ("group", "kind", "hq", "on"))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        group = st.segmented_control(
            "期限",
            [one.value for one in GROUPS],
            default=_preset("group", [one.value for one in GROUPS]),
            format_func=lambda code: TodoGroup(code).label,
            label_visibility="collapsed",
            key=state.variant(Key.DUE_GROUP, *asked),
        )
        kind = st.pills(
            "类别",
            [one.value for one in deadlines.KINDS],
            default=_preset("kind", [one.value for one in deadlines.KINDS]),
            format_func=lambda code: TodoKind(code).label,
            label_visibility="collapsed",
            key=state.variant(Key.DUE_KIND, *asked),
        )
        hq = _preset("hq", [str(key) for key in teams])
        keys = [None, *teams]
        team = st.selectbox(
            "指挥部",
            keys,
            index=keys.index(int(hq)) if hq is not None else 0,
            format_func=lambda key: "全部指挥部" if key is None else teams[key],
            label_visibility="collapsed",
            width=260,
            key=state.variant(Key.DUE_TEAM, *asked),
        )
        on = _day()
        if on is not None:
            st.button(f"{on} 到期 ✕", on_click=st.query_params.pop, args=("on",), help="取消只看这一天")
    wanted = DueFilter(TodoKind(kind) if kind else None, TodoGroup(group) if group else None, on, team)
    place = state.variant(Key.DUE_PAGE, *asked, kind, group, team)
    number = int(st.session_state.get(place) or 1)
    found = deadlines.find(frame.actor, wanted, number)
    if not found.items and number == 1:
        st.info("没有符合条件的到期事项。这里列出所辖范围内逾期和 7 天内到期的节点、清单事项、整改。")
    else:
        markup.show(
            "desk/todos.html",
            groups=todo_words.grouped(found.items, found.today),
            left=lambda todo: todo_words.left(todo, found.today),
        )
        pages = -(-found.total // deadlines.PAGE_SIZE)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"共 {found.total} 项，不分由谁办理；点事项名称查看。")
            st.space("stretch")
            if pages > 1:
                st.pagination(pages, key=place, width=PAGES_WIDTH)
