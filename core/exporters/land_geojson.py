"""Plots as GeoJSON by RFC 7946: longitude first, outer rings counter-clockwise, 9 decimals (0.1 mm)."""

import json
from collections.abc import Sequence

import shapely

from core.exporters.land_plot import ExportPlot

GEOJSON = "application/geo+json"
_DECIMALS = 9


def build_geojson(plots: Sequence[ExportPlot]) -> bytes:
    """Return a FeatureCollection; attributes that are not known are null."""
    features = [
        {
            "type": "Feature",
            "properties": {name: None if value == "" else value for name, value in plot.attributes.items()},
            "geometry": _geometry(plot),
        }
        for plot in plots
    ]
    tree = {"type": "FeatureCollection", "features": features}
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def _geometry(plot: ExportPlot) -> dict[str, object]:
    polygons = [
        [_ring(ring) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shapely.orient_polygons(plot.geometry))
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _ring(ring: shapely.LinearRing) -> list[list[float]]:
    return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in ring.coords]
