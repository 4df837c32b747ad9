"""项目简报: one project on one page of A4, for the car; several projects make a file with one page each."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.schedule import gap_wording
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING, YUAN_PER_YI, format_pct, format_yi
from core.exporters.official.blocks import Align, Block, Column, Form, NewPage, Picture, Table, Title
from core.exporters.official.charts import chart_fonts
from core.exporters.official.cutting import cut

NODES_SHOWN, PROBLEMS_SHOWN, CHANGES_SHOWN = 6, 4, 5
_CHART_INCHES, _DPI = (6.9, 1.7), 180
_CHART_BOX = (0.075, 0.15, 0.915, 0.82)  # left, bottom, width, height
_PLAN, _DONE = "#6c7684", "#1a6fc4"
# Widths in full characters of 10 pt letters: a line of a whole row, of half a row.
_ROW, _HALF = 40, 15


@dataclass(frozen=True, slots=True)
class BriefNode:
    """A node of the brief; *state* says late by how many days, or how many are left."""

    name: str
    planned_on: date
    first_on: date
    moves: int
    state: str


@dataclass(frozen=True, slots=True)
class BriefProblem:
    """An open problem with owner and clock."""

    title: str
    owner: str
    due_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class ProjectBrief:
    """
    What the page says; every text may be of any length and is cut to its room.

    Attributes:
        leader: Sponsor leaders, joined by 、.
        figures_on: Last month whose money is counted, in words.
        plan_yuan: Annual plan; 0 = none, then neither rate nor gap.
        plan_curve: Plan cumulated to the end of month 0..12, 元; *done_curve* up to the month of the figures.
        last_visit_on: The leader's latest visit; *changes* since then.
        level: Of the latest published round, *live* by today's facts with its *reasons*.
        contacts: (role, who) of the 五个一, with what is missing named.
    """

    name: str
    code: str
    leader: str
    place: str
    unit: str
    kind: str
    content: str
    goal: str
    level: FlagLevel
    live: FlagLevel
    reasons: tuple[str, ...]
    today: date
    figures_on: str
    total_yuan: int
    since_start_yuan: int
    plan_yuan: int
    due_yuan: int
    done_yuan: int
    plan_curve: tuple[int, ...]
    done_curve: tuple[int, ...]
    nodes: tuple[BriefNode, ...]
    problems: tuple[BriefProblem, ...]
    last_visit_on: date | None
    changes: tuple[str, ...]
    questions: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]

    @property
    def gap_pp(self) -> Fraction | None:
        """Done less due over the plan, 百分点; None without a plan."""
        return Fraction(100 * (self.done_yuan - self.due_yuan), self.plan_yuan) if self.plan_yuan > 0 else None


def brief_blocks(briefs: Sequence[ProjectBrief]) -> list[Block]:
    """Return the blocks of a tour: one page per project."""
    blocks: list[Block] = []
    with rc_context({"font.family": chart_fonts(), "font.size": 7.5, "axes.unicode_minus": False}):
        for brief in briefs:
            blocks += [NewPage()] if blocks else []
            blocks += _page(brief)
    return blocks


def _page(brief: ProjectBrief) -> list[Block]:
    return [
        Title(cut(brief.name, 26)),
        _facts(brief),
        _chart(brief),
        _nodes(brief),
        _problems(brief),
        _visit(brief),
    ]


def _facts(brief: ProjectBrief) -> Form:
    word = _flag(brief.level)
    if _flag(brief.live) != word:
        word += f"（实时 {_flag(brief.live)}）"
    reasons = "；".join(brief.reasons)
    rate = format_pct(Fraction(brief.done_yuan, brief.plan_yuan)) if brief.plan_yuan > 0 else NOTHING
    plan = f"{format_yi(brief.plan_yuan, 2)} 亿元" if brief.plan_yuan > 0 else "没有年度计划"
    contacts = [(label, cut(who, _HALF)) for label, who in brief.contacts]
    pairs = tuple(tuple(contacts[start : start + 2]) for start in range(0, len(contacts), 2))
    return Form(
        (
            (("包保领导", cut(brief.leader, _HALF)), ("数据截至", f"{brief.today}（投资至{brief.figures_on}）")),
            (("项目编号", cut(brief.code, _HALF)), ("属地指挥部", cut(brief.place, _HALF))),
            (("责任单位", cut(brief.unit, _HALF)), ("类别阶段", cut(brief.kind, _HALF))),
            (
                ("总投资", f"{format_yi(brief.total_yuan, 2)} 亿元"),
                ("开工以来", f"{format_yi(brief.since_start_yuan, 2)} 亿元"),
            ),
            (("年度计划", plan), ("本年完成", f"{format_yi(brief.done_yuan, 2)} 亿元（{rate}）")),
            (("序时进度", gap_wording(brief.gap_pp)), ("旗色", word)),
            (("旗色依据", cut(reasons or "没有触发规则", 2 * _ROW)),),
            (("建设内容", cut(brief.content or NOTHING, 2 * _ROW)),),
            (("年度目标", cut(brief.goal or NOTHING, _ROW)),),
            *pairs,
        )
    )


def _flag(level: FlagLevel) -> str:
    mark = DEFAULT_SCHEME.mark(level)
    return level.label if mark.word == mark.shape else f"{mark.shape} {mark.word}旗"


def _nodes(brief: ProjectBrief) -> Table:
    columns = (
        Column("节点", 36, Align.LEFT),
        Column("现计划", 16),
        Column("首次计划", 16),
        Column("调整", 10),
        Column("状态", 22, Align.LEFT),
    )
    rows = tuple(
        (
            cut(node.name, 17),
            str(node.planned_on),
            str(node.first_on),
            f"{node.moves} 次" if node.moves else NOTHING,
            cut(node.state, 10),
        )
        for node in brief.nodes[:NODES_SHOWN]
    )
    return Table(columns, rows, empty="没有待完成的节点", points=10)


def _problems(brief: ProjectBrief) -> Table:
    columns = (
        Column("在办问题", 44, Align.LEFT),
        Column("主办单位", 22, Align.LEFT),
        Column("办理期限", 16),
        Column("剩余", 18),
    )
    rows = tuple(
        (cut(one.title, 21), cut(one.owner or "未交办", 10), str(one.due_on or NOTHING), cut(one.state or NOTHING, 8))
        for one in brief.problems[:PROBLEMS_SHOWN]
    )
    return Table(columns, rows, empty="没有在办问题", points=10)


def _visit(brief: ProjectBrief) -> Form:
    lines = [cut(line, _ROW) for line in brief.changes[:CHANGES_SHOWN]]
    told = "\n".join(lines) if lines else "没有变化"
    if brief.last_visit_on is None:
        told, label = "包保以来尚未调研", "调研情况"
    else:
        label = "调研以来"
        told = f"上次调研 {brief.last_visit_on}\n{told}"
    asked = "\n".join(f"{number}. {cut(text, _ROW - 2)}" for number, text in enumerate(brief.questions, start=1))
    return Form((((label, told),), (("现场询问", asked or NOTHING),)))


def _chart(brief: ProjectBrief) -> Picture:
    """Cumulated plan and completion of the year; told apart in grey by dashes and marks."""
    figure = Figure(figsize=_CHART_INCHES, dpi=_DPI)
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes(_CHART_BOX)  # no layout engine: a tour has dozens of them
    axes.spines[["top", "right"]].set_visible(False)
    months, done = range(len(brief.plan_curve)), range(len(brief.done_curve))
    if brief.plan_yuan > 0:
        axes.plot(months, [_yi(v) for v in brief.plan_curve], "--", color=_PLAN, linewidth=1.2, label="累计计划")
    axes.plot(
        done, [_yi(v) for v in brief.done_curve], "-o", color=_DONE, linewidth=1.6, markersize=3, label="累计完成"
    )
    axes.set_xticks(range(13), ["", *(f"{n}月" for n in range(1, 13))])
    axes.set_xlim(0, 12.2)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("亿元")
    axes.legend(loc="upper left", ncols=2, frameon=False)
    target = io.BytesIO()
    figure.savefig(target, format="png", metadata={"Software": None})  # no program version: equal facts, equal bytes
    words = f"计划{format_yi(brief.plan_yuan, 2)}亿元，完成{format_yi(brief.done_yuan, 2)}亿元"
    return Picture(target.getvalue(), "", words)


def _yi(yuan: int) -> float:
    return float(Fraction(yuan, YUAN_PER_YI))
