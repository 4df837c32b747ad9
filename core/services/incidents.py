"""Errors nobody foresaw: kept in the log under a number, told to the user without the details."""

import logging
import secrets

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.domain.errors import StoreBusy, WarRoomError

_log = logging.getLogger("warroom")


class Incident(WarRoomError):
    """An unforeseen error; the message quotes the number under which the log keeps it."""

    code = "WR-599"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"系统出现意外问题，本次操作没有完成。请稍后重试；如仍不行，请将编号 {number} 告知系统管理员。"
        )
        self.number = number


def report(error: Exception) -> WarRoomError:
    """
    Return the error to tell the user about *error*.

    A store that does not answer is ``StoreBusy``; anything else is logged with its traceback and becomes an
    ``Incident``.
    """
    if isinstance(error, WarRoomError):
        return error
    if isinstance(error, OperationalError | PoolTimeoutError):
        _log.warning("store did not answer: %s", error)
        return StoreBusy()
    number = secrets.token_hex(4).upper()
    _log.error("incident %s", number, exc_info=error)
    return Incident(number)
