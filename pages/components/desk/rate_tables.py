"""Tables of rates: every number is a link to the ledger rows behind it."""

import streamlit as st

from core.domain.ledger import ProjectFilter
from core.domain.permissions import Actor
from core.domain.units import format_mu, format_number, format_yi
from core.services import rates
from core.services.rates import GroupLine, Part, RateGroups, RateLine, RateScreen
from pages.components import markup
from pages.components.cached import cached_view
from pages.components.page import Frame
from pages.components.project_query import ledger_address, values
from pages.components.state import Key


@cached_view()
def load_screen(actor: Actor) -> RateScreen:
    """Return all rates of the actor."""
    return rates.screen(actor)


@cached_view()
def _load_groups(actor: Actor, code: str) -> RateGroups | None:
    return rates.groups(actor, code)


def draw_all(found: RateScreen) -> None:
    """Draw every rate with its numerator, denominator and 口径."""
    markup.show("desk/rates.html", lines=found.lines, part_text=part_text, link=_link)


def draw_groups(frame: Frame, found: RateScreen) -> None:
    """Let the visitor choose a rate and draw it by county and by headquarters."""
    labels = {line.definition.code: line.definition.label for line in found.lines}
    preset = next((word for word in values(st.query_params, "rate") if word in labels), next(iter(labels)))
    code = st.selectbox(
        "分县区、分指挥部",
        list(labels),
        index=list(labels).index(preset),
        format_func=labels.__getitem__,
        key=Key.RATE_CHOSEN.value,
    )
    groups = _load_groups(frame, code)
    if groups is None:
        return
    largest = max((_size(item.line) for item in (*groups.counties, *groups.headquarters)), default=0.0)
    markup.show(
        "desk/rate_groups.html",
        total=groups.total,
        parts=(("县区", "county", groups.counties), ("指挥部", "hq", groups.headquarters)),
        part_text=part_text,
        link=_link,
        width=lambda item: _width(item, largest),
    )


def part_text(part: Part) -> str:
    """Return the value of a part in the unit people read: 亿元, 亩, or a plain count."""
    if part.measure.unit == "元":
        return f"{format_yi(part.value, 2)} 亿元"
    if part.measure.unit == "㎡":
        return f"{format_mu(part.value)} 亩"
    return f"{format_number(part.value, 0)} {part.measure.unit}"


def _link(part: Part, kind: str = "", key_id: int = 0) -> str:
    county_ids = (key_id,) if kind == "county" else ()
    headquarters_ids = (key_id,) if kind == "hq" else ()
    wanted = ProjectFilter(county_ids=county_ids, headquarters_ids=headquarters_ids, measure=part.measure.code)
    return ledger_address(wanted)


def _size(line: RateLine) -> float:
    return float(line.rate.value or 0)


def _width(item: GroupLine, largest: float) -> float:
    return round(100 * max(0.0, _size(item.line)) / largest, 1) if largest > 0 else 0.0
