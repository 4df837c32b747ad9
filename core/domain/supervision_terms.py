"""Words of supervision (督查) and month closing as closed sets; the general ones are in ``terms.py``."""

from core.domain.terms import Term


class RoundStatus(Term):
    """Where a supervision round stands (督查轮次状态); only published rounds are shown beyond supervision."""

    DRAFT = "draft", "草稿"
    REVIEWED = "reviewed", "已会审"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被更正"
    DISCARDED = "discarded", "已作废"


class SubjectKind(Term):
    """What a flag is given to (督查对象)."""

    PROJECT = "project", "项目"
    COUNTY = "county", "县区"
    HEADQUARTERS = "headquarters", "指挥部"
    UNIT = "unit", "责任单位"
    CAMPAIGN = "campaign", "攻坚行动"


class OverrideKind(Term):
    """What is changed by hand (人工调整)."""

    LEVEL = "level", "调整等级"
    EXEMPTION = "exemption", "免予评旗"


class ApprovalStatus(Term):
    """Where a proposal that needs a second person stands (审批状态)."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class ProcessKind(Term):
    """Kind of a process fact (过程事实)."""

    INSPECTION = "inspection", "现场督查"
    PATROL = "patrol", "巡查暗访"
    LEADER_VISIT = "leader_visit", "领导调研"
    MEETING = "meeting", "调度会商"


class Severity(Term):
    """How grave a finding is (问题程度)."""

    NONE = "none", "未发现问题"
    MINOR = "minor", "一般问题"
    SERIOUS = "serious", "严重问题"


class RectificationStep(Term):
    """What a rectification waits for (整改环节)."""

    NOTICE = "notice", "待下发督办单"
    PLAN = "plan", "待报整改方案"
    FEEDBACK = "feedback", "整改中"
    VERIFICATION = "verification", "待核查"
    CLOSED = "closed", "已销号"


class RectificationAction(Term):
    """A step taken in a rectification (整改动作)."""

    OPENED = "opened", "立项"
    NOTICE_ISSUED = "notice_issued", "下发督办单"
    PLAN_SUBMITTED = "plan_submitted", "报送整改方案"
    PLAN_RETURNED = "plan_returned", "退回整改方案"
    FEEDBACK_SUBMITTED = "feedback_submitted", "报送整改反馈"
    VERIFIED = "verified", "核查通过"
    FAILED = "failed", "核查未通过"
    EXTENSION_REQUESTED = "extension_requested", "申请延期"
    EXTENSION_GRANTED = "extension_granted", "同意延期"
    EXTENSION_REFUSED = "extension_refused", "不同意延期"
    RAISED = "raised", "升级督办"
    INTERVIEWED = "interviewed", "约谈"
    CLOSED = "closed", "销号"


class MeritKind(Term):
    """A reward or penalty (奖惩)."""

    PRAISE = "praise", "通报表扬"
    REMINDER = "reminder", "提醒"
    INTERVIEW = "interview", "约谈"
    CRITICISM = "criticism", "通报批评"
    POINTS = "points", "考核加减分"
    ACCOUNTABILITY = "accountability", "追责问责"


class DocumentKind(Term):
    """A document that goes out in official layout (公文)."""

    BULLETIN = "bulletin", "督查通报"
    SUPERVISION_NOTICE = "supervision_notice", "督办单"
