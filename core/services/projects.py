"""The ledger (项目台账): search with totals, the figure a list was opened from, the workbook of what is seen."""

from dataclasses import dataclass, replace

from core.domain.errors import NotFound
from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.ledger import ProjectFilter, ProjectSort
from core.domain.measures import MEASURE_BY_CODE, Measure
from core.domain.permissions import Actor, Permission, require
from core.domain.rates import Rate, RateDefinition, evaluate
from core.exporters.files import ExportFile
from core.exporters.ledger import XLSX, LedgerSheet, build_ledger
from core.services import figures
from core.services.export_notes import note_export
from core.services.figures import Version
from core.services.flags_of_record import flags_by
from core.services.rate_definitions import active_definitions
from core.settings import get_settings
from db.queries import projects as queries
from db.queries import rounds
from db.queries.ledger_choices import LedgerChoices, load_choices
from db.queries.projects import TOTAL_CODES, LedgerRow, LedgerTotals
from db.session import read

__all__ = [
    "PAGE_SIZE",
    "XLSX",
    "ExportFile",
    "FigureOrigin",
    "LedgerChoices",
    "LedgerPage",
    "LedgerRow",
    "LedgerTotals",
    "OriginRate",
    "choices",
    "export_ledger",
    "export_name",
    "find",
    "origin",
    "search",
]
PAGE_SIZE = 50
EXPORT_LIMIT = 20_000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger; ``number`` counts from 1 and is the nearest that exists."""

    rows: tuple[LedgerRow, ...]
    totals: LedgerTotals
    number: int
    version: Version

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.totals.rows // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class OriginRate:
    """A rate of the group, the side (分子, 分母) on which the list's measure stands, and the unit of each side."""

    rate: Rate
    side: str
    numerator_unit: str
    denominator_unit: str


@dataclass(frozen=True, slots=True)
class FigureOrigin:
    """
    The figure a list belongs to.

    Attributes:
        measure: What is counted in the list.
        value: Its sum, in the measure's unit.
        projects: Projects of the group; the list shows those of them that count in the measure.
        rates: Rates it enters, for the same group of projects.
    """

    measure: Measure
    value: int
    projects: int
    rates: tuple[OriginRate, ...]


def search(
    actor: Actor, wanted: ProjectFilter, sort: ProjectSort = ProjectSort.URGENCY, page: int = 1, size: int = PAGE_SIZE
) -> LedgerPage:
    """
    Return one page of the projects of the actor's scope that match, with the totals of all of them.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    version = figures.version()
    year = version.month.year
    with read() as connection:
        totals = queries.totals(connection, actor.scope, wanted, year, _codes(wanted))
        number = max(1, min(page, -(-totals.rows // size)))
        ids = queries.find_ids(connection, actor.scope, wanted, sort, year, limit=size, offset=(number - 1) * size)
        rows = queries.load_rows(connection, actor.scope, ids, year)
    return LedgerPage(tuple(rows), totals, number, version)


def find(actor: Actor, project_id: int) -> LedgerRow:
    """
    Return the ledger row of one project.

    Raises:
        PermissionDenied: The actor may not look at projects.
        NotFound: No such project inside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    version = figures.version()
    with read() as connection:
        rows = queries.load_rows(connection, actor.scope, [project_id], version.month.year)
    if not rows:
        raise NotFound
    return rows[0]


def _codes(wanted: ProjectFilter) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*TOTAL_CODES, wanted.measure or "projects")))


def choices(actor: Actor) -> LedgerChoices:
    """Return what the actor may filter by: counties, headquarters and categories."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        return load_choices(connection, actor.scope)


def origin(actor: Actor, wanted: ProjectFilter, rate_code: str | None = None) -> FigureOrigin | None:
    """
    Return the figure that a list filtered by ``wanted.measure`` belongs to; None when it has no measure.

    Args:
        rate_code: The rate from which the list was opened; None = every rate that uses the measure.
    """
    require(actor, Permission.VIEW_PROJECTS)
    if wanted.measure is None:
        return None
    version = figures.version()
    used = [
        definition
        for definition in active_definitions()
        if _side(definition, wanted.measure) and rate_code in (None, definition.code)
    ]
    terms = [term.removeprefix("-") for definition in used for term in (*definition.numerator, *definition.denominator)]
    codes = tuple(dict.fromkeys(("projects", wanted.measure, *terms)))
    group = replace(wanted, measure=None)
    with read() as connection:
        sums = queries.totals(connection, actor.scope, group, version.month.year, codes).sums
    rates = tuple(
        OriginRate(
            rate=evaluate(definition, sums, version.as_of),
            side=_side(definition, wanted.measure),
            numerator_unit=_unit(definition.numerator),
            denominator_unit=_unit(definition.denominator),
        )
        for definition in used
    )
    return FigureOrigin(MEASURE_BY_CODE[wanted.measure], sums[wanted.measure], sums["projects"], rates)


def _unit(terms: tuple[str, ...]) -> str:
    """Return the unit of one side of a rate; all its terms share it."""
    return MEASURE_BY_CODE[terms[0].removeprefix("-")].unit


def _side(definition: RateDefinition, measure: str) -> str:
    sides = (("分子", definition.numerator), ("分母", definition.denominator))
    return "、".join(name for name, terms in sides if measure in terms or f"-{measure}" in terms)


def export_ledger(actor: Actor, wanted: ProjectFilter, sort: ProjectSort, note: str = "") -> ExportFile:
    """
    Return the workbook of everything that matches, in the same order; the export is audited.

    Args:
        note: Filter in words, printed under the title.

    Raises:
        PermissionDenied: The actor may not export.
    """
    require(actor, Permission.EXPORT)
    version = figures.version()
    year = version.month.year
    with read() as connection:
        totals = queries.totals(connection, actor.scope, wanted, year)
        ids = queries.find_ids(connection, actor.scope, wanted, sort, year, limit=EXPORT_LIMIT)
        latest = rounds.latest_published(connection)
        rows = [
            row
            for start in range(0, len(ids), _CHUNK)
            for row in queries.load_rows(connection, actor.scope, ids[start : start + _CHUNK], year)
        ]
    city = get_settings().city_name
    cut = f"；仅导出前 {EXPORT_LIMIT} 项" if totals.rows > EXPORT_LIMIT else ""
    flags = f"；督查{flags_by(latest)}" if latest else ""
    sheet = LedgerSheet(
        title=f"{city}重大项目台账（{version.month.span_label}）",
        note=f"数据截至 {version.on:%Y-%m-%d}，投资统计 {version.month.span_label}；{note or '全部项目'}{cut}{flags}",
        rows=rows,
        totals=totals,
        scheme=DEFAULT_SCHEME,
    )
    content = build_ledger(sheet)
    note_export(actor, "ledger", "xlsx", {"rows": len(rows), "filter": note, "as_of": version.on})
    return ExportFile(export_name(version), XLSX, content)


def export_name(version: Version) -> str:
    """Return the name of the workbook."""
    return f"{get_settings().city_name}重大项目台账_{version.stamp}.xlsx"
