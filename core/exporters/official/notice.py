"""督办单: what a supervision notice says, as blocks of an official document (yellow: 督办单, red: 督办函)."""

from dataclasses import dataclass
from datetime import date

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.terms import FlagLevel
from core.exporters.official.blocks import (
    Addressee,
    Block,
    Form,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Title,
)
from core.exporters.official.numbering import chinese_date


@dataclass(frozen=True, slots=True)
class Notice:
    """
    One notice, worded from what was stored when it went out, so that it prints the same ever after.

    Attributes:
        code: Number of the case, 督〔2026〕12号.
        owner: Who has to answer: unit, headquarters or county.
        subject: Project or group that got the flag; *place* names its county and headquarters.
        level: The flag as it was published, whatever the case was raised to since.
        reasons: Why, worst first.
        plan_due_on: Day by which the plan is due; None = not sent yet, the days count from the sending.
        plan_workdays: Working days the unit has for it.
        organ: Who sends it, dated *issued_on*.
        deadline_note: Said when the make-up days of a year are not published yet; empty otherwise.
    """

    code: str
    round_title: str
    owner: str
    subject: str
    place: str
    level: FlagLevel
    reasons: tuple[str, ...]
    plan_due_on: date | None
    plan_workdays: int
    organ: str
    issued_on: date
    deadline_note: str = ""


def notice_title(notice: Notice) -> str:
    """Return the title: 督办单, or 督办函 for a red flag."""
    kind = "督办函" if notice.level is FlagLevel.SEVERE else "督办单"
    return f"关于“{notice.subject}”的{kind}"


def notice_blocks(notice: Notice) -> list[Block]:
    """Return the blocks of one notice under its letterhead."""
    mark = DEFAULT_SCHEME.mark(notice.level)
    reasons = [Paragraph(f"{number}. {reason}。") for number, reason in enumerate(notice.reasons, start=1)]
    is_red = notice.level is FlagLevel.SEVERE
    return [
        Letterhead(mark=notice.organ, number=notice.code, organ=notice.organ, issued_on=notice.issued_on),
        Title(notice_title(notice)),
        Addressee(notice.owner),
        Paragraph(f"在{notice.round_title}中，“{notice.subject}”被评定为{mark.word}旗，现予督办。"),
        Form(
            (
                (("督办编号", notice.code), ("旗色", f"{mark.shape} {mark.word}旗（{notice.level.label}）")),
                (("督办事项", notice.subject),),
                (("属地指挥部", notice.place or "—"),),
                (("责任单位", notice.owner),),
                (("方案期限", _deadline(notice)),),
                (("签发", ""), ("签收", "")),
            )
        ),
        Heading(1, "亮旗依据"),
        *(reasons or [Paragraph("见督查通报。")]),
        Heading(1, "整改要求"),
        Paragraph(f"{_asked(notice)}报送整改方案，明确措施、责任人和完成时限。{notice.deadline_note}"),
        *([Paragraph("主要负责同志须亲自研究部署，必要时由市领导约谈。")] if is_red else []),
        Heading(1, "反馈要求"),
        Paragraph("整改完成后报送反馈和佐证材料（现场照片须为原图，含拍摄时间、地点），经现场核查通过后销号。"),
        Paragraph("确需延期的，须在到期前至少一个工作日提出申请。逾期未报方案或未按期完成的，按规定升级督办。"),
        Signature(notice.organ, notice.issued_on),
    ]


def _deadline(notice: Notice) -> str:
    if notice.plan_due_on is None:
        return f"下发之日起 {notice.plan_workdays} 个工作日内"
    return f"{chinese_date(notice.plan_due_on)}（{notice.plan_workdays} 个工作日）"


def _asked(notice: Notice) -> str:
    if notice.plan_due_on is None:
        return f"请于本件下发之日起 {notice.plan_workdays} 个工作日内"
    return f"请于{chinese_date(notice.plan_due_on)}前"
