"""Schedules (进度计划) as a kind of import: nodes of MS Project and Primavera beside the stored nodes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.cells.text import match_key
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.row import QuarantinedRow
from core.importers.schedules.read import parse_schedule
from core.importers.schedules.shape import Column, ParsedSchedule, ScheduleNode
from core.services.imports.kind import Progress
from core.services.imports.milestone_plan import NodePlan, WantedNode, plan_node, write_nodes
from core.services.imports.names import Ambiguous
from core.services.imports.project_names import ProjectFinder
from db.queries.import_targets import ProjectKey
from db.queries.milestone_targets import StoredNode, load_nodes
from db.transaction import WriteTransaction

_MOST_GONE = 50


@dataclass(slots=True)
class CheckedNodes:
    """What would become of the nodes of a file: planned, unchanged and set-aside ones together are all of them."""

    planned: list[NodePlan] = field(default_factory=list)
    unchanged: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a text that differs when store or file would lead to other writes."""
        return hashlib.sha256(repr([plan.digest_key() for plan in self.planned]).encode()).hexdigest()

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """See ``write_nodes``."""
        new: dict[int, int] = Counter(plan.wanted.project_id for plan in self.planned if plan.stored is None)
        last = {
            project_id: max((node.sequence for node in nodes), default=0)
            for project_id, nodes in load_nodes(tx.connection, sorted(new)).items()
        }
        for plan in self.planned:
            if plan.stored is None:
                project_id = plan.wanted.project_id
                last[project_id] = plan.values["sequence"] = last.get(project_id, 0) + 1
        write_nodes(tx, self.planned, reason, progress)


class ScheduleImport:
    """进度计划: milestones of MS Project XML, Primavera XER and Primavera XML."""

    code = "schedule"
    label = "进度计划"
    permission = Permission.IMPORT
    fields: Mapping[str, str] = {}

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedSchedule:
        """See ``parse_schedule``."""
        return parse_schedule(data, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedSchedule, as_of: AsOf, options: ReadOptions
    ) -> CheckedNodes:
        """See ``check_nodes``."""
        return check_nodes(connection, actor, parsed, as_of)


def check_nodes(connection: Connection, actor: Actor, parsed: ParsedSchedule, as_of: AsOf) -> CheckedNodes:
    """Return what *parsed* would write, inside *actor*'s scope."""
    return _Check(connection, actor, parsed, as_of).run()


class _Check:
    def __init__(self, connection: Connection, actor: Actor, parsed: ParsedSchedule, as_of: AsOf) -> None:
        self._connection = connection
        self._parsed = parsed
        self._today = as_of.on
        self._finder = ProjectFinder(connection, actor)
        self._found = CheckedNodes(quarantined=list(parsed.quarantined), problems=list(parsed.problems))

    def run(self) -> CheckedNodes:
        """Find the projects, read their nodes at once, then match node by node."""
        groups: dict[str, list[ScheduleNode]] = defaultdict(list)
        for node in self._parsed.nodes:
            groups[node.sheet].append(node)
        projects = {sheet: self._project(sheet, nodes, len(groups) == 1) for sheet, nodes in groups.items()}
        ids = sorted({project.id for project in projects.values() if project is not None})
        stored = load_nodes(self._connection, ids)
        for sheet, nodes in groups.items():
            project = projects[sheet]
            if project is None:
                self._found.quarantined += [_set_aside(node) for node in nodes]
            else:
                self._match_all(project, nodes, stored.get(project.id, []))
        self._found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
        return self._found

    def _say(self, code: str, sheet: str, row: int = 0, column: str = "", /, **values: Any) -> bool:
        problem = build_problem(code, sheet, row, column, **values)
        self._found.problems.append(problem)
        return problem.severity is Severity.REFUSE

    def _project(self, sheet: str, nodes: Sequence[ScheduleNode], is_alone: bool) -> ProjectKey | None:
        words = (self._parsed.project,) if self._parsed.project and is_alone else nodes[0].project_names
        shown = words[0] if words else "（未写名称）"
        try:
            project = self._finder.find(words)
        except Ambiguous:
            self._say("schedule_project_ambiguous", sheet, value=shown)
            return None
        if project is None:
            self._say("schedule_project_unknown", sheet, value=shown)
            for near in self._finder.near(words):
                self._say("project_near", sheet, value=near.name, code=near.code)
            return None
        if not self._finder.is_visible(project.id):
            self._say("outside_scope", sheet)
            return None
        return project

    def _match_all(self, project: ProjectKey, nodes: Sequence[ScheduleNode], stored: Sequence[StoredNode]) -> None:
        matching = _Matching(nodes, stored)
        for node in nodes:
            try:
                target = matching.find(node)
            except Ambiguous:
                self._say("node_ambiguous", node.sheet, node.row, Column.NAME.heading, value=node.name)
                self._found.quarantined.append(_set_aside(node))
                continue
            self._plan(project, node, target)
        for gone in matching.left(nodes)[:_MOST_GONE]:
            self._say("node_gone", nodes[0].sheet, value=gone.name)

    def _plan(self, project: ProjectKey, node: ScheduleNode, target: StoredNode | None) -> None:
        wanted = WantedNode(
            sheet=node.sheet,
            row=node.row,
            project_id=project.id,
            project_name=project.name,
            name=node.name,
            planned_on=node.planned_on,
            first_on=node.baseline_on,
            forecast_on=node.forecast_on,
            actual_on=node.actual_on,
            source_key=node.source_key,
            place=node.source_key.partition(":")[2],
        )

        def say(code: str, **values: Any) -> bool:
            return self._say(code, node.sheet, node.row, _COLUMNS.get(code, Column.NAME).heading, **values)

        plan = plan_node(wanted, target, self._today, say)
        if plan is None:
            self._found.quarantined.append(_set_aside(node))
        elif plan.stored is not None and not plan.values:
            self._found.unchanged += 1
        else:
            self._found.planned.append(plan)


_COLUMNS = {
    "node_actual_future": Column.ACTUAL,
    "node_done_kept": Column.ACTUAL,
    "node_forecast_past": Column.FORECAST,
    "node_baseline_kept": Column.BASELINE,
}


class _Matching:
    """Nodes of a file and of the store, by key first, by name where neither has a key of the same software."""

    def __init__(self, nodes: Sequence[ScheduleNode], stored: Sequence[StoredNode]) -> None:
        self._by_key = {node.source_key: node for node in stored if node.source_key}
        keys = {node.source_key for node in nodes}
        self._by_name: dict[str, list[StoredNode]] = defaultdict(list)
        for node in stored:
            if node.source_key not in keys or not node.source_key:
                self._by_name[match_key(node.name)].append(node)
        self._stated = Counter(match_key(node.name) for node in nodes if node.source_key not in self._by_key)

    def find(self, node: ScheduleNode) -> StoredNode | None:
        """
        Return the stored node that *node* is, None for a new one.

        Raises:
            Ambiguous: Several nodes of the file or of the store bear the name and no key tells them apart.
        """
        if node.source_key and node.source_key in self._by_key:
            return self._by_key[node.source_key]
        name = match_key(node.name)
        software = _software(node.source_key)
        named = [one for one in self._by_name.get(name, ()) if _software(one.source_key) != software or not software]
        if not named:
            return None
        if len(named) > 1 or self._stated[name] > 1:
            raise Ambiguous
        return named[0]

    def left(self, nodes: Sequence[ScheduleNode]) -> list[StoredNode]:
        """Return the stored nodes that came from the same software and are in the file no more."""
        keys = {node.source_key for node in nodes}
        software = {_software(key) for key in keys}
        return [one for key, one in self._by_key.items() if key not in keys and _software(key) in software]


def _software(key: str) -> str:
    return key.partition(":")[0]


def _set_aside(node: ScheduleNode) -> QuarantinedRow:
    return QuarantinedRow(node.sheet, node.row, node.name, (node.source_key.partition(":")[2],))
