"""二、亮旗情况: counts and movements, a table per level with reasons, other subjects, levels set by hand."""

from collections.abc import Iterator, Sequence

from core.domain.bulletin_texts import BulletinTexts
from core.domain.flag_rules import LEVEL_RANK
from core.domain.round_snapshot import RoundSnapshot, SnapshotDecision
from core.domain.supervision_terms import OverrideKind, SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING
from core.exporters.official.blocks import Align, Block, Column, Heading, Paragraph, Picture, Table
from core.exporters.official.bulletin.figures import (
    FLAGGED,
    KIND_ORDER,
    LEVEL_ORDER,
    PRINTED,
    Figures,
    count,
    flag_word,
    in_order,
    reasons,
    rest_note,
    sum_up,
)

_COLUMNS = (
    Column("序号", 7),
    Column("项目", 26, Align.LEFT),
    Column("责任单位", 16, Align.LEFT),
    Column("包保\n领导", 12),
    Column("年度计划\n(万元)", 16, Align.RIGHT),
    Column("累计完成\n(万元)", 16, Align.RIGHT),
    Column("完成率", 12, Align.RIGHT),
    Column("序时差\n(百分点)", 14, Align.RIGHT),
    Column("亮旗原因", 28, Align.LEFT),
    Column("上轮", 9),
    Column("连续\n次数", 8),
)
_SUBJECTS = (
    Column("序号", 7),
    Column("对象", 12),
    Column("名称", 30, Align.LEFT),
    Column("旗色", 10),
    Column("亮旗原因", 60, Align.LEFT),
    Column("上轮", 10),
    Column("连续次数", 10),
)
_OVERRIDES = (
    Column("序号", 6),
    Column("对象", 30, Align.LEFT),
    Column("计算旗色", 12),
    Column("公布旗色", 12),
    Column("调整原因", 40, Align.LEFT),
    Column("依据", 22, Align.LEFT),
    Column("提出", 11),
    Column("批准", 11),
)
_SMALL = 9.0
_COLOURED = (FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.NOTICE, FlagLevel.OK)


def flags(
    snapshot: RoundSnapshot, texts: BulletinTexts, figures: Figures, charts: Sequence[Picture]
) -> Iterator[Block]:
    """Yield the section."""
    projects = snapshot.of(SubjectKind.PROJECT)
    yield Heading(1, "亮旗情况")
    yield Paragraph(_counts(snapshot, figures))
    if snapshot.city.previous_levels:
        yield Paragraph(movement_sentence(projects))
    yield from charts
    yield from _levels(projects, texts, figures)
    yield from _subjects(snapshot, figures)
    yield from _overrides(snapshot, figures)


def _counts(snapshot: RoundSnapshot, figures: Figures) -> str:
    city, rules = snapshot.city, snapshot.head.rule_set
    parts = []
    for mark, levels in figures.marks():
        now, before = count(city.levels, levels), count(city.previous_levels, levels)
        if now or before or levels[0] in _COLOURED:
            compared = f"（上轮{before}个）" if city.previous_levels else ""
            parts.append(f"{flag_word(mark)}{now}个{compared}")
    name, version = rules.get("name", ""), rules.get("version", "")
    return f"按“{name}”第{version}版评定，{'、'.join(parts)}。本期销号{snapshot.closed_out}个。"


def movement_sentence(projects: Sequence[SnapshotDecision]) -> str:
    """Return how projects moved against the round before: better, worse, the same, judged for the first time."""
    better = worse = same = first = 0
    for decision in projects:
        now, before = LEVEL_RANK.get(decision.level), _rank(decision.previous_level)
        if now is None:
            continue
        if before is None:
            first += 1
        elif now < before:
            better += 1
        elif now > before:
            worse += 1
        else:
            same += 1
    again = sum(decision.streak >= 2 and decision.level in FLAGGED for decision in projects)
    return (
        f"与上轮相比，旗色好转{better}个、变差{worse}个、持平{same}个，首次评定{first}个；"
        f"连续两轮及以上亮黄旗或红旗的项目{again}个。"
    )


def _rank(level: FlagLevel | None) -> int | None:
    return None if level is None else LEVEL_RANK.get(level)


def _levels(projects: Sequence[SnapshotDecision], texts: BulletinTexts, figures: Figures) -> Iterator[Block]:
    for mark, levels in figures.marks():
        found = in_order([decision for decision in projects if decision.level in levels])
        if not found and levels[0] not in FLAGGED:
            continue
        yield Heading(2, f"{flag_word(mark)}项目（{len(found)}个）")
        if FlagLevel.EXEMPT in levels or (FlagLevel.OK in levels and not texts.lists_green):
            yield Paragraph("名单见附件2。")
            continue
        yield Table(
            _COLUMNS,
            tuple(_row(number, decision, figures) for number, decision in enumerate(found[:PRINTED], start=1)),
            f"{flag_word(mark)}项目",
            total=_total(found, figures) if found else None,
            points=_SMALL,
        )
        if rest_note(len(found)):
            yield Paragraph(rest_note(len(found)))


def _row(number: int, decision: SnapshotDecision, figures: Figures) -> tuple[str, ...]:
    return (
        str(number),
        decision.name,
        decision.unit or NOTHING,
        decision.leader or NOTHING,
        figures.wan(decision.annual_plan_yuan),
        figures.wan(decision.ytd_done_yuan),
        figures.rate(sum_up([decision])),
        figures.gap_of(decision),
        reasons(decision),
        figures.mark(decision.previous_level),
        str(decision.streak) if decision.streak else NOTHING,
    )


def _total(found: Sequence[SnapshotDecision], figures: Figures) -> tuple[str, ...]:
    sums = sum_up(found)
    money = (figures.wan(sums.plan_yuan), figures.wan(sums.done_yuan), figures.rate(sums), figures.gap(sums))
    return ("", f"合计（{len(found)}个）", "", "", *money, "", "", "")


def _subjects(snapshot: RoundSnapshot, figures: Figures) -> Iterator[Block]:
    found = [d for kind in KIND_ORDER for d in snapshot.of(kind, *FLAGGED)]
    if not found:
        return
    found.sort(key=lambda d: (KIND_ORDER.index(d.kind), LEVEL_ORDER.index(d.level), d.id))
    yield Heading(2, f"县区、指挥部和单位亮旗（{len(found)}个）")
    rows = (
        (
            str(number),
            decision.kind.label,
            decision.name,
            figures.mark(decision.level),
            reasons(decision),
            figures.mark(decision.previous_level),
            str(decision.streak),
        )
        for number, decision in enumerate(found, start=1)
    )
    yield Table(_SUBJECTS, tuple(rows), "县区、指挥部和单位亮旗情况")


def _overrides(snapshot: RoundSnapshot, figures: Figures) -> Iterator[Block]:
    if not snapshot.overrides:
        return
    yield Heading(2, f"人工调整（{len(snapshot.overrides)}项）")
    rows = (
        (
            str(number),
            item.name,
            figures.mark(item.computed_level),
            _published(item.override, item.level, figures),
            item.reason,
            item.document_no or NOTHING,
            item.proposed_by,
            item.approved_by,
        )
        for number, item in enumerate(snapshot.overrides, start=1)
    )
    yield Table(_OVERRIDES, tuple(rows), "旗色人工调整情况")


def _published(override: str, level: FlagLevel, figures: Figures) -> str:
    return "免评" if override == OverrideKind.EXEMPTION.value else figures.mark(level)
