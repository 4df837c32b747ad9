"""How a campaign of the demo city is written down, and the sentences all of them share."""

from dataclasses import dataclass

from core.domain.campaigns.words import CampaignKind, ReportPeriod


@dataclass(frozen=True, slots=True)
class TaskText:
    """
    One task.

    Attributes:
        number: Outline number.
        start, finish: Days from the moment (negative = before it).
        percent: Progress reported; None = never reported.
        status: open, claimed, returned or closed_out.
        moved: Days by which the finish date was moved once; 0 = never.
        target, actual: Of the measure, in its unit; None = not quantified.
    """

    number: str
    name: str
    unit: str
    person: str
    start: int
    finish: int
    percent: int | None = None
    status: str = "open"
    measure: str = ""
    measure_unit: str = ""
    target: int | None = None
    actual: int | None = None
    supporting: str = ""
    weight: int = 1
    moved: int = 0
    is_reported: bool = True


@dataclass(frozen=True, slots=True)
class CampaignText:
    """
    One campaign.

    Attributes:
        headquarters: Code of the headquarters it belongs to, or "".
        county: Short name of its county, or "".
        start, finish: Days from the moment.
        clarities: Standard, approach, duties, results.
        verdict: passed, conditional, failed or "".
        score: Third-party score; None = not assessed.
    """

    kind: CampaignKind
    name: str
    leader: str
    unit: str
    start: int
    finish: int
    clarities: tuple[str, str, str, str]
    tasks: tuple[TaskText, ...]
    headquarters: str = ""
    county: str = ""
    period: ReportPeriod = ReportPeriod.WEEK
    verdict: str = ""
    score: int | None = None
    is_draft: bool = False


PHASES: tuple[tuple[str, float, float, str], ...] = (
    ("动员部署", 0.0, 0.15, "方案到项目、任务到人，签订责任书。"),
    ("集中攻坚", 0.15, 0.8, "按清单逐项推进，逾期任务挂牌督办。"),
    ("验收巩固", 0.8, 1.0, "逐项对账销号，到点验收，固化制度。"),
)
ASSESSORS = ("省社会科学院评估组", "云岭大学公共管理学院", "中工咨询评估公司")
FINDINGS = "目标设定清晰，责任落实到位；量化成效可核验，群众知晓率有待提高，建议完善长效机制。"
FAILED_RECORD = "抽查堤防两段，压实度不达标，资料缺第三方检测报告。"
FAILED_CONDITIONS = "返工不达标堤段并补充第三方检测，整改后重新申请销号。"
CONDITIONAL_RECORD = "房产、土地盘活进度达到阶段目标，特许经营权出让滞后。"
CONDITIONAL_CONDITIONS = "一个月内完成特许经营方案报批并挂网。"
PASSED_RECORD = "逐项核对台账和现场，任务全部销号，量化目标达到或超过。"
RETURN_REASON = "佐证材料不齐，现场检测数据与填报不一致，请整改后重新申请。"
MOVE_REASON = "跨铁路段施工窗口期调整，经指挥部同意顺延。"
PROGRESS_NOTES = (
    "按周计划推进，人员设备满足进度要求。",
    "本期完成阶段目标，下一步转入收尾。",
    "协调解决管线迁改，恢复正常施工。",
    "已完成招标，施工单位进场。",
)
