"""Words of starting a project (开工) as closed sets: procedures, watch lists, maturity, statistics library."""

from core.domain.terms import Term


class ProcedureKind(Term):
    """A preliminary procedure (前期手续), in the order in which they are usually done."""

    APPROVAL = "approval", "立项"
    LAND = "land", "用地"
    PLANNING = "planning", "规划"
    ENVIRONMENT = "environment", "环评"
    ENERGY = "energy", "能评"
    PERMIT = "permit", "施工许可"
    FUNDS = "funds", "资金"
    RELOCATION = "relocation", "征拆"


class ProcedureState(Term):
    """Where a procedure stands; CONDITIONAL counts as done, UNKNOWN and OWED_LATE never do."""

    DONE = "done", "已办结"
    CONDITIONAL = "conditional", "容缺受理"
    OPEN = "open", "办理中"
    LATE = "late", "逾期未办"
    OWED_LATE = "owed_late", "容缺逾期"
    NOT_NEEDED = "not_needed", "不涉及"
    UNKNOWN = "unknown", "未填报"


class ReadinessAlert(Term):
    """How pressing the missing procedures of a project are."""

    NONE = "none", "正常"
    SOON = "soon", "临近"
    URGENT = "urgent", "紧急"
    OVERDUE = "overdue", "已过期限"


class WatchList(Term):
    """A list that is made by rule (预警清单)."""

    NOT_STARTED = "not_started", "未开工清单"
    LAGGING = "lagging", "滞后清单"
    NEGATIVE = "negative", "负面清单"


class WatchMeasure(Term):
    """What a rule of a watch list looks at."""

    START_OVERDUE_MONTHS = "start_overdue_months", "未按计划月份开工（月）"
    LAG_PP = "lag_pp", "投资欠序时（百分点）"
    KEY_NODE_DAYS = "key_node_days", "关键节点逾期（天）"
    LISTED_MONTHS = "listed_months", "连续在未开工或滞后清单（月）"
    SEVERE_ROUNDS = "severe_rounds", "本年红旗（轮）"
    FLAGGED_RUN = "flagged_run", "连续黄红旗（轮）"
    SERIOUS_FINDINGS = "serious_findings", "督查发现未整改严重问题（个）"


class Maturity(Term):
    """How far a reserve project is prepared (储备成熟度)."""

    A = "a", "A级"
    B = "b", "B级"
    C = "c", "C级"
    D = "d", "D级"


class EntryStatus(Term):
    """Where a project stands on its way into the statistics library (入库入统)."""

    NOT_STARTED = "not_started", "未开工"
    TOO_SMALL = "too_small", "不足起点"
    UNDATED = "undated", "缺开工日期"
    WAITING = "waiting", "期限内待入统"
    LATE = "late", "超期未入统"
    SEVERE = "severe", "严重超期未入统"
    ENTERED = "entered", "按期入统"
    ENTERED_LATE = "entered_late", "超期入统"
