"""What a database says when it cannot, turned into the named errors that users are told."""

from core.domain.errors import StoreBusy, StoreUnusable, WarRoomError

_NO_ROOM = "磁盘空间不足或读写失败，内容没有保存。请保留页面，通知系统管理员清理或检查磁盘，恢复后再次点击保存。"
_READ_ONLY = "数据库只读，内容没有保存。请保留页面，通知系统管理员检查数据文件和文件夹的权限，恢复后再次点击保存。"
_BROKEN = "数据库无法读取，文件可能已损坏。请通知系统管理员停止服务，并用最近的备份恢复（manage.py restore）。"
_UNREACHABLE = "数据库打不开。请通知系统管理员检查数据文件夹是否存在、权限是否正确（manage.py doctor）。"

# Primary result codes, https://sqlite.org/rescode.html
_SQLITE_BUSY = frozenset({5, 6})
_SQLITE = {8: _READ_ONLY, 10: _NO_ROOM, 11: _BROKEN, 13: _NO_ROOM, 14: _UNREACHABLE, 26: _BROKEN}
# SQLSTATE, https://www.postgresql.org/docs/15/errcodes-appendix.html
_POSTGRESQL = {"53100": _NO_ROOM, "58030": _NO_ROOM, "25006": _READ_ONLY, "XX001": _BROKEN, "XX002": _BROKEN}


def named(error: Exception) -> WarRoomError | None:
    """Return the error to tell users about an *error* of driver or SQLAlchemy; None when it is none of the store's."""
    driver_error = getattr(error, "orig", None) or error
    code = getattr(driver_error, "sqlite_errorcode", None)
    if isinstance(code, int):
        if code & 0xFF in _SQLITE_BUSY:
            return StoreBusy()
        message = _SQLITE.get(code & 0xFF)
    else:
        message = _POSTGRESQL.get(getattr(driver_error, "sqlstate", None) or "")
    return StoreUnusable(message) if message else None
