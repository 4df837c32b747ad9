"""The field's words as closed sets. Code values are stored; Chinese labels are shown.

Basis: docs/metrics.md (definitions) and docs/architecture.md (glossary).
"""

from enum import StrEnum


class Term(StrEnum):
    """A code with a Chinese label; the code is what the store keeps."""

    label: str

    # The label has a default only so that type checkers accept the look-up ``Stage("idea")``.
    def __new__(cls, code: str, label: str = "") -> "Term":
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Stage(Term):
    """Actual status of a project (实际状态), moved only by lifecycle events."""

    IDEA = "idea", "谋划"
    RESERVE = "reserve", "储备"
    PREPARATION = "preparation", "前期"
    CONSTRUCTION = "construction", "在建"
    SUSPENDED = "suspended", "停工"
    COMPLETED = "completed", "竣工"
    COMMISSIONED = "commissioned", "投产"
    FULL_CAPACITY = "full_capacity", "达效"
    WITHDRAWN = "withdrawn", "调出"
    TERMINATED = "terminated", "终止"
    MERGED = "merged", "整合"


class YearClass(Term):
    """Class of a project in the year's plan (年度类别), one per list and year."""

    FINISHING = "finishing", "竣工投产"
    CONTINUING = "continuing", "续建"
    NEW_START = "new_start", "新开工"
    RESERVE = "reserve", "前期储备"


class ProjectLevel(Term):
    """Tier of a project (项目级别)."""

    NATIONAL = "national", "国家"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"


class FlagLevel(Term):
    """Supervision level (督查等级); colour and word come from a scheme, never from here."""

    OK = "ok", "正常"
    NOTICE = "notice", "提示"
    WARN = "warn", "滞后"
    SEVERE = "severe", "严重滞后"
    NO_DATA = "no_data", "无数据"
    EXEMPT = "exempt", "不评"


class LifecycleKind(Term):
    """Dated facts in a project's life (append-only)."""

    PROPOSED = "proposed", "谋划"
    RESERVED = "reserved", "储备入库"
    SIGNED = "signed", "签约"
    FULFILLED = "fulfilled", "履约"
    LANDED = "landed", "落地落图"
    REVIEWED = "reviewed", "多图联审"
    LAND_GRANTED = "land_granted", "标准地出让"
    STARTED = "started", "开工"
    SUSPENDED = "suspended", "停工"
    RESUMED = "resumed", "复工"
    COMPLETED = "completed", "竣工"
    COMMISSIONED = "commissioned", "投产"
    FULL_CAPACITY = "full_capacity", "达效"
    PER_MU_ASSESSED = "per_mu_assessed", "亩产评价"
    CREDIT_ASSESSED = "credit_assessed", "信用评价"
    ENTERED_STATISTICS = "entered_statistics", "入统"
    WITHDRAWN = "withdrawn", "调出"
    TERMINATED = "terminated", "终止"
    MERGED = "merged", "整合"


class ReportStatus(Term):
    """State of a monthly report (投资月报)."""

    MISSING = "missing", "未报"
    SUBMITTED = "submitted", "已报"
    REVIEWED = "reviewed", "已审核"
    RETURNED = "returned", "已退回"
    LOCKED = "locked", "已锁定"


class ParcelStatus(Term):
    """State of a plot of land (地块状态)."""

    PLANNED = "planned", "待落地"
    APPROVED_NOT_SUPPLIED = "approved_not_supplied", "批而未供"
    SUPPLIED_NOT_BUILT = "supplied_not_built", "供而未建"
    IDLE_LAND = "idle_land", "闲置"
    INEFFICIENT_LAND = "inefficient_land", "低效"
    IN_USE = "in_use", "已用"


class CountyKind(Term):
    """Kind of a county-level unit (县区)."""

    COUNTY = "county", "县"
    DISTRICT = "district", "区"
    DEVELOPMENT_ZONE = "development_zone", "开发区"


class MatterKind(Term):
    """Kind of a matter on the lists (清单事项)."""

    PROBLEM = "problem", "问题"
    POLICY = "policy", "政策"
    SUGGESTION = "suggestion", "意见建议"
    DECISION_REQUEST = "decision_request", "请示"
    CONSULTATION = "consultation", "会商"
    SUPERVISION = "supervision", "督办"


class MatterStatus(Term):
    """Where a matter stands (办理状态); which step follows which is decided in ``core/domain/matters``."""

    REGISTERED = "registered", "已登记"
    CLASSIFIED = "classified", "已研判"
    ASSIGNED = "assigned", "已交办"
    OBJECTED = "objected", "已退办"
    IN_PROGRESS = "in_progress", "办理中"
    ESCALATED = "escalated", "已提级"
    REPLIED = "replied", "已回复"
    RESOLVED = "resolved", "已办结"
    CLOSED_OUT = "closed_out", "已销号"
    MERGED = "merged", "已合并"


class AssignmentRole(Term):
    """Who stands for a project (项目责任关系)."""

    SPONSOR_LEADER = "sponsor_leader", "包保领导"
    LEAD_UNIT = "lead_unit", "牵头单位"
    RESPONSIBLE_UNIT = "responsible_unit", "责任单位"
    SUPPORTING_UNIT = "supporting_unit", "配合单位"
    SERVICE_UNIT = "service_unit", "服务单位"
    RESPONSIBLE_PERSON = "responsible_person", "责任人"
    CONTACT = "contact", "联络员"


class FundingSource(Term):
    """Plan-side sources of money (资金来源)."""

    CENTRAL_BUDGET = "central_budget", "中央预算内"
    SPECIAL_TREASURY = "special_treasury", "超长期特别国债"
    SPECIAL_BOND = "special_bond", "专项债"
    GENERAL_BOND = "general_bond", "一般债"
    LOCAL_FISCAL = "local_fiscal", "地方财政"
    BANK_LOAN = "bank_loan", "银行贷款"
    ENTERPRISE = "enterprise", "企业自筹"
    SOCIAL_CAPITAL = "social_capital", "社会资本"
    FOREIGN = "foreign", "利用外资"
    OTHER = "other", "其他"


class AssetCategory(Term):
    """六类资源、五类资产、两类资金 of the unified ledger (三资一本账); the code's first part names the group."""

    MINERAL_RESOURCE = "mineral_resource", "矿产资源"
    FOREST_RESOURCE = "forest_resource", "林业资源"
    WATER_RESOURCE = "water_resource", "水利资源"
    ENERGY_RESOURCE = "energy_resource", "能源资源"
    LAND_RESOURCE = "land_resource", "土地资源"
    DATA_RESOURCE = "data_resource", "数据资源"
    PHYSICAL_ASSET = "physical_asset", "实物资产"
    CLAIM_ASSET = "claim_asset", "债权资产"
    EQUITY_ASSET = "equity_asset", "股权资产"
    FRANCHISE_ASSET = "franchise_asset", "特许经营权"
    FUTURE_INCOME_ASSET = "future_income_asset", "未来收益权"
    INEFFICIENT_FUND = "inefficient_fund", "低效资金"
    IDLE_FUND = "idle_fund", "闲置资金"


class AssetStatus(Term):
    """How an asset is used (资产现状)."""

    IN_USE = "in_use", "在用"
    IDLE = "idle", "闲置"
    INEFFICIENT = "inefficient", "低效"
    LEASED = "leased", "出租"
    LENT = "lent", "出借"
    DISPOSED = "disposed", "已处置"


class DisposalMethod(Term):
    """How an asset is to be put to use (盘活方式): 能用则用、不用则售、不售则租、能融则融."""

    USE = "use", "自用"
    SELL = "sell", "出售"
    LEASE = "lease", "出租"
    FINANCE = "finance", "融资"
    FRANCHISE = "franchise", "特许经营"
    TRANSFER = "transfer", "划转"
    PUBLIC_USE = "public_use", "用作公益"
    WRITE_OFF = "write_off", "核销"
    OTHER = "other", "其他"


class FundingCategory(Term):
    """Kind of money asked for from above (向上争资类别)."""

    CENTRAL_BUDGET = "central_budget", "中央预算内投资"
    SPECIAL_TREASURY = "special_treasury", "超长期特别国债"
    SPECIAL_BOND = "special_bond", "专项债"
    GENERAL_TRANSFER = "general_transfer", "一般转移支付"
    SPECIAL_TRANSFER = "special_transfer", "专项转移支付"
    GOVERNMENT_FUND = "government_fund", "政府性基金"
    OTHER = "other", "其他"


class Role(Term):
    """What a person may do (角色); a grant may be bound to a county, headquarters or unit."""

    LEADER = "leader", "领导"
    HEADQUARTERS = "headquarters", "指挥部人员"
    COUNTY = "county", "县区填报"
    UNIT = "unit", "责任单位"
    SUPERVISOR = "supervisor", "督查"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"
    DISPLAY = "display", "大屏"


class BatchStatus(Term):
    """What became of an imported file (导入批次状态)."""

    RECEIVED = "received", "已收到"
    CHECKED = "checked", "待确认"
    CONFIRMED = "confirmed", "已确认"
    APPLIED = "applied", "已导入"
    REJECTED = "rejected", "已放弃"
    UNDONE = "undone", "已撤销"
