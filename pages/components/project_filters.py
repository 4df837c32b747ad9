"""
The filter bar of ledger and map. The address is what is asked for: widgets follow it and write it.

A widget's choice is written into the address, so that every view can be bookmarked, sent on, and opened from a figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.domain.ledger import NO_HEADQUARTERS, Listing, ProjectFilter, ProjectSort
from core.domain.measures import MEASURE_BY_CODE
from core.domain.terms import FlagLevel, ParcelStatus, ProjectLevel, Stage, YearClass
from core.services.projects import LedgerChoices
from pages.components import state, theme
from pages.components.project_query import read_filter, read_sort, read_statuses, values, write_filter
from pages.components.state import Key

_EVERY = "全部"


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The session keys of one screen's filter bar."""

    address: Key
    text: Key
    counties: Key
    headquarters: Key
    flags: Key
    record_flags: Key
    stages: Key
    levels: Key
    categories: Key
    classes: Key
    listing: Key
    sort: Key
    statuses: Key


LEDGER = FilterBar(
    address=Key.LEDGER_ADDRESS,
    text=Key.LEDGER_TEXT,
    counties=Key.LEDGER_COUNTIES,
    headquarters=Key.LEDGER_HEADQUARTERS,
    flags=Key.LEDGER_FLAGS,
    record_flags=Key.LEDGER_RECORD_FLAGS,
    stages=Key.LEDGER_STAGES,
    levels=Key.LEDGER_LEVELS,
    categories=Key.LEDGER_CATEGORIES,
    classes=Key.LEDGER_CLASSES,
    listing=Key.LEDGER_LISTING,
    sort=Key.LEDGER_SORT,
    statuses=Key.LEDGER_STATUSES,
)
MAP = FilterBar(
    address=Key.MAP_ADDRESS,
    text=Key.MAP_TEXT,
    counties=Key.MAP_COUNTIES,
    headquarters=Key.MAP_HEADQUARTERS,
    flags=Key.MAP_FLAGS,
    record_flags=Key.MAP_RECORD_FLAGS,
    stages=Key.MAP_STAGES,
    levels=Key.MAP_LEVELS,
    categories=Key.MAP_CATEGORIES,
    classes=Key.MAP_CLASSES,
    listing=Key.MAP_LISTING,
    sort=Key.MAP_SORT,
    statuses=Key.MAP_STATUSES,
)


def follow_address(bar: FilterBar, choices: LedgerChoices) -> None:
    """Set the widgets to what the address asks for, when it is not what they wrote themselves."""
    address = _address()
    if state.get(bar.address) == address and state.get(bar.text) is not None:
        return
    wanted = read_filter(st.query_params)
    known_counties, known_headquarters = dict(choices.counties), headquarters_options(choices)
    state.put(bar.address, address)
    state.put(bar.text, wanted.text)
    state.put(bar.counties, [key for key in wanted.county_ids if key in known_counties])
    state.put(bar.headquarters, [key for key in wanted.headquarters_ids if key in known_headquarters])
    state.put(bar.flags, list(wanted.flags))
    state.put(bar.record_flags, list(wanted.record_flags))
    state.put(bar.stages, list(wanted.stages))
    state.put(bar.levels, list(wanted.levels))
    state.put(bar.categories, [name for name in wanted.categories if name in choices.categories])
    state.put(bar.classes, list(wanted.year_classes))
    state.put(bar.listing, wanted.listing)
    state.put(bar.sort, read_sort(st.query_params))
    state.put(bar.statuses, list(read_statuses(st.query_params)))


def write_address(bar: FilterBar, wanted: ProjectFilter, more: Mapping[str, Any]) -> None:
    """Put the filter into the address; *more* are parameters of the screen, empty ones are left out."""
    query = {**write_filter(wanted), **{name: value for name, value in more.items() if value}}
    asked = repr(sorted((name, (value,) if isinstance(value, str) else tuple(value)) for name, value in query.items()))
    if asked != _address():
        st.query_params.from_dict(query)
    state.put(bar.address, asked)


def clear(bar: FilterBar) -> None:
    """Forget every choice; for the button that empties the bar."""
    st.query_params.clear()
    state.put(bar.address, None)


def drop(*names: str) -> None:
    """Take parameters that no widget shows out of the address."""
    for name in names:
        if name in st.query_params:
            del st.query_params[name]


def _address() -> str:
    return repr(sorted((name, tuple(st.query_params.get_all(name))) for name in st.query_params))


def choose(label: str, key: Key, options: Mapping[Any, str]) -> tuple[Any, ...]:
    """Draw a multi-choice of *options* (value → shown) and return what is chosen; nothing chosen = all."""
    chosen = st.multiselect(
        label,
        list(options),
        key=key.value,
        format_func=lambda value: options.get(value, str(value)),
        placeholder=_EVERY,
        wrap=False,
    )
    return tuple(chosen)


def headquarters_options(choices: LedgerChoices) -> dict[int, str]:
    """Return the headquarters a list can be narrowed to, and the projects of none."""
    return {**dict(choices.headquarters), NO_HEADQUARTERS: "未归口"}


def labels(items: Sequence[Any]) -> dict[Any, str]:
    """Return value → Chinese label of closed terms."""
    return {item: item.label for item in items}


def flag_labels() -> dict[FlagLevel, str]:
    """Return level → shape, word and meaning."""
    return {level: f"{theme.flag_mark(level).text} {level.label}" for level in FlagLevel}


def words(wanted: ProjectFilter, choices: LedgerChoices, statuses: Sequence[ParcelStatus] = ()) -> str:
    """Return the filter in Chinese words, for the export and the head of a list; empty when nothing is filtered."""
    counties, headquarters = dict(choices.counties), headquarters_options(choices)
    parts = [
        ("指标", MEASURE_BY_CODE[wanted.measure].label if wanted.measure else ""),
        ("包含", wanted.text),
        ("县区", _joined(counties.get(key, "") for key in wanted.county_ids)),
        ("指挥部", _joined(headquarters.get(key, "") for key in wanted.headquarters_ids)),
        ("督查旗色", _joined(f"{theme.flag_mark(flag).text}（{flag.label}）" for flag in wanted.record_flags)),
        ("实时旗色", _joined(f"{theme.flag_mark(flag).text}（{flag.label}）" for flag in wanted.flags)),
        ("项目链条", _joined(step.label for step in wanted.chain_steps)),
        ("项目来源", _joined(source.label for source in wanted.sources)),
        ("状态", _joined(stage.label for stage in wanted.stages)),
        ("级别", _joined(level.label for level in wanted.levels)),
        ("类别", _joined(wanted.categories)),
        ("年度类别", _joined(item.label for item in wanted.year_classes)),
        ("地块", _joined(status.label for status in statuses)),
        ("范围", "" if wanted.listing is Listing.LISTED else wanted.listing.label),
    ]
    return "；".join(f"{name}：{text}" for name, text in parts if text)


def _joined(names: Any) -> str:
    return "、".join(name for name in names if name)


STAGES = labels(tuple(Stage))
LEVELS = labels(tuple(ProjectLevel))
CLASSES = labels(tuple(YearClass))
LISTINGS = labels(tuple(Listing))
SORTS = labels(tuple(ProjectSort))
STATUSES = labels(tuple(ParcelStatus))


def carried(name: str) -> str:
    """Return a parameter of the address that no widget shows."""
    return next(iter(values(st.query_params, name)), "")
