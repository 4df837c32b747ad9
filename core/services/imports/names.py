"""Names in ledger cells → rows of the store. Spelling is forgiven, identity is never guessed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.importers.cells.people import PersonName, person_key
from core.importers.cells.text import match_key
from core.importers.row import LedgerRow
from db.queries.import_targets import Names, ProjectKey

_UNIT_MARKS = ("；", ";", "、", "，", ",")
_REGION_SUFFIXES = ("县", "区", "市")


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the store does not have yet."""

    name: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person that the store does not have yet."""

    name: str
    title: str
    phone: str


class Ambiguous(Exception):
    """More than one stored row bears the name."""


class Directory:
    """Finds counties, headquarters, units and people by name."""

    def __init__(self, names: Names) -> None:
        self._counties = {match_key(name): row_id for row_id, name, _ in names.counties}
        self._county_codes = {code: row_id for row_id, _, code in names.counties}
        self._headquarters = {
            match_key(name): row_id for row_id, *spellings in names.headquarters for name in spellings if name
        }
        self._units = {match_key(name): row_id for row_id, name in names.units}
        self._spelled = {("unit", name): row_id for row_id, name in names.units} | {
            ("headquarters", name): row_id for row_id, name, _ in names.headquarters
        }
        self._people: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row_id, name, title in names.people:
            self._people[person_key(name)].append((row_id, title))
        self._shown = {
            **{("county_id", row_id): name for row_id, name, _ in names.counties},
            **{("headquarters_id", row_id): name for row_id, name, _ in names.headquarters},
            **{("unit_id", row_id): name for row_id, name in names.units},
            **{("person_id", row_id): name for row_id, name, _ in names.people},
        }

    def name_of(self, column: str, row_id: int) -> str:
        """Return the name of the row that *column* points to."""
        return self._shown.get((column.removeprefix("responsible_"), row_id), str(row_id))

    def county(self, name: str) -> int | None:
        """Return the county called *name*: also without its 县 or 区, or with the city before it."""
        key = match_key(name)
        if key in self._counties:
            return self._counties[key]
        near = {
            row_id
            for known, row_id in self._counties.items()
            if key.endswith(known) or (known[-1:] in _REGION_SUFFIXES and known[:-1] == key)
        }
        return near.pop() if len(near) == 1 else None

    def county_of_place(self, row: LedgerRow) -> int | None:
        """Return the county that the location, else the national code, names without doubt (or the only one)."""
        if len(self._counties) == 1:
            return next(iter(self._counties.values()))
        place = match_key(row.location or "")
        named = {row_id for known, row_id in self._counties.items() if known in place}
        if len(named) == 1:
            return named.pop()
        return self._county_codes.get(row.national_code[5:11]) if row.national_code and not named else None

    def headquarters(self, name: str) -> int | None:
        """Return the headquarters called *name* or by its short name."""
        return self._spelled.get(("headquarters", name)) or self._headquarters.get(match_key(name))

    def unit(self, name: str) -> int | NewUnit:
        """Return the unit called *name*, or a new one; the exact spelling comes before a similar one."""
        return self._spelled.get(("unit", name)) or self._units.get(match_key(name)) or NewUnit(name)

    def units(self, names: str) -> tuple[int | NewUnit, ...]:
        """Return the units of a cell: several when each of them is known, else one under the whole name."""
        whole = self.unit(names)
        if isinstance(whole, int):
            return (whole,)
        for mark in _UNIT_MARKS:
            found = tuple(self.unit(part) for part in names.split(mark) if part)
            if len(found) > 1 and all(isinstance(one, int) for one in found):
                return found
        return (whole,)

    def people(self, person: PersonName, holders: Collection[int]) -> tuple[int | NewPerson, ...]:
        """
        Return the person meant by a cell.

        Of several that bear the name, those are meant who stand in the role already.

        Args:
            holders: Who stands in the role now.
        Raises:
            Ambiguous: Several bear the name and no duty tells them apart.
        """
        found = self._people.get(person_key(person.name), [])
        if not found:
            return (NewPerson(person.name, person.duty, person.phone),)
        if len(found) > 1:
            duty = match_key(person.duty)
            named = [one for one in found if duty and match_key(one[1]) == duty]
            held = tuple(row_id for row_id, _ in named or found if row_id in holders)
            if len(named) != 1 and held:
                return held
            found = named
        if len(found) != 1:
            raise Ambiguous
        return (found[0][0],)


class ProjectIndex:
    """
    Finds the stored project of a ledger row: by code, else national code, else name within the county.

    Args:
        by: ``auto`` for all three, ``code`` or ``name_county`` for one way only.
    """

    def __init__(self, keys: Iterable[ProjectKey], by: str = "auto") -> None:
        self._by = by
        self._codes: dict[str, int] = {}
        self._national: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[ProjectKey]] = defaultdict(list)
        for key in keys:
            self._codes[key.code] = key.id
            if key.national_code:
                self._national[key.national_code].append(key.id)
            self._names[match_key(key.name)].append(key)

    def find(self, row: LedgerRow, county_id: int | None) -> int | None:
        """
        Return the id of the project that *row* is about, ``None`` for a new one.

        Raises:
            Ambiguous: Several projects fit and nothing tells them apart.
        """
        found = self._by_code(row) if self._by != "name_county" else None
        if found is not None or self._by == "code":
            return found
        named = [key for key in self._names.get(match_key(row.name or ""), ()) if county_id in (None, key.county_id)]
        # A project with another code of its own is another project.
        same = [key.id for key in named if not _contradicts(key, row)]
        return _single(same) if same else None

    def _by_code(self, row: LedgerRow) -> int | None:
        for code in (row.code, row.national_code):
            if code and code in self._codes:
                return self._codes[code]
        ids = self._national.get(row.national_code) if row.national_code else None
        return _single(ids) if ids else None

    def has_code(self, code: str) -> bool:
        """Return whether some project already has *code* as its own number."""
        return code in self._codes


def _contradicts(key: ProjectKey, row: LedgerRow) -> bool:
    return bool(key.national_code and row.national_code and key.national_code != row.national_code)


def _single(ids: list[int]) -> int:
    if len(ids) > 1:
        raise Ambiguous
    return ids[0]
