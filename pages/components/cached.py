"""Cached reads: a view is read again only when the data version, the actor's rights or its arguments differ.

@cached_view()
def _rows(actor: Actor, filters: LedgerFilters) -> LedgerPage:
    return projects.search(actor, filters)

with page("项目台账", Permission.VIEW_PROJECTS) as frame:
    found = _rows(frame, filters)
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.domain.permissions import Actor
from pages.components.page import Frame

P = ParamSpec("P")
R = TypeVar("R")
_SECONDS = 3600


def cached_view(
    max_entries: int = 64,
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Frame, P], R]]:
    """
    Return a decorator that keeps the last *max_entries* results of a read.

    The wrapped function takes the frame where the read takes the actor. Results are frozen rows or data frames, never
    rows of the ORM. Two actors share a result only when their roles and scope are the same.
    """

    def decorate(load: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Frame, P], R]:
        name = f"{load.__module__}.{load.__qualname__}"

        def stored(key: tuple[object, ...], _actor: Actor, _args: tuple[object, ...], _named: dict[str, object]) -> R:
            return load(_actor, *_args, **_named)  # type: ignore[arg-type]

        # The cache tells functions apart by name and source, and the source of this one is always the same.
        stored.__module__, stored.__qualname__ = load.__module__, f"{load.__qualname__}.stored"
        cache = st.cache_data(ttl=_SECONDS, max_entries=max_entries, show_spinner=False)(stored)

        @wraps(load)
        def read(frame: Frame, *args: P.args, **named: P.kwargs) -> R:
            rights = tuple(sorted(frame.actor.roles))
            key = (name, rights, frame.actor.scope.key, frame.version.key, args, tuple(sorted(named.items())))
            return cache(key, frame.actor, args, named)

        return read

    return decorate
