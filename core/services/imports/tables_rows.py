"""Rows of a table beside the store: names resolved, scope kept, problems placed. Every kind's check stands on it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor
from core.importers.options import ReadOptions
from core.importers.problems import Severity, build_problem
from core.importers.row import LedgerRow
from core.importers.tables.parse import add_up, set_aside, title_of
from core.importers.tables.reader import identity_of
from core.importers.tables.spec import ParsedTable, TableRow
from core.services.imports.kind import FieldChange
from core.services.imports.names import Ambiguous, Directory, NewUnit, ProjectIndex
from core.services.imports.tables_plan import TableChecked, TablePlan, shown
from db.queries import import_targets as queries
from db.queries.import_targets import ProjectKey


class TableRows:
    """
    The rows of a parsed table while they are held against the store.

    Attributes:
        found: What has been decided so far.
        projects: Project id → key, for the projects that rows name.
    """

    def __init__(
        self, connection: Connection, actor: Actor, parsed: ParsedTable, as_of: AsOf, options: ReadOptions
    ) -> None:
        self.connection = connection
        self.actor = actor
        self.parsed = parsed
        self.kind = parsed.kind
        self.as_of = as_of
        self.options = options
        self.directory = Directory(queries.load_names(connection))
        keys = queries.load_keys(connection) if "project_name" in {spec.code for spec in self.kind.fields} else []
        self.projects: dict[int, ProjectKey] = {key.id: key for key in keys}
        self._index = ProjectIndex(keys, options.key)
        identity = identity_of(self.kind)
        self._required = tuple(s for s in self.kind.fields if s.is_required and s.code not in identity)
        self._refused: set[int] = set()
        self._told_units: set[str] = set()
        self.found = TableChecked(quarantined=list(parsed.quarantined), problems=list(parsed.problems))

    def say(self, row: TableRow, code: str, field: str = "", **values: object) -> None:
        """Note a problem of *row*; a refusing one sets it aside."""
        label = self.parsed.labels.get((row.sheet, field), "")
        problem = build_problem(code, row.sheet, row.row, label, **values)
        self.found.problems.append(problem)
        if problem.severity is Severity.REFUSE:
            self._refused.add(id(row))

    def label(self, field: str) -> str:
        return self.kind.field_of(field).label

    def project(self, row: TableRow) -> int | None:
        """Return the project that *row* names; one that is not found sets the row aside."""
        values = row.values
        named = [values[code] for code in ("project_name", "project_code", "national_code") if values.get(code)]
        if not named:
            return None
        county_id = self.directory.county(values["county"]) if values.get("county") else None
        asked = LedgerRow(
            row.sheet,
            row.row,
            self.as_of.year,
            name=values.get("project_name"),
            code=values.get("project_code"),
            national_code=values.get("national_code"),
        )
        column = next(code for code in ("project_name", "project_code", "national_code") if values.get(code))
        try:
            project_id = self._index.find(asked, county_id)
        except Ambiguous:
            self.say(row, "project_ambiguous", column, value=named[0])
            return None
        if project_id is None:
            self.say(row, "project_unknown", column, value=named[0])
        return project_id

    def county(self, row: TableRow) -> int | None:
        """Return the county that *row* names; one that is not found sets the row aside."""
        name = row.values.get("county")
        county_id = self.directory.county(name) if name else None
        if name and county_id is None:
            self.say(row, "county_unknown", "county", value=name)
        return county_id

    def unit(self, row: TableRow, field: str) -> int | NewUnit | None:
        """Return the unit that *row* names; a new one is told once."""
        name = row.values.get(field)
        unit = self.directory.unit(name) if name else None
        if isinstance(unit, NewUnit) and unit.name not in self._told_units:
            self._told_units.add(unit.name)
            self.say(row, "unit_created", field, value=unit.name)
        return unit

    def visible_projects(self, ids: Iterable[int]) -> set[int]:
        """Return those of *ids* inside the actor's scope."""
        return queries.load_visible_ids(self.connection, self.actor.scope, sorted(set(ids)))

    def refuse_doubles(self, matched: Sequence[tuple[TableRow, object]]) -> None:
        """Two rows for one stored row contradict each other; the second is set aside."""
        first: dict[object, TableRow] = {}
        for row, target in matched:
            if target is not None and first.setdefault(target, row) is not row:
                self.say(row, "same_row", other=first[target].row)

    def check_required(self, row: TableRow) -> None:
        """A new row needs every required field."""
        for spec in self._required:
            if row.values.get(spec.code) is None:
                self.say(row, "required_missing", spec.code, label=spec.label)

    def is_refused(self, row: TableRow) -> bool:
        return id(row) in self._refused

    def new_plan(self, row: TableRow) -> TablePlan:
        return TablePlan(row.sheet, row.row, title_of(self.kind, row))

    def decide(self, row: TableRow, plan: TablePlan) -> bool:
        """Take *plan*, count its row as unchanged, or set a refused row aside; return whether it was accepted."""
        if self.is_refused(row):
            self.found.quarantined.append(set_aside(self.kind, row))
            return False
        if plan.is_new or plan.changes:
            self.found.planned.append(plan)
        else:
            self.found.unchanged += 1
        return True

    def finish(self, accepted: Sequence[TableRow]) -> TableChecked:
        """Return what was decided, with the sums of the accepted rows."""
        self.found.totals = add_up(self.kind, accepted)
        self.found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
        return self.found


def change(label: str, old: Any, new: Any, field: str = "") -> FieldChange:
    """Return a change as people read it."""
    return FieldChange(label, shown(old, field), shown(new, field))
