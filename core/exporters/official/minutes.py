"""会议纪要: what the minutes of a meeting say, as blocks of an official document; the store keeps them as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from core.exporters.official.blocks import (
    Align,
    Annex,
    Attachments,
    Block,
    Column,
    Form,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    Title,
)
from core.exporters.official.numbering import chinese_date

_ANNEX = "议定事项任务分解表"


@dataclass(frozen=True, slots=True)
class MinutesDecision:
    """
    One decision as it was handed out.

    Attributes:
        due_on: Deadline in ISO form; empty = none, it was noted on a matter whose own deadline stands.
        matter_code: Number of the matter that carries it.
    """

    text: str
    unit: str
    owner: str
    due_on: str
    matter_code: str


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One item: *outcome* is the word for what became of it when nothing was decided."""

    title: str
    reason: str
    discussion: str
    outcome: str
    is_settled: bool
    decisions: tuple[MinutesDecision, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything the minutes say; days in ISO form, because this is what the store keeps."""

    organ: str
    code: str
    title: str
    held_on: str
    starts_at: str
    place: str
    chair: str
    participants: str
    signed_on: str
    items: tuple[MinutesItem, ...]


def minutes_to_json(minutes: Minutes) -> str:
    """Return *minutes* as the store keeps them."""
    return json.dumps(asdict(minutes), ensure_ascii=False, sort_keys=True)


def minutes_from_json(body: str) -> Minutes:
    """Return what ``minutes_to_json`` wrote."""
    values = json.loads(body)
    items = tuple(
        MinutesItem(**{**item, "decisions": tuple(MinutesDecision(**one) for one in item["decisions"])})
        for item in values.pop("items")
    )
    return Minutes(**values, items=items)


def minutes_title(minutes: Minutes) -> str:
    """Return the title of the document."""
    return f"{minutes.title}纪要"


def minutes_blocks(minutes: Minutes) -> list[Block]:
    """Return the blocks of the minutes."""
    signed_on = date.fromisoformat(minutes.signed_on)
    settled = [item for item in minutes.items if item.is_settled]
    left = [item for item in minutes.items if not item.is_settled]
    annex = _annex(minutes)
    return [
        Letterhead(mark="会议纪要", number=minutes.code, organ=minutes.organ, issued_on=signed_on),
        Title(minutes_title(minutes)),
        Form(tuple(((label, text or "—"),) for label, text in _head(minutes))),
        Heading(1, "议定事项"),
        *(_settled(settled) if settled else [Paragraph("本次会议没有议定事项。")]),
        *([Heading(1, "未决事项"), *_left(left)] if left else []),
        *([Attachments((_ANNEX,))] if annex else []),
        Signature(minutes.organ, signed_on),
        *annex,
    ]


def _head(minutes: Minutes) -> tuple[tuple[str, str], ...]:
    when = chinese_date(date.fromisoformat(minutes.held_on))
    return (
        ("时间", f"{when} {minutes.starts_at}".strip()),
        ("地点", minutes.place),
        ("主持", minutes.chair),
        ("参加", minutes.participants),
    )


def _settled(items: list[MinutesItem]) -> Iterator[Block]:
    number = 0
    for item in items:
        yield Heading(2, item.title)
        if item.discussion:
            yield Paragraph(item.discussion)
        for one in item.decisions:
            number += 1
            yield Paragraph(f"{number}. {_ended(one.text)}（{_charge(one)}）")
        if not item.discussion and not item.decisions:
            yield Paragraph("会议听取了情况汇报。")


def _left(items: list[MinutesItem]) -> Iterator[Block]:
    for number, item in enumerate(items, start=1):
        parts = [f"{item.title}：{item.outcome}", item.discussion]
        yield Paragraph(f"{number}. {_ended('。'.join(part.rstrip('。') for part in parts if part))}")


def _charge(one: MinutesDecision) -> str:
    parts = [f"责任单位：{one.unit}" if one.unit else "", f"责任人：{one.owner}" if one.owner else ""]
    parts += [f"完成时限：{chinese_date(date.fromisoformat(one.due_on))}" if one.due_on else ""]
    parts += [f"事项编号：{one.matter_code}" if one.matter_code else ""]
    return "，".join(part for part in parts if part)


def _annex(minutes: Minutes) -> list[Block]:
    decided = [(item, one) for item in minutes.items if item.is_settled for one in item.decisions]
    if not decided:
        return []
    columns = (
        Column("序号", 1),
        Column("议题", 4, Align.LEFT),
        Column("议定事项", 6, Align.LEFT),
        Column("责任单位", 3, Align.LEFT),
        Column("责任人", 2),
        Column("完成时限", 2.4),
        Column("事项编号", 2.8),
    )
    rows = tuple(
        (str(number), item.title, one.text, one.unit or "—", one.owner or "—", one.due_on or "—", one.matter_code)
        for number, (item, one) in enumerate(decided, start=1)
    )
    return [Annex(_ANNEX, landscape=True), Table(columns, rows)]


def _ended(text: str) -> str:
    clean = " ".join(text.split())
    return clean if clean.endswith(("。", "！", "？", "；")) else f"{clean}。"
