"""
NUL is no text: PostgreSQL refuses it, SQLite's own functions stop at it. It is dropped at the store's door.

No keyboard types it; it comes from broken files and from hand-made messages.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, event

NUL = "\0"


def without_nul(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return *values* with NUL dropped from every text."""
    return {name: text_without_nul(value) for name, value in values.items()}


def text_without_nul(value: Any) -> Any:
    """Return *value*, when it is text without NUL."""
    return value.replace(NUL, "") if isinstance(value, str) and NUL in value else value


def keep_out_of(engine: Engine) -> None:
    """Drop NUL from the parameters of every statement that goes through SQLAlchemy."""
    event.listen(engine, "before_cursor_execute", _clean, retval=True)


def _clean(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool
) -> tuple[str, Any]:
    if executemany:
        return statement, [_row(row) for row in parameters]
    return statement, _row(parameters)


def _row(parameters: Any) -> Any:
    if isinstance(parameters, Mapping):
        return without_nul(parameters)
    if isinstance(parameters, tuple | list):
        return tuple(text_without_nul(value) for value in parameters)
    return parameters
