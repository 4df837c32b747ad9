"""A list of matters as an address: ``/problems?view=overdue``, or the rows behind one figure of the wall or the rates.

Ids, codes and days only; what is unknown is left out, so an old or hand-made address opens the list without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from core.domain.matters.words import MatterCount, RateGroup
from core.domain.terms import MatterKind
from core.domain.todo import MATTER_SCREENS
from core.services import matters
from core.services.matters import MatterFilter
from pages.components.project_query import Query, values

VIEWS: Mapping[str, str] = {
    "list": "全部",
    "mine": "待我办理",
    "overdue": "逾期",
    "soon": "七日内到期",
    "extensions": "待批延期",
    "rates": "统计",
}
NOBODY = "none"
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Behind:
    """
    One figure whose rows are asked for.

    Attributes:
        count: What it counts.
        group: Group of the rates with the key of its row; None = over all.
        headquarters_id: Only what belongs to projects of this headquarters.
        raised: Only what was raised between two days, inclusive; *ended*: likewise what ended.
    """

    count: MatterCount | None = None
    group: tuple[RateGroup, int | str | None] | None = None
    headquarters_id: int | None = None
    raised: Days | None = None
    ended: Days | None = None

    def narrow(self, wanted: MatterFilter) -> MatterFilter:
        """Return *wanted* narrowed to the rows of the figure."""
        found = replace(
            wanted, group=self.group, headquarters_id=self.headquarters_id, raised=self.raised, ended=self.ended
        )
        return matters.behind(found, self.count) if self.count is not None else found

    def words(self, names: Mapping[tuple[RateGroup, int | str | None], str], headquarters: str = "") -> str:
        """Return the figure in words; *names* tells the rows of the groups, *headquarters* the one asked for."""
        parts = [headquarters] if headquarters else []
        parts += [names.get(self.group, self.group[0].label)] if self.group else []
        parts += [self.count.label] if self.count else []
        for days, verb in ((self.raised, "登记"), (self.ended, "办完")):
            parts += [f"{days[0]} 至 {days[1]} {verb}"] if days else []
        return "，".join(parts)


def matter_address(kind: MatterKind, matter_id: int) -> str:
    """Return the address that opens one matter's panel on its list."""
    return f"/{MATTER_SCREENS[kind]}?{urlencode({'id': matter_id})}"


def list_address(kind: MatterKind, behind: Behind | None = None, view: str = "") -> str:
    """Return the address of a list: one of its views, or the rows behind a figure."""
    query: dict[str, str] = {"view": view} if view else {}
    if behind is not None and behind.count is not None:
        query["count"] = behind.count.value
    if behind is not None and behind.group is not None:
        group, key = behind.group
        query[group.value] = NOBODY if key is None else str(key)
    if behind is not None and behind.headquarters_id is not None:
        query["hq"] = str(behind.headquarters_id)
    for name, days in (("raised", behind.raised), ("ended", behind.ended)) if behind else ():
        if days is not None:
            query[name] = f"{days[0]},{days[1]}"
    return f"/{MATTER_SCREENS[kind]}" + (f"?{urlencode(query)}" if query else "")


def read_behind(query: Query) -> Behind:
    """Return the figure that *query* asks for."""
    count = next((MatterCount(word) for word in values(query, "count") if word in set(MatterCount)), None)
    headquarters = next((int(word) for word in values(query, "hq") if _is_id(word)), None)
    return Behind(count, _group(query), headquarters, _days(query, "raised"), _days(query, "ended"))


def read_view(query: Query) -> str:
    """Return the view that *query* asks for; the whole list when it asks for none."""
    return next((word for word in values(query, "view") if word in VIEWS), "list")


def read_matter_id(query: Query) -> int | None:
    """Return the matter whose panel *query* asks for."""
    return next((int(word) for word in values(query, "id") if _is_id(word)), None)


def _group(query: Query) -> tuple[RateGroup, int | str | None] | None:
    for group in RateGroup:
        for word in values(query, group.value)[:1]:
            if word == NOBODY:
                return group, None
            if group is RateGroup.CATEGORY:
                return group, word[:64]
            if _is_id(word):
                return group, int(word)
    return None


def _days(query: Query, name: str) -> Days | None:
    words = values(query, name)
    try:
        return date.fromisoformat(words[0]), date.fromisoformat(words[1])
    except (IndexError, ValueError):
        return None


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 16
