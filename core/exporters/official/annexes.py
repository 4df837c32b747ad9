"""The annexes of a bulletin as a workbook: ranking, a sheet per level, every project, problems, levels set by hand.

Amounts keep every 元 and percentages are numbers, so that an office can go on calculating; the bulletin's rounding
is a matter of paper.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from core.domain.bulletin_texts import BulletinTexts, period_label
from core.domain.round_snapshot import RoundSnapshot, SnapshotDecision
from core.domain.supervision_terms import OverrideKind, SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING, round_exact
from core.exporters.layout import Form, SheetColumn, SheetLayout, Value
from core.exporters.official.bulletin.figures import (
    LEVEL_ORDER,
    Figures,
    Sums,
    count,
    flag_word,
    in_order,
    reasons,
    sum_up,
    sums_of,
)
from core.exporters.official.bulletin.tables import ranked
from core.exporters.workbook import Sheet, build_sheets

_MONEY = (
    SheetColumn("年度计划", 14, Form.WAN),
    SheetColumn("序时应完成", 14, Form.WAN),
    SheetColumn("累计完成", 14, Form.WAN),
    SheetColumn("本期新增", 13, Form.WAN),
    SheetColumn("完成率", 10, Form.RATIO),
    SheetColumn("序时差(百分点)", 12, Form.PP),
)
_PROJECT = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("编号", 12, Form.WORD),
    SheetColumn("项目", 32),
    SheetColumn("县区", 12, Form.WORD),
    SheetColumn("指挥部", 16),
    SheetColumn("责任单位", 18),
    SheetColumn("包保领导", 14),
    SheetColumn("总投资", 15, Form.WAN),
    *_MONEY,
    SheetColumn("规则旗色", 10, Form.WORD),
    SheetColumn("计算旗色", 10, Form.WORD),
    SheetColumn("公布旗色", 10, Form.WORD),
    SheetColumn("上轮", 10, Form.WORD),
    SheetColumn("连续次数", 8, Form.COUNT),
    SheetColumn("亮旗原因", 50),
)
_PROBLEM = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("编号", 12, Form.WORD),
    SheetColumn("问题", 40),
    SheetColumn("项目", 32),
    SheetColumn("县区", 12, Form.WORD),
    SheetColumn("责任单位", 18),
    SheetColumn("办结期限", 12, Form.DAY),
    SheetColumn("逾期天数", 9, Form.COUNT),
    SheetColumn("已提级", 8, Form.YES_NO),
)
_OVERRIDE = (
    SheetColumn("序号", 6, Form.COUNT),
    SheetColumn("对象", 12, Form.WORD),
    SheetColumn("名称", 32),
    SheetColumn("计算旗色", 10, Form.WORD),
    SheetColumn("公布旗色", 10, Form.WORD),
    SheetColumn("调整原因", 46),
    SheetColumn("依据文号", 22),
    SheetColumn("提出", 12, Form.WORD),
    SheetColumn("批准", 12, Form.WORD),
)
_UNIT = "单位：万元"


def build_annexes(snapshot: RoundSnapshot, texts: BulletinTexts) -> bytes:
    """Return the workbook; equal arguments give equal bytes."""
    created_at = snapshot.head.published_at.replace(tzinfo=None)
    return build_sheets(_sheets(snapshot, texts), created_at)


def _sheets(snapshot: RoundSnapshot, texts: BulletinTexts) -> Iterator[Sheet]:
    figures = Figures(texts.rounding, texts.colours)
    projects = snapshot.of(SubjectKind.PROJECT)
    yield _ranking(snapshot, texts, figures)
    for mark, levels in figures.marks():
        found = in_order([decision for decision in projects if decision.level in levels])
        if found:
            yield _projects(snapshot, flag_word(mark), found, figures)
    by_level = [d for level in LEVEL_ORDER for d in in_order([one for one in projects if one.level is level])]
    yield _projects(snapshot, "全部项目", by_level, figures)
    yield _problems(snapshot)
    yield _overrides(snapshot, figures)


def _layout(snapshot: RoundSnapshot, sheet: str, columns: tuple[SheetColumn, ...], unit: str = "") -> SheetLayout:
    head = snapshot.head
    note = f"第{head.number}轮督查，数据截至{head.cut_off_on.isoformat()}"
    return SheetLayout(sheet, f"{period_label(head)}督查{sheet}", columns, note=note, unit=unit, frozen=3)


def _ranking(snapshot: RoundSnapshot, texts: BulletinTexts, figures: Figures) -> Sheet:
    marks = [(mark, levels) for mark, levels in figures.marks() if FlagLevel.EXEMPT not in levels]
    columns = (
        SheetColumn("名次", 7, Form.COUNT),
        SheetColumn("县区", 14, Form.WORD),
        SheetColumn("项目个数", 9, Form.COUNT),
        *_MONEY,
        *(SheetColumn(flag_word(mark), 8, Form.COUNT) for mark, _ in marks),
    )
    rows: list[tuple[Value, ...]] = []
    for place, group in (*ranked(snapshot.groups_of("county"), low_first=texts.low_first), (None, snapshot.city)):
        flags = (count(group.levels, levels) for _, levels in marks)
        money = _money(sums_of(group), group.period_done_yuan)
        rows.append((place, group.name, group.projects, *money, *flags))
    return Sheet(_layout(snapshot, "县区排名", columns, _UNIT), rows[:-1], rows[-1])


def _projects(snapshot: RoundSnapshot, sheet: str, found: Sequence[SnapshotDecision], figures: Figures) -> Sheet:
    rows = [
        (
            number,
            decision.code,
            decision.name,
            decision.county,
            decision.headquarters,
            decision.unit,
            decision.leader,
            decision.total_investment_yuan,
            *_money(sum_up([decision]), decision.period_done_yuan)[:-1],
            _milli(decision.gap_milli_pp),
            figures.mark(decision.rule_level),
            figures.mark(decision.computed_level),
            figures.mark(decision.level),
            figures.mark(decision.previous_level),
            decision.streak,
            reasons(decision),
        )
        for number, decision in enumerate(found, start=1)
    ]
    money = _money(sum_up(found), sum(d.period_done_yuan for d in found))
    invested = sum(d.total_investment_yuan for d in found)
    total: tuple[Value, ...] = (len(found), None, "合计", *[None] * 4, invested, *money, *[None] * 6)
    return Sheet(_layout(snapshot, sheet, _PROJECT, _UNIT), rows, total)


def _money(sums: Sums, period_done_yuan: int) -> tuple[Value, ...]:
    rate, gap = sums.completion, sums.gap_pp
    return (
        sums.plan_yuan,
        sums.due_yuan,
        sums.done_yuan,
        period_done_yuan,
        NOTHING if rate is None else float(rate),
        NOTHING if gap is None else float(gap),
    )


def _milli(gap_milli_pp: int | None) -> Value:
    return NOTHING if gap_milli_pp is None else float(round_exact(Fraction(gap_milli_pp, 1000), 3))


def _problems(snapshot: RoundSnapshot) -> Sheet:
    ordered = sorted(snapshot.problems, key=lambda p: (-p.overdue_days, p.code))
    rows: list[tuple[Value, ...]] = [
        (n, p.code, p.title, p.project, p.county, p.unit, p.due_on, p.overdue_days, p.is_escalated)
        for n, p in enumerate(ordered, start=1)
    ]
    return Sheet(_layout(snapshot, "问题清单", _PROBLEM), rows)


def _overrides(snapshot: RoundSnapshot, figures: Figures) -> Sheet:
    rows: list[tuple[Value, ...]] = []
    for number, item in enumerate(snapshot.overrides, start=1):
        exempt = item.override == OverrideKind.EXEMPTION.value
        level = "免评" if exempt else figures.mark(item.level)
        words = (item.kind.label, item.name, figures.mark(item.computed_level), level, item.reason, item.document_no)
        rows.append((number, *words, item.proposed_by, item.approved_by))
    return Sheet(_layout(snapshot, "人工调整", _OVERRIDE), rows)
