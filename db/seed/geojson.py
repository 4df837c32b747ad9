"""GeoJSON text of the demo land, 6 decimals."""

import json
from collections.abc import Sequence

from core.domain.ellipsoid import Point
from db.seed.geography import Course, Geography


def polygon_text(ring: Sequence[Point]) -> str:
    """Return the GeoJSON Polygon of a closed ring of (longitude, latitude)."""
    return json.dumps({"type": "Polygon", "coordinates": [_positions(ring)]}, separators=(",", ":"))


def courses_text(geography: Geography) -> str:
    """Return river, rail, road and lake as a GeoJSON FeatureCollection with properties ``kind`` and ``name``."""
    features = [
        {"type": "Feature", "properties": {"kind": c.kind, "name": c.name}, "geometry": _course_geometry(c)}
        for c in geography.courses
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def course_text(course: Course) -> str:
    """Return the GeoJSON geometry of a river, track, road (LineString) or lake (Polygon)."""
    return json.dumps(_course_geometry(course), separators=(",", ":"))


def _course_geometry(course: Course) -> dict[str, object]:
    positions = _positions(course.points)
    if course.kind == "lake":
        return {"type": "Polygon", "coordinates": [[*positions, positions[0]]]}
    return {"type": "LineString", "coordinates": positions}


def _positions(points: Sequence[Point]) -> list[list[float]]:
    return [[round(x, 6), round(y, 6)] for x, y in points]
