"""日历订阅: one's own feeds of open milestones, their addresses shown once, and the same as a file."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import feeds
from core.settings import get_settings
from db.queries.feeds import FeedRow
from db.queries.milestones import MilestoneFilter
from pages.components import state
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_ICS = "text/calendar"


def draw(frame: Frame, wanted: MilestoneFilter) -> None:
    """
    Draw the box for those who may export.

    Args:
        wanted: What the list beside it is narrowed to; the file is narrowed in the same way, a feed never is.
    """
    if not frame.actor.can(Permission.EXPORT):
        return
    secret = state.get(Key.FEED_HANDOVER)
    with st.expander("日历订阅", icon=":material/calendar_month:", expanded=bool(secret)):
        st.caption("把未完成节点订阅到手机或电脑日历，提前 7 天和 1 天提醒，随系统自动更新。地址即凭证，请勿转发。")
        if secret:
            _draw_address(str(secret))
        if frame.actor.user_id is not None:
            _draw_form(frame)
            for row in feeds.list_own(frame.actor):
                _draw_feed(frame, row)
        st.download_button(
            "下载日历文件（.ics）",
            frame.later(lambda: feeds.download(frame.actor, wanted).content),
            file_name=f"{get_settings().city_name}节点日历-{frame.version.stamp}.ics",
            mime=_ICS,
            icon=":material/download:",
            on_click="ignore",
            help="只含当前筛选的未完成节点；不会自动更新。",
            key=Key.FEED_DOWNLOAD.value,
        )


def _draw_address(key: str) -> None:
    st.markdown("在日历软件中选“通过网址订阅”，粘贴下面的地址。**地址只显示这一次。**")
    st.code(feeds.address_of(key), language=None, wrap_lines=True)
    if st.button("已复制，关闭", key=Key.FEED_CLOSE.value):
        state.take(Key.FEED_HANDOVER)
        st.rerun()


def _draw_form(frame: Frame) -> None:
    with st.form(Key.FEED_FORM.value, clear_on_submit=True, border=False):
        name, send = st.columns([2, 1], vertical_alignment="bottom")
        label = name.text_input("订阅用途", max_chars=60, placeholder="如 我的手机")
        is_sent = send.form_submit_button("生成地址", width="stretch")
    if is_sent:
        with telling():
            state.put(Key.FEED_HANDOVER, feeds.create(frame.actor, label).key)
            st.rerun()


def _draw_feed(frame: Frame, row: FeedRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{plain(row.label)} · {local(row.created_at)}", width="stretch")
        if st.button("停用", key=state.variant(Key.FEED_REVOKE, row.id)):
            with telling():
                feeds.revoke(frame.actor, row.id, row.version)
                notify(f"订阅“{row.label}”已停用，日历软件将不再更新。")
                st.rerun()
