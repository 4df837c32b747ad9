"""攻坚·改革·惠民: the campaigns of a year, one campaign, and the reports of my tasks."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import campaigns
from pages.components import markup, state
from pages.components.campaigns import board, deploy_box, detail, report_grid, rules_box, task_box
from pages.components.page import Frame, page
from pages.components.project_filters import carried
from pages.components.state import Key

BOARD, REPORT, TASKS, RULES = "总览", "进展填报", "逾期与核验", "预警规则"
_BY_ADDRESS = {"tasks": TASKS, "report": REPORT}


def _leave() -> None:
    st.query_params.pop("id", None)


def _number(name: str) -> int | None:
    """Return a number of the address; what is none is ignored."""
    text = carried(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _follow_address() -> None:
    """Open what the address names besides the campaign, once: the next run belongs to the visitor."""
    view, campaign_id, task_id = carried("view"), _number("id"), _number("task")
    if view in _BY_ADDRESS:
        state.put(Key.CAMPAIGN_VIEW, _BY_ADDRESS[view])
    if campaign_id is not None and task_id is not None:
        task_box.open_(campaign_id, task_id)
    for name in ("view", "task"):
        st.query_params.pop(name, None)


def _draw_one(frame: Frame, campaign_id: int) -> None:
    st.button("返回总览", type="tertiary", icon=":material/arrow_back:", on_click=_leave)
    detail.draw(frame, campaigns.read_campaign(frame.actor, campaign_id))


def _draw_all(frame: Frame) -> None:
    found = campaigns.board(frame.actor, state.get(Key.CAMPAIGN_YEAR))
    views = [BOARD, TASKS]
    views += [REPORT] if frame.actor.can(Permission.UPDATE_TASK) else []
    views += [RULES] if frame.actor.can(Permission.MANAGE_RULES) else []
    if state.get(Key.CAMPAIGN_VIEW) not in (None, *views):
        state.put(Key.CAMPAIGN_VIEW, BOARD)
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = st.segmented_control(
            "视图",
            views,
            default=BOARD,
            required=True,
            label_visibility="collapsed",
            key=Key.CAMPAIGN_VIEW.value,
        )
        years = sorted({found.today.year, *found.years, found.year}, reverse=True)
        st.selectbox(
            "年度",
            years,
            years.index(found.year),
            format_func=lambda year: f"{year}年",
            label_visibility="collapsed",
            width=120,
            key=Key.CAMPAIGN_YEAR.value,
        )
        st.space("stretch")
        if frame.actor.can(Permission.MANAGE_CAMPAIGN):
            st.button("部署行动", type="primary", on_click=deploy_box.open_, args=(deploy_box.NEW,))
    if seen == REPORT:
        report_grid.draw(frame)
    elif seen == TASKS:
        board.draw_tasks(found, board.asked_week())
    elif seen == RULES:
        rules_box.draw(frame)
    else:
        board.draw(frame, found)


with page("攻坚·改革·惠民", Permission.VIEW_PROJECTS) as frame:
    markup.show("campaigns/style.html")
    _follow_address()
    asked = _number("id")
    if asked is not None:
        _draw_one(frame, asked)
    else:
        _draw_all(frame)
    # One panel at a time: the one that was asked for last.
    if not deploy_box.show(frame):
        task_box.show(frame)
