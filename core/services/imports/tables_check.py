"""A parsed table beside the store, for the kinds whose rows go into one table: what is new, changed, refused."""

from collections.abc import Sequence
from typing import Any

from core.importers.cells.text import is_same
from core.importers.tables.duplicates import comparable
from core.importers.tables.spec import TableRow
from core.services.imports.names import Ambiguous, NewUnit
from core.services.imports.tables_binding import Binding, Stored, stored_form, table_of
from core.services.imports.tables_match import StoredKeys
from core.services.imports.tables_plan import TableChecked, TablePlan
from core.services.imports.tables_rows import TableRows, change
from core.services.imports.tables_write import BoundWriter
from db.queries import table_targets as queries

_PROJECT_FIELDS = ("project_name", "project_code", "national_code")


class BoundCheck:
    """Checks the rows of a kind with a ``Binding``."""

    def __init__(self, rows: TableRows, binding: Binding) -> None:
        self._rows = rows
        self._binding = binding
        self._kind = rows.kind
        self._keys = StoredKeys(rows.connection, rows.kind, binding, rows.options.key)
        self._targets: dict[int, dict[str, Any]] = {}
        self._parts: dict[int, dict[str, Any]] = {}
        self._visible: set[int] = set()

    def run(self) -> TableChecked:
        """Resolve names, match, then read what matched and plan row by row."""
        resolved = [(row, self._resolve(row)) for row in self._rows.parsed.rows]
        matched = [(row, links, self._match(row, links)) for row, links in resolved]
        self._rows.refuse_doubles([(row, target_id) for row, _, target_id in matched])
        self._load(matched)
        accepted = [row for row, links, target_id in matched if self._plan(row, links, target_id)]
        found = self._rows.finish(accepted)
        found.writer = BoundWriter(self._binding, frozenset(self._keys.codes))
        return found

    def _resolve(self, row: TableRow) -> dict[str, Any]:
        """Return the references of *row* by field: ids, or units that are new."""
        links: dict[str, Any] = {}
        if self._binding.county:
            links["county"] = self._rows.county(row)
        if self._binding.project:
            links["project"] = self._rows.project(row)
        for field in self._binding.units:
            links[field] = self._rows.unit(row, field)
        return {field: target for field, target in links.items() if target is not None}

    def _match(self, row: TableRow, links: dict[str, Any]) -> int | None:
        by_name = ("county", *_PROJECT_FIELDS)
        told = {code: comparable(value) for code, value in row.values.items() if code not in by_name} | links
        try:
            return self._keys.find(told)
        except Ambiguous:
            codes = dict.fromkeys(code for key in self._kind.keys for code in key if code not in row.values)
            label = "、".join(self._rows.label(code) for code in codes) or "编号"
            self._rows.say(row, "row_ambiguous", self._kind.title, label=label)
            return None

    def _load(self, matched: Sequence[tuple[TableRow, dict[str, Any], int | None]]) -> None:
        ids = sorted({target_id for _, _, target_id in matched if target_id is not None})
        connection, binding = self._rows.connection, self._binding
        self._targets = queries.load_rows(connection, binding.model, ids)
        if binding.part is not None:
            self._parts = queries.load_rows(connection, binding.part.model, ids, binding.part.key)
        if binding.project:
            projects = {links["project"] for _, links, _ in matched if "project" in links}
            stored = {row[binding.project] for row in self._targets.values() if row[binding.project] is not None}
            self._visible = self._rows.visible_projects(projects | stored)

    def _plan(self, row: TableRow, links: dict[str, Any], target_id: int | None) -> bool:
        rows, binding = self._rows, self._binding
        target = self._targets.get(target_id) if target_id is not None else None
        plan = rows.new_plan(row)
        plan.target_id = target_id
        wanted = self._wanted(row, links, plan)
        if target is None:
            rows.check_required(row)
            self._inherit_county(row, links, wanted)
        else:
            plan.version, plan.target = target["version"], target
        self._check_scope(row, wanted, plan, target)
        told = wanted | ({} if binding.derive is None else binding.derive(wanted, target, rows.as_of))
        if target is None and "raised_on" in told and "raised_on" not in wanted and "assigned_on" not in wanted:
            rows.say(row, "date_today", "raised_on", label=rows.label("raised_on"))
        plan.values = told
        plan.part = self._part(row)
        plan.code = str(wanted.get("code") or (target or {}).get("code") or "")
        self._check_code(row, plan, target)
        if target is not None:
            self._compare(plan, target)
        return rows.decide(row, plan)

    def _check_code(self, row: TableRow, plan: TablePlan, target: Stored | None) -> None:
        """A code is used once in the whole table; another spelling of the stored one is no change."""
        code = plan.values.get("code")
        if code is None:
            return
        if target is not None and comparable(code) == comparable(target["code"]):
            del plan.values["code"]
        elif code in self._keys.codes:
            self._rows.say(row, "code_taken", "code", value=code)

    def _wanted(self, row: TableRow, links: dict[str, Any], plan: TablePlan) -> dict[str, Any]:
        binding, table = self._binding, table_of(self._binding.model)
        wanted = {
            column: stored_form(table, column, row.values[code])
            for code, column in binding.columns.items()
            if row.values.get(code) is not None
        }
        if "county" in links:
            wanted[binding.county] = links["county"]
        if "project" in links:
            wanted[binding.project] = links["project"]
        for field, column in binding.units.items():
            unit = links.get(field)
            if isinstance(unit, NewUnit):
                plan.units[column] = unit
            elif unit is not None:
                wanted[column] = unit
        return wanted

    def _inherit_county(self, row: TableRow, links: dict[str, Any], wanted: dict[str, Any]) -> None:
        """A matter of a project lies in the project's county; a plot must lie in one."""
        if not self._binding.county or self._binding.county in wanted:
            return
        if "project" in links:
            wanted[self._binding.county] = self._rows.projects[links["project"]].county_id
        elif self._binding.needs_county and not row.values.get("county"):
            self._rows.say(row, "row_county_missing", "county")

    def _check_scope(self, row: TableRow, wanted: dict[str, Any], plan: TablePlan, target: Stored | None) -> None:
        """Both the stored row and what it is to become must lie inside the actor's scope."""
        inside = self._is_inside({**(target or {}), **wanted}) and (target is None or self._is_inside(target))
        if not inside:
            self._rows.say(row, "row_outside_scope")

    def _is_inside(self, values: Stored) -> bool:
        binding, scope = self._binding, self._rows.actor.scope
        if scope.everything:
            return True
        project_id = values.get(binding.project) if binding.project else None
        if project_id is not None and project_id in self._visible:
            return True
        county_id = values.get(binding.county) if binding.county else None
        units = (values.get(column) for column in binding.units.values())
        return any(scope.covers(county_id, None, unit_id) for unit_id in (None, *units))

    def _part(self, row: TableRow) -> dict[str, Any]:
        part = self._binding.part
        if part is None:
            return {}
        table = table_of(part.model)
        return {
            column: stored_form(table, column, row.values[column])
            for column in part.columns
            if row.values.get(column) is not None
        }

    def _compare(self, plan: TablePlan, target: Stored) -> None:
        """Keep what differs from the stored row, and say it."""
        plan.values = {column: value for column, value in plan.values.items() if not is_same(target.get(column), value)}
        if self._lies_there_already(plan, target):
            del plan.values[self._binding.county]
        for column, value in plan.values.items():
            plan.changes.append(self._change(column, target.get(column), value))
        for column, unit in plan.units.items():
            plan.changes.append(self._change(column, target.get(column), unit.name))
        part = self._parts.get(int(target["id"]), {})
        plan.part = {column: value for column, value in plan.part.items() if not is_same(part.get(column), value)}
        for column, value in plan.part.items():
            plan.changes.append(self._change(column, part.get(column), value))
        plan.target = {**target, "part": part}

    def _lies_there_already(self, plan: TablePlan, target: Stored) -> bool:
        """Whether the county is the project's: a row that names none of its own lies there, and is shown there."""
        binding = self._binding
        county_id = plan.values.get(binding.county)
        project_id = target.get(binding.project) if binding.project else None
        project = self._rows.projects.get(project_id) if project_id is not None else None
        return bool(
            county_id is not None
            and target.get(binding.county) is None
            and project is not None
            and project.county_id == county_id
        )

    def _change(self, column: str, old: Any, new: Any) -> Any:
        binding = self._binding
        if column == binding.county:
            return change(self._rows.label("county"), self._named("county_id", old), self._named("county_id", new))
        if column == binding.project:
            names = [self._rows.projects[one].name if one in self._rows.projects else one for one in (old, new)]
            return change(self._rows.label("project_name"), *names)
        for field, unit_column in binding.units.items():
            if column == unit_column:
                return change(self._rows.label(field), self._named("unit_id", old), self._named("unit_id", new))
        return self._plain_change(column, old, new)

    def _plain_change(self, column: str, old: Any, new: Any) -> Any:
        field = next((code for code, name in self._binding.columns.items() if name == column), column)
        known = {spec.code: spec for spec in self._kind.fields}
        if field not in known:
            label = "面积（图上）" if field == "area_sqm" else field
            return change(label, old, new, field)
        terms = known[field].terms
        if terms is not None:
            old, new = (terms(one) if one else one for one in (old, new))
        return change(known[field].label, old, new, field)

    def _named(self, column: str, value: Any) -> Any:
        return self._rows.directory.name_of(column, value) if isinstance(value, int) else value
