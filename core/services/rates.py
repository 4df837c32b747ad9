"""Every rate in force for what an actor may see: value, numerator, denominator, 口径, as-of point; by county too."""

from dataclasses import dataclass

from core.domain.measures import MEASURE_BY_CODE, Measure
from core.domain.permissions import Actor, Permission, require
from core.domain.rates import RATE_DEFINITION_BY_CODE, Rate, RateDefinition, evaluate
from core.services import figures
from core.services.figures import Version
from core.services.rate_definitions import active_definitions
from db.queries.figures import GroupSums, Sums


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of a numerator or denominator: its value in the measure's unit, subtracted when negative."""

    measure: Measure
    value: int
    is_subtracted: bool


@dataclass(frozen=True, slots=True)
class RateLine:
    """
    One rate with what it is made of.

    Attributes:
        is_local: Whether the definition was set by this office rather than shipped.
    """

    definition: RateDefinition
    rate: Rate
    numerator: tuple[Part, ...]
    denominator: tuple[Part, ...]
    is_local: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The same rate of one county or headquarters."""

    key_id: int
    name: str
    line: RateLine


@dataclass(frozen=True, slots=True)
class RateScreen:
    """All rates of the actor's scope at one data version."""

    version: Version
    projects: int
    lines: tuple[RateLine, ...]


@dataclass(frozen=True, slots=True)
class RateGroups:
    """One rate by county and by headquarters; these two overlap and are never added."""

    total: RateLine
    counties: tuple[GroupLine, ...]
    headquarters: tuple[GroupLine, ...]


def screen(actor: Actor) -> RateScreen:
    """
    Return every rate in force for the actor's scope.

    Raises:
        PermissionDenied: The actor may not look at projects.
    """
    require(actor, Permission.VIEW_PROJECTS)
    board = figures.board(actor)
    lines = tuple(_line(definition, board.city, board.version) for definition in active_definitions())
    return RateScreen(board.version, board.city["projects"], lines)


def groups(actor: Actor, code: str) -> RateGroups | None:
    """Return the rate *code* by county and headquarters of the actor's scope; None when there is no such rate."""
    require(actor, Permission.VIEW_PROJECTS)
    definition = next((item for item in active_definitions() if item.code == code), None)
    if definition is None:
        return None
    board = figures.board(actor)

    def lines(found: tuple[GroupSums, ...]) -> tuple[GroupLine, ...]:
        return tuple(GroupLine(item.key_id, item.name, _line(definition, item.sums, board.version)) for item in found)

    return RateGroups(_line(definition, board.city, board.version), lines(board.counties), lines(board.headquarters))


def _line(definition: RateDefinition, sums: Sums, version: Version) -> RateLine:
    return RateLine(
        definition,
        evaluate(definition, sums, version.as_of),
        _parts(definition.numerator, sums),
        _parts(definition.denominator, sums),
        RATE_DEFINITION_BY_CODE.get(definition.code) != definition,
    )


def _parts(terms: tuple[str, ...], sums: Sums) -> tuple[Part, ...]:
    codes = [(term.removeprefix("-"), term.startswith("-")) for term in terms]
    return tuple(Part(MEASURE_BY_CODE[code], sums[code], minus) for code, minus in codes)
