"""Rows set aside for amounts that look like a slip: none where the store has the very same amounts already."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from core.importers.row import DOUBTS, LedgerRow, ParsedLedger
from core.services.imports.ledger_plan import plan_row
from core.services.imports.names import Ambiguous, Directory, ProjectIndex
from db.queries.import_targets import load_targets


def release_known(
    connection: Connection, parsed: ParsedLedger, index: ProjectIndex, directory: Directory, on: date
) -> ParsedLedger:
    """
    Return *parsed* with those doubted rows accepted that would change nothing: they were looked at when they came in.

    Args:
        on: Today; tells open assignments.
    """
    known = _known(connection, parsed.doubted, index, directory, on)
    if not known:
        return parsed
    places = {sheet.name: place for place, sheet in enumerate(parsed.sheets)}
    accepted = [*parsed.rows, *(row for row in parsed.doubted if row.place in known)]
    rows = tuple(sorted(accepted, key=lambda row: (places.get(row.sheet, 0), row.row)))
    quarantined = tuple(row for row in parsed.quarantined if (row.sheet, row.row) not in known)
    still_doubted = {row.sheet for row in parsed.doubted if row.place not in known}
    problems = tuple(
        one
        for one in parsed.problems
        if one.code not in DOUBTS
        or not ((one.sheet, one.row) in known or (one.code == "column_magnitude" and one.sheet not in still_doubted))
    )
    return replace(parsed, rows=rows, quarantined=quarantined, problems=problems, doubted=())


def _known(
    connection: Connection, doubted: tuple[LedgerRow, ...], index: ProjectIndex, directory: Directory, on: date
) -> set[tuple[str, int]]:
    matched: dict[int, list[tuple[LedgerRow, int, int | None]]] = defaultdict(list)
    for row in doubted:
        county_id = directory.county(row.county) if row.county else None
        try:
            project_id = index.find(row, county_id)
        except Ambiguous:
            continue
        if project_id is not None:
            matched[row.year].append((row, project_id, county_id))
    known = set()
    for year, group in matched.items():
        targets = load_targets(connection, [project_id for _, project_id, _ in group], year, on)
        for row, project_id, county_id in group:
            if not plan_row(row, targets[project_id], county_id, directory, _say_nothing).changes:
                known.add(row.place)
    return known


def _say_nothing(*_code: object, **_values: object) -> None:
    """What the row has to say is said when it is planned for good."""
