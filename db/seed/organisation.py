"""Counties, units, people and headquarters of the demo city as rows."""

from dataclasses import dataclass

import numpy as np

from core.domain.terms import CountyKind
from db.models.organisation import County, Headquarters, Person, Unit
from db.seed.content import people
from db.seed.content.headquarters import HEADQUARTERS
from db.seed.geography import Geography
from db.seed.geojson import polygon_text
from db.seed.rows import Rows


@dataclass(frozen=True, slots=True)
class Organisation:
    """
    Keys of everything that projects refer to.

    Attributes:
        counties: Key by short name.
        county_names: Full name by short name.
        county_codes: Region code by short name.
        units: Key by name.
        county_units: Names of the development and the building unit by short name of the county.
        headquarters: Key by code.
        companies: Name of the company that builds for a headquarters, by its code.
        leaders: Keys of the sponsor leaders.
        commanders: Key of the commander by code of the headquarters.
        heads: Key of the head of a unit by the unit's name.
        county_people: Keys of the head and the deputy by short name of the county.
        liaisons: Keys of the liaison officers.
        contact_names: Name of a person by key.
    """

    counties: dict[str, int]
    county_names: dict[str, str]
    county_codes: dict[str, str]
    units: dict[str, int]
    county_units: dict[str, tuple[str, str]]
    headquarters: dict[str, int]
    companies: dict[str, str]
    leaders: tuple[int, ...]
    commanders: dict[str, int]
    heads: dict[str, int]
    county_people: dict[str, tuple[int, int]]
    liaisons: tuple[int, ...]
    contact_names: dict[int, str]


def add_organisation(rows: Rows, geography: Geography) -> Organisation:
    """Add the organisation to *rows* and return its keys."""
    counties = _add_counties(rows, geography)
    units = _add_units(rows, geography, counties)
    leaders = tuple(_person(rows, number, name, title) for number, (name, title) in enumerate(people.LEADERS))
    heads = _add_heads(rows, units)
    county_people = _add_county_people(rows, geography)
    liaisons = tuple(_person(rows, 90 + number, name, "联络员") for number, name in enumerate(people.LIAISONS))
    headquarters, commanders = _add_headquarters(rows, leaders)
    return Organisation(
        counties=counties,
        county_names={county.short_name: county.name for county in geography.counties},
        county_codes={county.short_name: county.code for county in geography.counties},
        units=units,
        county_units={c.short_name: unit_names(c.short_name, c.name, c.kind) for c in geography.counties},
        headquarters=headquarters,
        companies={code: name for name, codes in people.COMPANIES for code in codes},
        leaders=leaders,
        commanders=commanders,
        heads=heads,
        county_people=county_people,
        liaisons=liaisons,
        contact_names={row["id"]: row["name"] for row in rows.of(Person)},
    )


def _add_counties(rows: Rows, geography: Geography) -> dict[str, int]:
    return {
        county.short_name: rows.add(
            County,
            code=county.code,
            name=county.name,
            kind=county.kind.value,
            sort_order=order,
            boundary=polygon_text(county.ring),
            label_longitude=county.label[0],
            label_latitude=county.label[1],
        )
        for order, county in enumerate(geography.counties, start=1)
    }


def unit_names(short_name: str, county_name: str, kind: CountyKind) -> tuple[str, str]:
    """Return the two units of a county-level unit: for development, for building."""
    if kind is CountyKind.DEVELOPMENT_ZONE:
        return short_name + people.ZONE_UNITS[0], short_name + people.ZONE_UNITS[1]
    return county_name + people.COUNTY_UNITS[0], county_name + people.COUNTY_UNITS[1]


def _add_units(rows: Rows, geography: Geography, counties: dict[str, int]) -> dict[str, int]:
    units = {name: rows.add(Unit, name=name, kind="市直部门", county_id=None) for name in people.BUREAUS}
    for name, _codes in people.COMPANIES:
        units[name] = rows.add(Unit, name=name, kind="市属企业", county_id=None)
    for county in geography.counties:
        for name in unit_names(county.short_name, county.name, county.kind):
            units[name] = rows.add(Unit, name=name, kind="县区部门", county_id=counties[county.short_name])
    return units


def _person(rows: Rows, number: int, name: str, title: str, unit_id: int | None = None) -> int:
    digits = np.random.default_rng([77, number]).integers(100_000, 999_999)
    return rows.add(Person, name=name, title=title, unit_id=unit_id, phone=f"0999-8{digits}")


def _add_heads(rows: Rows, units: dict[str, int]) -> dict[str, int]:
    heads = {}
    for number, (unit, name) in enumerate(zip(people.BUREAUS, people.BUREAU_HEADS, strict=True)):
        title = "主任" if unit.endswith("委员会") else "局长"
        heads[unit] = _person(rows, 20 + number, name, f"{unit}{title}", units[unit])
    for number, ((unit, _codes), name) in enumerate(zip(people.COMPANIES, people.COMPANY_HEADS, strict=True)):
        heads[unit] = _person(rows, 40 + number, name, "董事长", units[unit])
    return heads


def _add_county_people(rows: Rows, geography: Geography) -> dict[str, tuple[int, int]]:
    result = {}
    pairs = zip(geography.counties, people.COUNTY_PEOPLE, strict=True)
    for number, (county, (head, deputy)) in enumerate(pairs):
        titles = {
            CountyKind.DEVELOPMENT_ZONE: ("管委会主任", "管委会副主任"),
            CountyKind.DISTRICT: ("区长", "副区长"),
            CountyKind.COUNTY: ("县长", "副县长"),
        }[county.kind]
        result[county.short_name] = (
            _person(rows, 60 + 2 * number, head, county.short_name + titles[0]),
            _person(rows, 61 + 2 * number, deputy, county.short_name + titles[1]),
        )
    return result


def _add_headquarters(rows: Rows, leaders: tuple[int, ...]) -> tuple[dict[str, int], dict[str, int]]:
    headquarters, commanders = {}, {}
    for order, row in enumerate(HEADQUARTERS, start=1):
        commanders[row.code] = leaders[order % (len(leaders) - 2)]
        headquarters[row.code] = rows.add(
            Headquarters,
            code=f"HQ-{row.code}",
            name=row.name,
            short_name=row.short_name,
            parent_id=None,
            commander_id=commanders[row.code],
            sort_order=order,
        )
    return headquarters, commanders
