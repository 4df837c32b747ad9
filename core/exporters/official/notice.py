"""督办单: what a supervision notice says, as blocks of an official document (yellow: 督办单, red: 督办函)."""

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Notice:
    """
    One notice.

    Attributes:
        code: Number of the case, 督〔2026〕12号.
        owner: Who has to answer: unit, headquarters or county.
        subject: Project or group that got the flag; *place* names its county and headquarters.
        reasons: Why, worst first, with the rule codes.
        plan_due_on: Day by which the plan is due.
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
    organ: str
    issued_on: date
    deadline_note: str = ""


def notice_title(notice: Notice) -> str:
    """Return the title: 督办单, or 督办函 for a red flag."""
    kind = "督办函" if notice.level is FlagLevel.SEVERE else "督办单"
    return f"关于“{notice.subject}”的{kind}"


def notice_blocks(notices: Iterable[Notice]) -> list[Block]:
    """Return the blocks of the notices, one after the other, each under its own letterhead."""
    blocks: list[Block] = []
    for notice in notices:
        blocks += _one(notice)
    return blocks


def _one(notice: Notice) -> list[Block]:
    mark = DEFAULT_SCHEME.mark(notice.level)
    due = "" if notice.plan_due_on is None else _day(notice.plan_due_on)
    asked = (
        f"请于{due}前报送整改方案，明确措施、责任人和完成时限；{notice.deadline_note}"
        if due
        else "请抓紧报送整改方案，明确措施、责任人和完成时限。"
    )
    reasons = [Paragraph(f"{number}. {reason}。") for number, reason in enumerate(notice.reasons, start=1)]
    return [
        Letterhead(mark=notice.organ, number=notice.code, organ=notice.organ, issued_on=notice.issued_on),
        Title(notice_title(notice)),
        Addressee(f"{notice.owner}："),
        Paragraph(f"在{notice.round_title}中，“{notice.subject}”被评定为{mark.word}旗，现予督办。"),
        Form(
            (
                (("督办编号", notice.code), ("旗色", f"{mark.shape} {mark.word}旗（{notice.level.label}）")),
                (("督办事项", notice.subject),),
                (("所在地区、指挥部", notice.place or "—"),),
                (("责任单位", notice.owner),),
                (("方案报送期限", due or "—"),),
            )
        ),
        Heading(1, "亮旗依据"),
        *(reasons or [Paragraph("见督查通报。")]),
        Heading(1, "整改要求"),
        Paragraph(asked),
        Paragraph("整改完成后报送反馈和佐证材料（现场照片须含拍摄时间、地点），经现场核查通过后销号。"),
        Paragraph("逾期未报方案或未按期完成的，按规定升级督办。"),
        Signature(notice.organ, notice.issued_on),
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
