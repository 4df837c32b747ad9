"""修改密码: one's own password. Changing it ends every session of the account, this one included."""

import streamlit as st

from core.services import users
from pages.components import markup
from pages.components.page import page

with page(
    "修改密码", None, note="至少 8 个字符，大写字母、小写字母、数字、符号至少三类；修改后须重新登录。", live=True
) as frame:
    with st.form("password_form", width=460):
        current = st.text_input("当前密码", type="password", autocomplete="current-password", max_chars=256)
        new = st.text_input("新密码", type="password", autocomplete="new-password", max_chars=128)
        again = st.text_input("再次输入新密码", type="password", autocomplete="new-password", max_chars=128)
        is_sent = st.form_submit_button("修改密码", type="primary")
    if is_sent:
        users.change_own_password(frame.actor, current, new, again)
        st.success("密码已修改，正在转到登录页，请用新密码登录。")
        markup.go_to("/login")
