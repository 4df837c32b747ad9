"""Words of campaigns as closed sets; the general ones are in ``core/domain/terms.py``."""

from core.domain.terms import Term


class CampaignKind(Term):
    """What a campaign is (行动类别): the four lists of the city, one engine."""

    BATTLE = "battle", "攻坚战"
    REFORM = "reform", "改革"
    DRIVE = "drive", "三攻坚一盘活"
    LIVELIHOOD = "livelihood", "惠民实事"


class CampaignStatus(Term):
    """Where a campaign stands (行动状态)."""

    DRAFT = "draft", "谋划中"
    RUNNING = "running", "推进中"
    ACCEPTED = "accepted", "已验收"


class TaskStatus(Term):
    """What is stored of a task (任务办理状态); the clock adds the rest, see ``TaskState``."""

    OPEN = "open", "推进中"
    CLAIMED = "claimed", "待核验"
    RETURNED = "returned", "已退回"
    CLOSED_OUT = "closed_out", "已销号"
    DROPPED = "dropped", "已取消"


class TaskState(Term):
    """How a task stands on a day (任务状态)."""

    NOT_STARTED = "not_started", "未到启动时间"
    RUNNING = "running", "推进中"
    DUE_SOON = "due_soon", "临近到期"
    OVERDUE = "overdue", "逾期"
    CLAIMED = "claimed", "待核验"
    RETURNED = "returned", "退回整改"
    CLOSED_OUT = "closed_out", "已销号"
    DROPPED = "dropped", "已取消"


class ReportPeriod(Term):
    """How often a campaign reports (填报周期)."""

    WEEK = "week", "周报"
    TEN_DAYS = "ten_days", "旬报"
    MONTH = "month", "月报"


class Verdict(Term):
    """Result of an acceptance (验收结论)."""

    PASSED = "passed", "通过"
    CONDITIONAL = "conditional", "有条件通过"
    FAILED = "failed", "未通过"


class CampaignAction(Term):
    """A step in the life of a campaign or one of its tasks (行动环节)."""

    CREATED = "created", "部署"
    COPIED = "copied", "沿用上年"
    LAUNCHED = "launched", "启动"
    EDITED = "edited", "修改"
    TASKS_ADDED = "tasks_added", "分解任务"
    MOVED = "moved", "调整期限"
    DROPPED = "dropped", "取消任务"
    CLAIMED = "claimed", "申请销号"
    RETURNED = "returned", "退回"
    CLOSED_OUT = "closed_out", "核验销号"
    REOPENED = "reopened", "撤销销号"
    ACCEPTED = "accepted", "到点验收"
    ASSESSED = "assessed", "第三方评估"
