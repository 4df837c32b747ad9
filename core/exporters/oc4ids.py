"""Projects as an OC4IDS project package (Open Contracting for Infrastructure Data Standard 0.9, JSON).

What is not known is left out: the standard refuses empty texts and lists.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.terms import Stage
from core.importers.oc4ids_words import (
    AUTHORITY_ROLE,
    COUNTRY,
    CURRENCY,
    OWNER_ROLE,
    SCHEMES,
    SECTOR_OF_CATEGORY,
    STATUS_OF_STAGE,
    TYPE_OF_NATURE,
    VERSION,
)

JSON_TYPE = "application/json"
_ZONE = ZoneInfo("Asia/Shanghai")
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """Who publishes, under which address and when; ``prefix`` is the publisher's registered prefix of identifiers."""

    uri: str
    publisher: str
    published_at: datetime
    prefix: str


@dataclass(frozen=True, slots=True)
class SharedProject:
    """A project as the standard can carry it; money in 元, degrees in WGS84, empty = not known."""

    code: str
    national_code: str | None
    name: str
    content: str
    stage: str
    level: str
    category: str
    nature: str
    total_investment_yuan: int
    start_planned_on: date | None
    finish_planned_on: date | None
    completed_on: date | None
    location: str
    county: str
    longitude: float | None
    latitude: float | None
    owner_name: str
    responsible_unit: str | None


def build_package(projects: Sequence[SharedProject], package: Package) -> bytes:
    """Return *projects* as one JSON package; the same rows give the same bytes."""
    content = {
        "uri": package.uri,
        "publishedDate": package.published_at.astimezone(_ZONE).isoformat(timespec="seconds"),
        "version": VERSION,
        "publisher": {"name": package.publisher},
        "projects": [_project(project, package.prefix) for project in projects],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _project(project: SharedProject, prefix: str) -> Node:
    sector = SECTOR_OF_CATEGORY.get(project.category)
    return _known(
        {
            "id": f"{prefix}-{project.code}",
            "title": project.name,
            "description": project.content,
            "status": STATUS_OF_STAGE[Stage(project.stage)],
            "period": _known({"startDate": _day(project.start_planned_on), "endDate": _day(project.finish_planned_on)}),
            "sector": [sector] if sector else [],
            "type": TYPE_OF_NATURE.get(project.nature),
            "additionalClassifications": [
                {"scheme": scheme, "id": value}
                for scheme, attribute in SCHEMES.items()
                if (value := getattr(project, attribute))
            ],
            "locations": [_location(project)],
            "budget": {"amount": {"amount": project.total_investment_yuan, "currency": CURRENCY}},
            "parties": _parties(project),
            "completion": _known({"endDate": _day(project.completed_on)}),
        }
    )


def _known(node: Node) -> Node:
    """Return *node* without what is empty."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _day(day: date | None) -> str | None:
    return datetime(day.year, day.month, day.day, tzinfo=_ZONE).isoformat() if day else None


def _location(project: SharedProject) -> Node:
    point: Node = {}
    if project.longitude is not None and project.latitude is not None:
        point = {"type": "Point", "coordinates": [project.longitude, project.latitude]}
    address = _known({"region": project.county, "countryName": COUNTRY})
    return _known({"id": "1", "description": project.location, "geometry": point, "address": address})


def _parties(project: SharedProject) -> list[Node]:
    """The owner and the responsible unit; one party with both roles when they are the same."""
    roles: dict[str, list[str]] = {}
    for name, role in ((project.owner_name, OWNER_ROLE), (project.responsible_unit or "", AUTHORITY_ROLE)):
        if name:
            roles.setdefault(name, []).append(role)
    return [{"id": str(number), "name": name, "roles": held} for number, (name, held) in enumerate(roles.items(), 1)]
