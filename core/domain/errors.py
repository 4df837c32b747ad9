"""Named errors of the war room.

    WarRoomError
    ├── PermissionDenied      the actor may not do this
    ├── NotFound              no such row inside the actor's scope
    ├── Conflict              the row changed since it was read (optimistic lock)
    ├── Invalid               one or more values were refused, all listed
    ├── Locked                the period or row is closed for changes
    ├── RoundRefused          a supervision round cannot take this step now
    │   ├── RoundAlreadyPublished  it was published before; only a new revision may follow
    │   ├── RoundOutOfOrder   an earlier round is open, or a later one is published
    │   ├── OverridesPending  overrides wait for a decision or a second look
    │   └── StaleComputation  data changed after the flags were computed
    ├── SnapshotDamaged       a frozen round does not agree with its digest
    ├── SignInFailed          wrong name or password
    │   └── SignInLocked      too many failures under a name or from an address
    ├── StoreBusy             the store did not accept the write in time
    ├── StoreUnusable         the store has no room, is read-only or damaged
    └── SettingsError         the configuration is unusable

Each carries a Chinese ``user_message`` (what happened and what to do) and a stable ``code`` for logs and tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class WarRoomError(Exception):
    """Root of every error that a user may be told about."""

    code = "WR-000"
    default_message = "操作没有完成，请稍后再试。"

    def __init__(self, user_message: str | None = None) -> None:
        self.user_message = user_message or self.default_message
        super().__init__(f"{self.code} {self.user_message}")


class PermissionDenied(WarRoomError):
    code = "WR-403"
    default_message = "您没有此项权限。如确需办理，请联系安全管理员授权。"


class NotFound(WarRoomError):
    code = "WR-404"
    default_message = "没有找到该记录，可能已调出或不在您的管理范围内。请返回列表重新查找。"


class Conflict(WarRoomError):
    """
    The row was changed by somebody else after it was read.

    Attributes:
        current: The stored values now, by field name.
        attempted: The values that were refused, by field name (kept so that nothing typed is lost).
    """

    code = "WR-409"
    default_message = "该记录刚刚被他人修改，您的内容尚未保存。请对照两个版本后重新提交。"

    def __init__(self, current: Mapping[str, object], attempted: Mapping[str, object]) -> None:
        super().__init__()
        self.current = dict(current)
        self.attempted = dict(attempted)


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused value: field name, stable code and a Chinese sentence that says how to mend it."""

    field: str
    code: str
    message: str


class Invalid(WarRoomError):
    """One or more values were refused; ``problems`` lists all of them at once."""

    code = "WR-422"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(problem.message for problem in self.problems))


class Locked(WarRoomError):
    code = "WR-423"
    default_message = "该数据已锁定，不能直接修改。如需更正，请由督查人员退回后重新填报。"


class RoundRefused(WarRoomError):
    code = "WR-440"
    default_message = "该督查轮次当前不能办理此步骤，请刷新后查看轮次状态。"


class RoundAlreadyPublished(RoundRefused):
    code = "WR-441"
    default_message = "该轮督查结果已经发布，不能重复发布或改动。如确有差错，请办理更正，发布新的版次。"


class RoundOutOfOrder(RoundRefused):
    code = "WR-442"
    default_message = "督查轮次必须依次发布，请先发布此前的轮次。"


class OverridesPending(RoundRefused):
    code = "WR-443"
    default_message = "还有旗色调整没有审批，请先审批或撤回。"


class StaleComputation(RoundRefused):
    code = "WR-444"
    default_message = "计算之后数据又有变动，请重新计算；如确认按原结果发布，请写明理由。"


class SnapshotDamaged(WarRoomError):
    code = "WR-445"
    default_message = "该轮督查结果的存档与其校验值不一致，系统拒绝使用。请通知系统管理员从备份中恢复。"


class SignInFailed(WarRoomError):
    code = "WR-401"
    default_message = "用户名或密码不正确，请重新输入。连续输错多次将暂时锁定账号。"


class SignInLocked(SignInFailed):
    code = "WR-429"
    default_message = "登录失败次数过多，已暂时锁定。请稍后再试，或联系安全管理员解锁。"


class StoreBusy(WarRoomError):
    code = "WR-503"
    default_message = "系统正忙，本次内容尚未保存。请保留页面，稍后再次点击保存。"


class StoreUnusable(WarRoomError):
    code = "WR-507"
    default_message = "数据库当前无法使用，内容没有保存。请保留页面，并通知系统管理员。"


class SettingsError(WarRoomError):
    code = "WR-500"
    default_message = "系统配置有误，无法启动。"
