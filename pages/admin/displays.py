"""大屏密钥: read-only keys of wall displays. A key is shown once; afterwards only its hash is known."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import displays, feeds
from core.settings import get_settings
from pages.components import state
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import notify, page, telling
from pages.components.state import Key

_NOTE = "大屏凭密钥只读打开，无需登录、不会超时；一屏一钥，可绑定 IP 地址，随时可吊销。"
_WIDTHS = [3, 2, 2, 2, 1]

with page("大屏密钥", Permission.MANAGE_DISPLAYS, note=_NOTE, live=True) as frame:
    secret = state.get(Key.DISPLAY_HANDOVER)
    if secret:
        with card("new_address"):
            st.markdown("请在大屏的浏览器中打开下面的地址。地址只显示这一次，打开后密钥自动从地址栏隐去。")
            st.code(f"{get_settings().address}/wall?key={secret}", language=None)
            if st.button("已打开，关闭"):
                state.take(Key.DISPLAY_HANDOVER)
                st.rerun()

    with st.form("new_key", clear_on_submit=True):
        place, address, send = st.columns([3, 2, 1], vertical_alignment="bottom")
        label = place.text_input("大屏位置", max_chars=60, placeholder="如 指挥中心一楼大厅")
        bound = address.text_input("绑定 IP 地址（可不填）", max_chars=45, placeholder="如 10.1.2.3")
        is_sent = send.form_submit_button("生成密钥", type="primary", width="stretch")
    if is_sent:
        with telling():
            state.put(Key.DISPLAY_HANDOVER, displays.create(frame.actor, label, bound).key)
            st.rerun()

    keys = displays.list_keys(frame.actor)
    if not keys:
        st.info("还没有大屏密钥。填写大屏位置，点“生成密钥”，再用所给地址在大屏上打开。")
    else:
        with card("keys"):
            for column, word in zip(st.columns(_WIDTHS), ("位置", "绑定地址", "生成时间", "状态", ""), strict=True):
                column.caption(word)
            for row in keys:
                cells = st.columns(_WIDTHS, vertical_alignment="center")
                cells[0].text(f"{row.label}（演示）" if row.is_demo else row.label)
                cells[1].text(row.bound_address or "不限")
                cells[2].text(local(row.created_at))
                cells[3].text(f"已吊销 {local(row.revoked_at)}" if row.revoked_at else "有效")
                if not row.revoked_at and cells[4].button("吊销", key=f"revoke_{row.id}", width="stretch"):
                    with telling():
                        displays.revoke(frame.actor, row.id, row.version)
                        notify(f"大屏“{row.label}”的密钥已吊销，该屏将停止显示。")
                        st.rerun()

    subscriptions = feeds.list_all(frame.actor) if frame.actor.can(Permission.MANAGE_USERS) else ()
    if subscriptions:
        with card("feeds"):
            st.subheader("日历订阅", anchor=False)
            st.caption("个人账号的节点日历地址。账号停用后自动失效；地址外泄时在此停用。")
            for feed in subscriptions:
                cells = st.columns([3, 3, 3, 1], vertical_alignment="center")
                cells[0].text(feed.user_name)
                cells[1].text(feed.label)
                cells[2].text(local(feed.created_at))
                if cells[3].button("停用", key=state.variant(Key.FEED_REVOKE, feed.id), width="stretch"):
                    with telling():
                        feeds.revoke(frame.actor, feed.id, feed.version)
                        notify(f"{feed.user_name}的日历订阅“{feed.label}”已停用。")
                        st.rerun()
