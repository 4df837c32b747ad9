"""用户角色: accounts, their roles with what they are bound to, locks, passwords and sessions."""

import pandas as pd
import streamlit as st

from core.domain.permissions import Permission
from core.services import users
from db.session import current_store
from pages.components import accounts, state
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import page
from pages.components.state import Key

_NOTE = "系统管理员、安全管理员、审计员互斥，且不兼任业务角色；角色变动在对方下一次操作时生效。"
_SHORT = 18
_WIDTHS = {"用户名": 92, "姓名": 140, "角色": 220, "状态": 92}
_COLUMNS = ["用户名", "姓名", "角色", "状态", "最近登录"]

with page("用户角色", Permission.MANAGE_USERS, note=_NOTE, live=True) as frame:
    secret = state.get(Key.USER_HANDOVER)
    if secret:
        with card("first_password", horizontal=True, vertical_alignment="center"):
            st.markdown(f"账号 **{secret[0]}** 的初始密码（只显示这一次，请当面或经可靠渠道转交）：")
            st.code(secret[1], language=None, width="content")
            if st.button("已转交，关闭"):
                state.take(Key.USER_HANDOVER)
                st.rerun()

    left, right = st.columns([3, 2], gap="medium")
    now = current_store().clock()
    with left:
        search = st.text_input(
            "查找", key=Key.USER_SEARCH, placeholder="用户名或姓名", label_visibility="collapsed", max_chars=40
        )
        found = users.list_accounts(frame.actor, search)
        rows = [
            (
                account.user.login,
                account.user.name,
                accounts.roles_in_words(account.grants) or "—",
                accounts.state_in_words(account.user, now),
                local(account.user.last_sign_in_at),
            )
            for account in found
        ]
        picked = st.dataframe(
            pd.DataFrame(rows, columns=_COLUMNS),
            hide_index=True,
            height="content" if len(rows) < _SHORT else 640,
            column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
            on_select="rerun",
            selection_mode="single-row",
            key=Key.USER_TABLE,
        )["selection"]["rows"]
        st.caption(f"共 {len(found)} 个账号。点选一行可修改；不选则新建。" if found else "没有符合条件的账号。")
    with right, card("account"):
        bindings = users.bindings(frame.actor)
        if picked and picked[0] < len(found):
            accounts.account_panel(frame.actor, found[picked[0]], bindings, now)
        else:
            accounts.new_account_form(frame.actor, bindings)
