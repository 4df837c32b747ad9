"""A small city for land tests: two counties side by side at 118.4E, and a helper that runs a file through a kind."""

import json

from core.services.imports.land import LandImport
from db.session import transaction
from tests.factories import SYSTEM, make_county
from tests.unit.importers.land_files import OPTIONS


def box_text(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def make_counties(store, with_boundaries=True):
    """河东县 118.0-118.4 and 河西区 118.4-118.8, both 34.8-35.3; returns their ids."""
    west = box_text(118.0, 34.8, 118.4, 35.3) if with_boundaries else None
    east = box_text(118.4, 34.8, 118.8, 35.3) if with_boundaries else None
    with transaction(SYSTEM) as tx:
        return make_county(tx, "河东县", code="371301", boundary=west), make_county(
            tx, "河西区", code="371302", boundary=east
        )


def check(store, data, file_name="a.geojson", *, actor=SYSTEM, options=OPTIONS, kind=None):
    """Parse and check a file, without writing."""
    kind = kind or LandImport()
    parsed = kind.parse(data, file_name, options)
    with store.read() as connection:
        return kind.check(connection, actor, parsed, store.as_of(), options)


def apply(store, data, file_name="a.geojson", *, actor=SYSTEM, options=OPTIONS, kind=None):
    """Parse, check and write a file in one transaction; return what was checked."""
    kind = kind or LandImport()
    parsed = kind.parse(data, file_name, options)
    with transaction(actor) as tx:
        checked = kind.check(tx.connection, actor, parsed, tx.as_of, options)
        checked.write(tx, "导入批次 7", lambda done, total, step: None)
    return checked
