"""Pieces of the user screen: roles in words, the roles form, one account's panel."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from core.domain.grants import BINDING_LABELS, BINDING_OF_ROLE, ROLES_OF_PEOPLE, Grant
from core.domain.permissions import Actor
from core.domain.terms import Role
from core.services import sessions, users
from core.services.users import Account
from db.queries.access import GrantRow, UserRow
from pages.components import state
from pages.components.moments import local
from pages.components.page import notify, plain, telling
from pages.components.state import Key

Bindings = Mapping[str, Sequence[tuple[int, str]]]
_PLAIN_ROLES = [role for role in ROLES_OF_PEOPLE if role not in BINDING_OF_ROLE]


def roles_in_words(grants: Sequence[GrantRow]) -> str:
    """Return the roles of an account with what they are bound to."""
    words = [Role(grant.role).label + (f"（{grant.bound_to}）" if grant.bound_to else "") for grant in grants]
    return "、".join(words)


def state_in_words(user: UserRow, now: datetime) -> str:
    """Return whether the account can be used now."""
    if not user.is_active:
        return "已停用"
    if user.locked_until and user.locked_until > now:
        return f"已锁定至 {local(user.locked_until)[-5:]}"
    return "待改初始密码" if user.must_change_password else "正常"


def roles_form(bindings: Bindings, held: Sequence[GrantRow], prefix: str) -> tuple[Grant, ...]:
    """Draw the choice of roles inside a form and return what is chosen. Nothing is checked here."""
    plain = [Role(grant.role) for grant in held if Role(grant.role) in _PLAIN_ROLES]
    chosen = st.multiselect(
        "角色（不限范围）",
        _PLAIN_ROLES,
        plain,
        format_func=lambda role: role.label,
        placeholder="请选择",
        key=f"{prefix}_plain",
    )
    grants = [Grant(role) for role in chosen]
    for role, kind in BINDING_OF_ROLE.items():
        names = dict(bindings[kind])
        bound = [row.county_id or row.headquarters_id or row.unit_id for row in held if row.role == role]
        ids = st.multiselect(
            f"{role.label}（指定{BINDING_LABELS[kind]}）",
            list(names),
            [bound_id for bound_id in bound if bound_id in names],
            format_func=names.__getitem__,
            placeholder=f"请选择{BINDING_LABELS[kind]}",
            key=f"{prefix}_{kind}",
        )
        grants += [Grant(role, bound_id) for bound_id in ids]
    return tuple(grants)


def new_account_form(actor: Actor, bindings: Bindings) -> None:
    """Draw the form for a new account; on success the first password is shown once."""
    st.subheader("新建账号", anchor=False)
    with st.form("new_account", clear_on_submit=False, border=False):
        left, right = st.columns(2)
        login = left.text_input("用户名", max_chars=32, placeholder="如 wang.jianguo")
        name = right.text_input("姓名", max_chars=30)
        grants = roles_form(bindings, (), "new")
        is_sent = st.form_submit_button("新建账号", type="primary")
    if is_sent:
        with telling():
            password = users.create(actor, users.NewAccount(login, name, grants))
            state.put(Key.USER_HANDOVER, (login.strip().lower(), password))
            st.rerun()


def account_panel(actor: Actor, account: Account, bindings: Bindings, now: datetime) -> None:
    """Draw what can be done with one account."""
    user = account.user
    st.subheader(plain(f"{user.name}　{user.login}"), anchor=False)
    st.caption(f"{state_in_words(user, now)} · 最近登录 {local(user.last_sign_in_at)}")
    _buttons(actor, user, now)
    with st.form(f"roles_{user.id}_{user.version}", border=False):
        name = st.text_input("姓名", user.name, max_chars=30)
        grants = roles_form(bindings, account.grants, f"roles_{user.id}")
        is_sent = st.form_submit_button("保存姓名和角色", type="primary")
    if is_sent:
        with telling():
            _save(actor, account, name, grants)
            notify(f"已保存 {user.login} 的姓名和角色。")
            st.rerun()
    _ties(actor, user)
    _sessions(actor, user)


def _ties(actor: Actor, user: UserRow) -> None:
    """Draw where the account's digest goes, who of the ledger it is and who hears of what it lets slip."""
    choices = users.tie_choices(actor)
    people, superiors = dict(choices.people), dict(choices.accounts)
    superiors.pop(user.id, None)
    st.markdown(
        "**提醒与上级**", help="待办提醒每天发到邮箱；逾期较久的事项另告上级。对应人员决定“包保领导”看到哪些项目。"
    )
    with st.form(f"ties_{user.id}_{user.version}", border=False):
        left, right = st.columns(2)
        email = left.text_input("电子邮箱", user.email, max_chars=200, placeholder="不填则不发邮件")
        superior_id = right.selectbox(
            "上级",
            [None, *superiors],
            **_chosen(superiors, user.superior_id),
            format_func=_named(superiors, "没有上级"),
        )
        person_id = st.selectbox(
            "对应人员",
            [None, *people],
            **_chosen(people, user.person_id),
            format_func=_named(people, "不对应台账中的人员"),
        )
        is_sent = st.form_submit_button("保存提醒与上级")
    if is_sent:
        with telling():
            users.tie(actor, user.id, users.Ties(email, person_id, superior_id), user.version)
            notify(f"已保存 {user.login} 的提醒与上级。")
            st.rerun()


def _chosen(names: Mapping[int, str], key: int | None) -> dict[str, int]:
    return {"index": [None, *names].index(key) if key in names else 0}


def _named(names: Mapping[int, str], nobody: str) -> Callable[[int | None], str]:
    return lambda key: names[key] if key is not None else nobody


def _save(actor: Actor, account: Account, name: str, grants: tuple[Grant, ...]) -> None:
    user = account.user
    held = {(row.role, row.county_id or row.headquarters_id or row.unit_id) for row in account.grants}
    if {(grant.role.value, grant.bound_id) for grant in grants} != held:
        users.set_grants(actor, user.id, grants)
    if name.strip() != user.name:
        users.rename(actor, user.id, name, user.version)


def _buttons(actor: Actor, user: UserRow, now: datetime) -> None:
    with st.container(horizontal=True):
        if st.button("重置密码", key=f"reset_{user.id}", help="生成新的初始密码，并结束该账号的全部会话"):
            with telling():
                state.put(Key.USER_HANDOVER, (user.login, users.reset_password(actor, user.id)))
                st.rerun()
        word = "停用" if user.is_active else "启用"
        if st.button(word, key=f"active_{user.id}"):
            with telling():
                users.set_active(actor, user.id, not user.is_active, user.version)
                notify(f"账号 {user.login} 已{word}。")
                st.rerun()
        is_locked = user.locked_until is not None and user.locked_until > now
        if is_locked and st.button("解锁", key=f"unlock_{user.id}"):
            with telling():
                users.unlock(actor, user.id)
                notify(f"账号 {user.login} 已解锁。")
                st.rerun()


def _sessions(actor: Actor, user: UserRow) -> None:
    found = sessions.open_sessions(actor, user.id)
    st.markdown(f"**在线会话**　{len(found)} 个")
    for session in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(
                f"{session.address or '—'}　登录 {local(session.created_at)}　最近 {local(session.last_seen_at)[-5:]}"
            )
            if st.button("结束", key=f"end_{session.token_hash}", help=plain(session.agent) or None):
                with telling():
                    sessions.revoke(actor, session.token_hash)
                    notify(f"已结束 {user.login} 的一个会话。")
                    st.rerun()
    if len(found) > 1 and st.button("结束全部会话", key=f"end_all_{user.id}"):
        with telling():
            notify(f"已结束 {user.login} 的 {sessions.revoke_all(actor, user.id)} 个会话。")
            st.rerun()
