"""First passwords of imported accounts: shown once after the import, gone when the screen is left."""

from collections.abc import Mapping

import streamlit as st

from pages.components import state
from pages.components.layout import card
from pages.components.state import Key

_TALL = 12
_TELL = "**{count} 个新账号的初始密码**只在这里显示这一次，离开本页后无法再查看。请复制后当面或经可靠渠道转交。"


def keep(passwords: Mapping[str, str]) -> None:
    """Show *passwords* (login → first password) from the next run on."""
    if passwords:
        state.put(Key.IMPORT_HANDOVER, tuple(sorted(passwords.items())))


def draw() -> None:
    """Draw what was handed out, as lines that paste into a table; nothing when there is nothing."""
    entries: tuple[tuple[str, str], ...] = state.get(Key.IMPORT_HANDOVER, ())
    if not entries:
        return
    with card("import_handover"):
        st.markdown(_TELL.format(count=len(entries)))
        lines = "\n".join(f"{login}\t{password}" for login, password in entries)
        st.code(f"用户名\t初始密码\n{lines}", language=None, height=320 if len(entries) > _TALL else "content")
        if st.button("已转交，关闭"):
            state.take(Key.IMPORT_HANDOVER)
            st.rerun()
