"""
A filter of projects as a query string: one spelling for the ledger, the map and every link to them.

``/ledger?county=3&flag=severe&measure=start_due_started``. Ids and codes only; what is unknown is left out, so an old
or hand-made address opens the list without that part instead of failing.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from core.domain.headquarters_chain import ChainStep, ProjectSource
from core.domain.ledger import Listing, ProjectFilter, ProjectSort
from core.domain.measures import MEASURE_BY_CODE
from core.domain.terms import FlagLevel, ParcelStatus, ProjectLevel, Stage, YearClass

MAX_TEXT = 100
T = TypeVar("T", bound=StrEnum)


class Query(Protocol):
    """What both Streamlit's and Starlette's query parameters can be read by."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> str: ...


def values(query: Query, name: str) -> list[str]:
    """Return every value of *name*: repeated parameters and comma-separated ones alike."""
    if name not in query:
        return []
    for reader in ("get_all", "getlist"):
        if hasattr(query, reader):
            found: Iterable[str] = getattr(query, reader)(name)
            break
    else:
        found = [query[name]]
    return [part for value in found for part in value.split(",") if part]


def read_filter(query: Query) -> ProjectFilter:
    """Return the filter that *query* spells."""
    level_words = values(query, "level")
    measure = next(iter(values(query, "measure")), None)
    return ProjectFilter(
        text="".join(values(query, "q"))[:MAX_TEXT],
        county_ids=_ids(values(query, "county")),
        headquarters_ids=_ids(values(query, "hq")),
        levels=_terms(ProjectLevel, level_words),
        categories=tuple(values(query, "category")),
        stages=_terms(Stage, values(query, "stage")),
        flags=_terms(FlagLevel, [*values(query, "flag"), *level_words]),
        record_flags=_terms(FlagLevel, values(query, "record")),
        year_classes=_terms(YearClass, values(query, "class")),
        measure=measure if measure in MEASURE_BY_CODE else None,
        chain_steps=_terms(ChainStep, values(query, "chain")),
        sources=_terms(ProjectSource, values(query, "source")),
        listing=next(iter(_terms(Listing, values(query, "listing"))), Listing.LISTED),
    )


def read_statuses(query: Query) -> tuple[ParcelStatus, ...]:
    """Return the plot statuses that *query* spells."""
    return _terms(ParcelStatus, values(query, "status"))


def read_sort(query: Query) -> ProjectSort:
    """Return the order that *query* spells, the most urgent first when it spells none."""
    return next(iter(_terms(ProjectSort, values(query, "sort"))), ProjectSort.URGENCY)


def write_filter(wanted: ProjectFilter) -> dict[str, str | list[str]]:
    """Return the query parameters that spell *wanted*; what is not asked for is left out."""
    found: dict[str, str | list[str]] = {
        "q": wanted.text,
        "county": [str(number) for number in wanted.county_ids],
        "hq": [str(number) for number in wanted.headquarters_ids],
        "level": [item.value for item in wanted.levels],
        "category": list(wanted.categories),
        "stage": [item.value for item in wanted.stages],
        "flag": [item.value for item in wanted.flags],
        "record": [item.value for item in wanted.record_flags],
        "class": [item.value for item in wanted.year_classes],
        "measure": wanted.measure or "",
        "chain": [item.value for item in wanted.chain_steps],
        "source": [item.value for item in wanted.sources],
        "listing": "" if wanted.listing is Listing.LISTED else wanted.listing.value,
    }
    return {name: value for name, value in found.items() if value}


def ledger_address(wanted: ProjectFilter) -> str:
    """Return the address of the ledger filtered by *wanted*."""
    query = urlencode(write_filter(wanted), doseq=True)
    return f"/ledger?{query}" if query else "/ledger"


def _ids(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 16))


def _terms(kind: type[T], words: Sequence[str]) -> tuple[T, ...]:
    known = {item.value: item for item in kind}
    return tuple(dict.fromkeys(known[word] for word in words if word in known))


def map_address(plot_id: int) -> str:
    """Return the address of the map with a plot opened on it."""
    return f"/map?{urlencode({'plot': plot_id})}"


def project_address(project_id: int) -> str:
    """Return the address of a project's page."""
    return f"/project?{urlencode({'id': project_id})}"
