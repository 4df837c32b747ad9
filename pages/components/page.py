"""The frame of every screen: guard, header, and the one place that turns errors into Chinese sentences.

    with page("项目台账", Permission.VIEW_PROJECTS) as frame:
        rows = ledger.search(frame.actor, filters)

Nothing of the block runs for a visitor who is not signed in or lacks the permission. A ``WarRoomError`` that leaves
the block is shown with what to do; anything else is logged under a number, and the number is shown.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote

import streamlit as st

from core.domain.errors import Conflict, Invalid, PermissionDenied, WarRoomError
from core.domain.permissions import Actor, Permission, require
from core.services import figures, incidents, system
from core.services.figures import Version
from db.session import SealedStore, seeing
from pages.components import closed_months, markup, state, visitor
from pages.components.state import Key

_ADDRESS_PARTS = re.compile(r":/|www\.|@", re.IGNORECASE)
_JOINER = "\u2060"
R = TypeVar("R")
_INITIAL_MUST_GO = "您使用的是初始密码。请先修改密码，然后继续使用。"


@dataclass(frozen=True, slots=True)
class Frame:
    """
    What a screen gets from its frame: who looks, and which version of the data they look at.

    Attributes:
        actor: Who looks; inside a closed month somebody who may only read.
        sealed: The closed month on the screen; None = the live data.
    """

    actor: Actor
    version: Version
    sealed: SealedStore | None = None

    def later(self, make: Callable[[], R]) -> Callable[[], R]:
        """Return *make* for another thread (a download is made when it is pressed): it reads what this frame reads."""
        sealed = self.sealed
        if sealed is None:
            return make

        def made() -> R:
            with seeing(sealed):
                return make()

        return made


@contextmanager
def page(
    title: str,
    permission: Permission | None,
    *,
    also: Permission | None = None,
    note: str = "",
    full_screen: bool = False,
    live: bool = False,
) -> Iterator[Frame]:
    """
    Guard a screen and draw its header.

    Args:
        title: Heading of the screen; empty = the screen draws its own.
        permission: What the visitor must hold; None = any signed-in person.
        also: Another permission that opens the screen as well; the services still ask for the right one.
        note: One line under the heading, e.g. where a figure comes from.
        full_screen: Draw neither header nor desk style (the wall brings its own).
        live: Show live data even while the session looks at a closed month (administration, reporting).
    """
    if not full_screen:
        markup.desk_style()
    closed_months.enter(live=live)
    with ExitStack() as stack:
        try:
            frame = _frame_of(_enter(permission, also), stack)
            state.forget_others(title)
            if not full_screen:
                _draw_header(title, note)
                closed_months.draw_banner(frame.sealed)
        except Exception as error:
            speak(error)
            st.stop()
        try:
            yield frame
        except Exception as error:  # the last hand: whatever goes wrong, the visitor gets a Chinese sentence
            speak(error)


def _frame_of(actor: Actor, stack: ExitStack) -> Frame:
    """Return the frame of *actor*; until *stack* ends, everything reads the store that the screen shows."""
    sealed = closed_months.choose_store()
    if sealed is not None:
        stack.enter_context(seeing(sealed))
        actor = replace(actor, is_looking_back=True)
    return Frame(actor, figures.version(), sealed)


@contextmanager
def telling() -> Iterator[None]:
    """Show what goes wrong inside the block where it stands; the rest of the page is still drawn."""
    try:
        yield
    except Exception as error:  # as in ``page``
        speak(error)


def notify(message: str) -> None:
    """Show *message* on top of the page at the next run (after a save and ``st.rerun``)."""
    state.put(Key.NOTICE, message)


def speak(error: Exception) -> None:
    """Show what happened and what to do. Unknown errors are logged under the number that is shown."""
    if isinstance(error, PermissionDenied):
        st.warning(error.user_message)
    elif isinstance(error, Invalid):
        st.error("\n".join(["请更正以下内容后重新提交：", "", *(f"- {plain(p.message)}" for p in error.problems)]))
    elif isinstance(error, Conflict):
        st.warning(error.user_message)
    elif isinstance(error, WarRoomError):
        st.error(plain(error.user_message))
    else:
        st.error(incidents.report(error).user_message)


def handle_script_error(error: Exception) -> bool:
    """Show an error that left a fragment or a callback, where no ``page`` block is around; return True = shown."""
    speak(error)
    return True


def _enter(permission: Permission | None, also: Permission | None) -> Actor:
    visit = visitor.current()
    if visit is None:
        ask_to_sign_in()
        st.stop()
    state.claim(visit.actor.login)
    if visit.must_change_password and permission is not None:
        raise PermissionDenied(_INITIAL_MUST_GO)
    if permission is not None:
        if also is None or not visit.actor.can(also):
            require(visit.actor, permission)
    elif visit.actor.user_id is None:
        raise PermissionDenied("本页面须以本人账号登录后使用。您没有此项权限。")
    return visit.actor


def ask_to_sign_in() -> None:
    """Tell a visitor without a valid session to sign in, and take the browser there."""
    st.session_state.clear()
    st.warning("登录已失效，请重新登录。")
    markup.go_to(f"/login?next={quote(_here())}")


def _here() -> str:
    address = st.context.url
    if not isinstance(address, str):
        return "/"
    path = "/" + address.partition("://")[2].partition("/")[2].partition("?")[0]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in st.query_params.items())
    return f"{path}?{query}" if query else path


def _draw_header(title: str, note: str) -> None:
    if title:
        with st.container(horizontal=True, vertical_alignment="center", key="wr_header"):
            st.title(title, anchor=False, width="content")
            if system.is_demo():
                st.badge("演示数据", color="orange")
    if note:
        st.caption(plain(note))
    message = state.take(Key.NOTICE)
    if message:
        st.success(plain(message))


def plain(text: str) -> str:
    """
    Return *text* so that Markdown shows it as it is: labels, headings, captions and tooltips all read Markdown.

    Addresses get an invisible joiner: the front end makes links of them even where every mark is escaped.
    """
    for mark in "\\`*_{}[]()#+-!|<>~$:":
        text = text.replace(mark, f"\\{mark}")
    return _ADDRESS_PARTS.sub(lambda found: f"{found[0][:-1]}{_JOINER}{found[0][-1]}", text)
