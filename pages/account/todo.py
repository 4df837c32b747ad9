"""待办: everything that waits for the reader, the longest overdue first; one click leads to where it is done."""

import streamlit as st

from core.domain.permissions import Permission
from core.domain.todo import TodoGroup, TodoKind
from core.services import todos
from pages.components import markup, state
from pages.components.desk import todo_words
from pages.components.layout import PAGES_WIDTH
from pages.components.page import page
from pages.components.state import Key

with page("待办", Permission.VIEW_PROJECTS, live=True) as frame:
    places = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    chosen_group = TodoGroup(state.get(Key.TODO_GROUP)) if state.get(Key.TODO_GROUP) else None
    chosen_kind = TodoKind(state.get(Key.TODO_KIND)) if state.get(Key.TODO_KIND) else None
    place = state.variant(Key.TODO_PAGE, chosen_group, chosen_kind)
    number = int(st.session_state.get(place) or 1)
    found = todos.page_of(frame.actor, chosen_kind, chosen_group, number)
    counts = found.counts
    with places:
        st.segmented_control(
            "期限",
            [group.value for group in TodoGroup if counts.of(group) or group is chosen_group],
            format_func=lambda code: f"{TodoGroup(code).label} {counts.of(TodoGroup(code))}",
            label_visibility="collapsed",
            key=Key.TODO_GROUP.value,
        )
        st.pills(
            "类别",
            [kind.value for kind in TodoKind if kind in found.by_kind or kind is chosen_kind],
            format_func=lambda code: (
                f"{TodoKind(code).label} {found.by_kind[TodoKind(code)].total}"
                if TodoKind(code) in found.by_kind
                else TodoKind(code).label
            ),
            label_visibility="collapsed",
            key=Key.TODO_KIND.value,
        )
    if not counts.total:
        st.info("没有待办事项。交给您办理、审核、审批的事项，到期和逾期的节点、月报会列在这里。")
    elif not found.items and number == 1:
        st.info("没有符合条件的待办事项。点已选中的条件可取消。")
    else:
        markup.show(
            "desk/todos.html",
            groups=todo_words.grouped(found.items, found.today),
            left=lambda todo: todo_words.left(todo, found.today),
        )
        pages = -(-found.total // todos.PAGE_SIZE)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"共 {found.total} 项，按期限先后排列；点事项名称直接办理。")
            st.space("stretch")
            if pages > 1:
                st.pagination(pages, key=place, width=PAGES_WIDTH)
