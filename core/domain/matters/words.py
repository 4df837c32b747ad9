"""Words of the matter engine (清单事项) as closed sets; kinds and states stand in ``core/domain/terms.py``."""

from typing import Self

from core.domain.terms import Term


class MatterLevel(Term):
    """Whose table a matter lies on (办理层级); what one level cannot solve goes to the next."""

    COUNTY = "county", "县级"
    CITY = "city", "市级"
    VICE_MAYOR = "vice_mayor", "分管副市长"
    COMMITTEE = "committee", "市委市政府"


class Difficulty(Term):
    """How hard a matter is to answer (难易程度); decides its deadline."""

    SIMPLE = "simple", "简易"
    ORDINARY = "ordinary", "一般"
    COMPLEX = "complex", "复杂"
    HARD = "hard", "疑难"


class _Spoken(Term):
    """A closed set that ledgers write in words; the store keeps the word, so that imports and exports agree."""

    @classmethod
    def of_word(cls, word: str) -> Self | None:
        """Return the member called *word*, or None for a word of another office."""
        return next((member for member in cls if member.label == word.strip()), None)


class Outcome(_Spoken):
    """What became of a matter (办理结果)."""

    SOLVED = "solved", "已解决"
    PARTIAL = "partial", "部分解决"
    EXPLAINED = "explained", "解释说明"
    UNSOLVABLE = "unsolvable", "暂无法解决"


class Satisfaction(_Spoken):
    """What the one who raised it says on the visit afterwards (满意度回访)."""

    SATISFIED = "satisfied", "满意"
    FAIRLY = "fairly", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class MatterAction(Term):
    """A step in a matter's life; the code is the kind of its event. Codes of states mean reaching that state."""

    REGISTERED = "registered", "登记"
    CLASSIFIED = "classified", "研判分类"
    ASSIGNED = "assigned", "交办"
    SIGNED = "signed", "签收"
    OBJECTED = "objected", "退办"
    IN_PROGRESS = "in_progress", "进展报告"
    SUPPORTED = "supported", "协办回复"
    REPLIED = "replied", "回复"
    RESOLVED = "resolved", "办结"
    VISITED = "visited", "满意度回访"
    CLOSED_OUT = "closed_out", "销号"
    REDONE = "redone", "重办"
    ESCALATED = "escalated", "提级"
    EXTENSION_REQUESTED = "extension_requested", "申请延期"
    EXTENSION_GRANTED = "extension_granted", "同意延期"
    EXTENSION_REFUSED = "extension_refused", "不同意延期"
    SUPERVISED = "supervised", "逾期督办"
    INTERVIEWED = "interviewed", "约谈"
    MERGED = "merged", "合并"
    LINKED = "linked", "关联"
    TERMS = "terms", "政策台账"
    DECIDED = "decided", "会议决定"


class Owing(Term):
    """Which side has to take the next step (待办方)."""

    OFFICE = "office", "交办方"
    UNIT = "unit", "承办方"
    NOBODY = "nobody", "无"


class RateGroup(Term):
    """By what the rates of matters are told apart."""

    UNIT = "unit", "责任单位"
    COUNTY = "county", "县区"
    CATEGORY = "category", "类别"


class MatterCount(Term):
    """What is counted of matters (docs/metrics.md#matters); the rows behind a figure are those it counts."""

    MATTERS = "matters", "事项"
    OPEN = "open", "未办完"
    OVERDUE = "overdue", "逾期"
    ESCALATED = "escalated", "提级办理"
    REPLY_DUE = "reply_due", "应回复"
    REPLIED_IN_TIME = "replied_in_time", "按期回复"
    FINISHED = "finished", "办结"
    VISITED = "visited", "已回访"
    CONTENT = "content", "满意"
    ANSWERED = "answered", "已回复"


CATEGORIES = (
    "用地", "规划", "环评能评", "征迁", "资金", "手续", "要素", "施工环境", "其他",
)  # fmt: skip
