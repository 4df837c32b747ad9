"""节点: rows beside the stored ones of their projects. The first baseline never changes; a moved plan is an event."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from core.domain.terms import Term
from core.importers.cells.text import is_same
from core.importers.tables.duplicates import comparable
from core.importers.tables.spec import TableRow
from core.services.imports.kind import Progress
from core.services.imports.tables_binding import blank_row
from core.services.imports.tables_plan import TableChecked, TablePlan, Writer, tell_progress
from core.services.imports.tables_rows import TableRows, change
from core.services.imports.tables_write import insert_numbered
from db.baselines import baseline_row, first_baselines
from db.imports import reserve_ids
from db.models.milestone import Milestone, MilestoneBaseline
from db.queries import table_targets as queries
from db.transaction import WriteTransaction

_PLAIN = ("sequence", "name", "is_key", "responsible", "note", "forecast_reason", "actual_on", "forecast_on")


class MilestoneCheck:
    """Checks the rows of a table of milestones."""

    def __init__(self, rows: TableRows) -> None:
        self._rows = rows
        self._stored: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[int, int] = {}

    def run(self) -> TableChecked:
        """Find the projects, read their milestones at once, then plan row by row."""
        rows = self._rows
        named = [(row, rows.project(row)) for row in rows.parsed.rows]
        ids = sorted({project_id for _, project_id in named if project_id is not None})
        visible = rows.visible_projects(ids)
        for row, project_id in named:
            if project_id is not None and project_id not in visible:
                rows.say(row, "outside_scope")
        for node in queries.load_milestones(rows.connection, ids):
            self._stored[node["project_id"]].append(node)
            self._last[node["project_id"]] = max(node["sequence"], self._last.get(node["project_id"], 0))
        matched = [(row, project_id, self._match(row, project_id)) for row, project_id in named]
        self._refuse_doubles(matched)
        accepted = [row for row, project_id, node in matched if self._plan(row, project_id, node)]
        found = rows.finish(accepted)
        found.writer = MilestoneWriter()
        return found

    def _match(self, row: TableRow, project_id: int | None) -> dict[str, Any] | None:
        """The node of the same name; of several the one with the stated sequence."""
        name = comparable(row.values["name"])
        same = [node for node in self._stored.get(project_id or 0, ()) if comparable(node["name"]) == name]
        if len(same) > 1:
            same = [node for node in same if node["sequence"] == row.values.get("sequence")] or same
        if len(same) > 1:
            self._rows.say(row, "row_ambiguous", "name", label=self._rows.label("sequence"))
        return same[0] if len(same) == 1 else None

    def _refuse_doubles(self, matched: Sequence[tuple[TableRow, int | None, dict[str, Any] | None]]) -> None:
        """The same node of a project, named once by code and once by name."""
        keys = [
            (row, node["id"] if node else (project_id, comparable(row.values["name"])))
            for row, project_id, node in matched
            if project_id is not None
        ]
        self._rows.refuse_doubles(keys)

    def _plan(self, row: TableRow, project_id: int | None, node: dict[str, Any] | None) -> bool:
        rows, values = self._rows, row.values
        plan = rows.new_plan(row)
        if project_id is not None:
            plan.code = rows.projects[project_id].code
        actual_on = values.get("actual_on")
        if actual_on is not None and actual_on > rows.as_of.on:
            rows.say(row, "date_future", "actual_on", label=rows.label("actual_on"), value=actual_on)
        wanted = {code: _stored(values[code]) for code in _PLAIN if values.get(code) is not None}
        if actual_on is not None or (node is not None and node["actual_on"] is not None):
            wanted.pop("forecast_on", None)
        if node is None:
            self._plan_new(row, plan, project_id, wanted)
        else:
            self._plan_change(row, plan, node, wanted)
        return rows.decide(row, plan)

    def _plan_new(self, row: TableRow, plan: TablePlan, project_id: int | None, wanted: dict[str, Any]) -> None:
        self._rows.check_required(row)
        planned_on = row.values.get("planned_on")
        if project_id is None or planned_on is None or self._rows.is_refused(row):
            return
        self._last[project_id] = max(self._last.get(project_id, 0) + 1, wanted.get("sequence", 0))
        first_on = row.values.get("first_baseline_on") or planned_on
        plan.values = {
            "sequence": self._last[project_id],
            **wanted,
            "project_id": project_id,
            "first_baseline_on": first_on,
            "planned_on": planned_on,
            "moves": int(first_on != planned_on),
        }

    def _plan_change(self, row: TableRow, plan: TablePlan, node: dict[str, Any], wanted: dict[str, Any]) -> None:
        rows = self._rows
        plan.target_id, plan.version, plan.target = node["id"], node["version"], node
        first_on = row.values.get("first_baseline_on")
        if first_on is not None and first_on != node["first_baseline_on"]:
            stored = node["first_baseline_on"]
            rows.say(row, "first_baseline_kept", "first_baseline_on", given=first_on, stored=stored)
        planned_on = row.values.get("planned_on")
        if planned_on is not None and planned_on != node["planned_on"]:
            self._move(row, node, planned_on, wanted)
        plan.values = {column: value for column, value in wanted.items() if not is_same(node[column], value)}
        # Another spelling of the name is how the row was found, not a new name.
        plan.values.pop("name", None)
        for column, value in plan.values.items():
            if column != "moves":
                plan.changes.append(change(rows.label(column), node[column], value, column))

    def _move(self, row: TableRow, node: dict[str, Any], planned_on: date, wanted: dict[str, Any]) -> None:
        """A plan is moved openly; what is done already has no plan to move."""
        rows = self._rows
        if node["actual_on"] is not None:
            rows.say(row, "done_plan_kept", "planned_on", given=planned_on, stored=node["planned_on"])
            return
        rows.say(row, "rebaselined", "planned_on", old=node["planned_on"], new=planned_on)
        wanted |= {"planned_on": planned_on, "moves": node["moves"] + 1}


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Term) else value


class MilestoneWriter(Writer):
    """Writes milestones with their baselines."""

    def write(self, tx: WriteTransaction, checked: TableChecked, reason: str, progress: Progress) -> None:
        plans = checked.planned
        new = [plan for plan in plans if plan.is_new]
        rows: list[dict[str, Any]] = []
        baselines: list[dict[str, Any]] = []
        for plan, row_id in zip(new, reserve_ids(tx.connection, Milestone, len(new)), strict=True):
            rows.append(blank_row(Milestone) | plan.values | {"id": row_id})
            first_on, planned_on = plan.values["first_baseline_on"], plan.values["planned_on"]
            baselines += first_baselines(tx, row_id, first_on, planned_on, reason)
        tx.insert_many(Milestone, rows, reason=reason)
        for done, plan in enumerate((plan for plan in plans if not plan.is_new), start=len(new) + 1):
            tx.update(Milestone, plan.target_id, plan.values, expected_version=plan.version, reason=reason)
            if plan.target_id is not None and "planned_on" in plan.values:
                number, moved = plan.values["moves"], plan.values["planned_on"]
                baselines.append(baseline_row(tx, plan.target_id, number, moved, plan.target["planned_on"], reason))
            tell_progress(progress, done, plans, "更新节点")
        insert_numbered(tx, MilestoneBaseline, baselines, reason)
