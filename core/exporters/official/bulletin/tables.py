"""Annexes of a bulletin: ranking of counties, every project, the problem list."""

from collections.abc import Iterator, Sequence

from core.domain.bulletin_texts import BulletinTexts
from core.domain.round_snapshot import GroupFigures, RoundSnapshot
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING
from core.exporters.official.blocks import Align, Annex, Block, Column, Paragraph, Table
from core.exporters.official.bulletin.figures import (
    LEVEL_ORDER,
    PRINTED,
    Figures,
    count,
    flag_word,
    in_order,
    reasons,
    rest_note,
    sum_up,
    sums_of,
)

NAMES = ("各县区投资完成率排名表", "督查项目明细表", "未办结问题清单")
_RANKING = (
    Column("名次", 9),
    Column("县区", 14),
    Column("项目\n个数", 8, Align.RIGHT),
    Column("年度计划\n(亿元)", 14, Align.RIGHT),
    Column("累计完成\n(亿元)", 14, Align.RIGHT),
    Column("完成率", 11, Align.RIGHT),
    Column("序时差\n(百分点)", 12, Align.RIGHT),
)
_DETAILS = (
    Column("序号", 9),
    Column("编号", 17),
    Column("项目", 34, Align.LEFT),
    Column("县区", 12),
    Column("责任单位", 19, Align.LEFT),
    Column("包保领导", 14),
    Column("总投资\n(万元)", 19, Align.RIGHT),
    Column("年度计划\n(万元)", 17, Align.RIGHT),
    Column("累计完成\n(万元)", 17, Align.RIGHT),
    Column("本期新增\n(万元)", 16, Align.RIGHT),
    Column("完成率", 12, Align.RIGHT),
    Column("序时差\n(百分点)", 14, Align.RIGHT),
    Column("旗色", 10),
    Column("上轮", 10),
    Column("连续\n次数", 8),
    Column("亮旗原因", 34, Align.LEFT),
)
_PROBLEMS = (
    Column("序号", 9),
    Column("编号", 16),
    Column("问题", 50, Align.LEFT),
    Column("项目", 40, Align.LEFT),
    Column("县区", 14),
    Column("责任单位", 22, Align.LEFT),
    Column("办结期限", 18),
    Column("逾期天数", 15, Align.RIGHT),
    Column("提级", 9),
)
_SMALL = 9.0


def ranked(groups: Sequence[GroupFigures], *, low_first: bool) -> list[tuple[int | None, GroupFigures]]:
    """
    Return *groups* with their place by completion rate (1 = highest), ties sharing it, in the order of the sheet.

    Groups without a plan have no rate and no place; they stand last in either order.
    """
    rated = [(sums_of(group).completion, group) for group in groups]
    known = sorted((rate for rate, _ in rated if rate is not None), reverse=True)
    placed = [(None if rate is None else known.index(rate) + 1, group) for rate, group in rated]
    sign = -1 if low_first else 1
    return sorted(placed, key=lambda pair: (pair[0] is None, sign * (pair[0] or 0), pair[1].id))


def annexes(snapshot: RoundSnapshot, texts: BulletinTexts, figures: Figures) -> Iterator[Block]:
    """Yield the three annexes."""
    yield Annex(NAMES[0])
    yield _ranking(snapshot, texts, figures)
    yield Annex(NAMES[1], landscape=True)
    yield _details(snapshot, figures)
    yield from _rest(len(snapshot.of(SubjectKind.PROJECT)))
    yield Annex(NAMES[2], landscape=True)
    yield _problem_table(snapshot)
    yield from _rest(len(snapshot.problems))


def _rest(found: int) -> Iterator[Block]:
    if rest_note(found):
        yield Paragraph(rest_note(found))


def _ranking(snapshot: RoundSnapshot, texts: BulletinTexts, figures: Figures) -> Table:
    marks = [(mark, levels) for mark, levels in figures.marks() if FlagLevel.EXEMPT not in levels]
    columns = (*_RANKING, *(Column(flag_word(mark), 9, Align.RIGHT) for mark, _ in marks))

    def cells(place: str, group: GroupFigures) -> tuple[str, ...]:
        sums = sums_of(group)
        return (
            place,
            group.name,
            str(group.projects),
            figures.yi(group.annual_plan_yuan),
            figures.yi(group.done_yuan),
            figures.rate(sums),
            figures.gap(sums),
            *(str(count(group.levels, levels)) for _, levels in marks),
        )

    places = ranked(snapshot.groups_of("county"), low_first=texts.low_first)
    rows = tuple(cells(NOTHING if place is None else str(place), group) for place, group in places)
    return Table(columns, rows, total=cells("", snapshot.city))


def _details(snapshot: RoundSnapshot, figures: Figures) -> Table:
    projects = snapshot.of(SubjectKind.PROJECT)
    by_level = [d for level in LEVEL_ORDER for d in in_order([one for one in projects if one.level is level])]
    rows = tuple(
        (
            str(number),
            decision.code,
            decision.name,
            decision.county or NOTHING,
            decision.unit or NOTHING,
            decision.leader or NOTHING,
            figures.wan(decision.total_investment_yuan),
            figures.wan(decision.annual_plan_yuan),
            figures.wan(decision.ytd_done_yuan),
            figures.wan(decision.period_done_yuan),
            figures.rate(sum_up([decision])),
            figures.gap_of(decision),
            figures.mark(decision.level),
            figures.mark(decision.previous_level),
            str(decision.streak) if decision.streak else NOTHING,
            reasons(decision),
        )
        for number, decision in enumerate(by_level[:PRINTED], start=1)
    )
    sums = sum_up(projects)
    total = (
        *("", "", f"合计（{len(projects)}个）", "", "", ""),
        figures.wan(sum(d.total_investment_yuan for d in projects)),
        figures.wan(sums.plan_yuan),
        figures.wan(sums.done_yuan),
        figures.wan(sum(d.period_done_yuan for d in projects)),
        figures.rate(sums),
        figures.gap(sums),
        *("", "", "", ""),
    )
    return Table(_DETAILS, rows, total=total if projects else None, points=_SMALL)


def _problem_table(snapshot: RoundSnapshot) -> Table:
    ordered = sorted(snapshot.problems, key=lambda p: (-p.overdue_days, p.code))
    rows = tuple(
        (
            str(number),
            problem.code,
            problem.title,
            problem.project or NOTHING,
            problem.county or NOTHING,
            problem.unit or NOTHING,
            NOTHING if problem.due_on is None else problem.due_on.isoformat(),
            str(problem.overdue_days) if problem.overdue_days else NOTHING,
            "是" if problem.is_escalated else "否",
        )
        for number, problem in enumerate(ordered[:PRINTED], start=1)
    )
    return Table(_PROBLEMS, rows)
