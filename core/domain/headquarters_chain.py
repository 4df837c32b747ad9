"""
The chain of a project (项目链条): 策划 → 包装 → 争取 → 落地 → 建设 → 投产, told from dated facts.

Basis: docs/metrics.md#chain. The present step is the farthest one a dated fact proves; steps in between count as
passed, so that a funnel never widens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.domain.terms import Stage, Term


class ChainStep(Term):
    """A step of the chain, first to last."""

    PLANNED = "planned", "策划"
    PACKAGED = "packaged", "包装"
    CONTENDED = "contended", "争取"
    LANDED = "landed", "落地"
    BUILDING = "building", "建设"
    PRODUCING = "producing", "投产"


class ProjectSource(Term):
    """Where a project came from (项目来源)."""

    PLANNED = "planned", "策划"
    WON = "won", "争取"
    COMPILED = "compiled", "编制"
    ATTRACTED = "attracted", "招商"
    UNKNOWN = "unknown", "未注明"


STEPS: tuple[ChainStep, ...] = tuple(ChainStep)
# These left the chain: they stand at no step.
OFF_CHAIN = frozenset({Stage.WITHDRAWN, Stage.TERMINATED, Stage.MERGED})
# A ledger that names the status but not the day proves the step, not when it was taken.
BUILDING_STAGES = frozenset({Stage.CONSTRUCTION, Stage.SUSPENDED, Stage.COMPLETED})
PRODUCING_STAGES = frozenset({Stage.COMMISSIONED, Stage.FULL_CAPACITY})
SOURCES: tuple[ProjectSource, ...] = tuple(ProjectSource)


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """
    What proves the steps of one project; days after the as-of day have not happened.

    Attributes:
        reserved_on: 储备入库 (包装).
        contended_on: The earliest of 签约 and the first application for money from above (争取).
        landed_on: The earliest of 履约, the first plot in use and 落地落图 or 标准地出让 (落地).
        has_plot: It holds a plot whose first day is not known: proves 落地, not when.
        started_on: 开工 (建设).
        producing_on: The earlier of 投产 and 达效 (投产).
    """

    stage: Stage
    reserved_on: date | None = None
    contended_on: date | None = None
    landed_on: date | None = None
    has_plot: bool = False
    started_on: date | None = None
    producing_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """Where a project stands on the chain, and since when (None = the day is not known)."""

    step: ChainStep
    since_on: date | None


@dataclass(frozen=True, slots=True)
class ChainCount:
    """Projects of one step and one source: number and Σ 总投资, 元."""

    step: ChainStep
    source: ProjectSource
    projects: int
    total_yuan: int


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """
    One step of the funnel.

    Attributes:
        present: Projects whose farthest step it is; *present_yuan* is their Σ 总投资.
        reached: Projects at this step or beyond; *reached_yuan* likewise.
        conversion: reached ÷ reached of the step before; None for the first step and where nothing came before.
    """

    step: ChainStep
    present: int
    present_yuan: int
    reached: int
    reached_yuan: int
    conversion: Fraction | None


def source_of(code: str) -> ProjectSource:
    """Return the source that the store keeps as *code*; empty = not known."""
    return ProjectSource(code) if code else ProjectSource.UNKNOWN


def source_code(source: ProjectSource) -> str:
    """Return what the store keeps of *source*."""
    return "" if source is ProjectSource.UNKNOWN else source.value


def chain_place(facts: ChainFacts, on: date) -> ChainPlace | None:
    """Return where a project stands on the chain on the day *on*; None when it left the chain."""
    if facts.stage in OFF_CHAIN:
        return None
    proofs = (
        (ChainStep.PRODUCING, facts.producing_on, facts.stage in PRODUCING_STAGES),
        (ChainStep.BUILDING, facts.started_on, facts.stage in BUILDING_STAGES),
        (ChainStep.LANDED, facts.landed_on, facts.has_plot),
        (ChainStep.CONTENDED, facts.contended_on, False),
        (ChainStep.PACKAGED, facts.reserved_on, False),
    )
    for step, day, is_stated in proofs:
        if day is not None and day <= on:
            return ChainPlace(step, day)
        if is_stated and (day is None or step is ChainStep.LANDED):
            return ChainPlace(step, None)
    return ChainPlace(ChainStep.PLANNED, None)


def funnel(counts: Iterable[ChainCount]) -> tuple[FunnelLine, ...]:
    """Return the funnel of *counts*, first step to last; sums first, then the quotient."""
    present = dict.fromkeys(STEPS, (0, 0))
    for row in counts:
        number, yuan = present[row.step]
        present[row.step] = (number + row.projects, yuan + row.total_yuan)
    lines: list[FunnelLine] = []
    for index, step in enumerate(STEPS):
        reached = sum(present[later][0] for later in STEPS[index:])
        reached_yuan = sum(present[later][1] for later in STEPS[index:])
        before = lines[-1].reached if lines else 0
        conversion = Fraction(reached, before) if before else None
        lines.append(FunnelLine(step, *present[step], reached, reached_yuan, conversion))
    return tuple(lines)
