"""A parsed ledger beside the store: which rows are new, changed, unchanged, refused. Reads only."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from core.domain.period import AsOf, Month
from core.domain.permissions import Actor
from core.importers.problems import ImportProblem, Severity, build_problem
from core.importers.row import LedgerRow, ParsedLedger, QuarantinedRow, add_up
from core.services.imports.kind import Progress
from core.services.imports.ledger_doubts import release_known
from core.services.imports.ledger_plan import RowPlan, plan_row
from core.services.imports.ledger_reports import sealed_numbers
from core.services.imports.ledger_write import write_rows
from core.services.imports.names import Ambiguous, Directory, NewUnit, ProjectIndex
from core.services.imports.near_names import Named, find_near
from db.queries import import_targets as queries
from db.transaction import WriteTransaction, closed_months


@dataclass(slots=True)
class Checked:
    """
    What would become of a file.

    ``plans`` (new and changed), ``unchanged`` and ``quarantined`` together are all project rows.
    """

    plans: list[RowPlan] = field(default_factory=list)
    unchanged: int = 0
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    known_codes: set[str] = field(default_factory=set)

    @property
    def planned(self) -> Sequence[RowPlan]:
        return self.plans

    def digest(self) -> str:
        """Return a text that differs when the store or the file would lead to other writes."""
        keys = repr([plan.digest_key() for plan in self.plans])
        return hashlib.sha256(keys.encode()).hexdigest()

    def write(self, tx: WriteTransaction, reason: str, progress: Progress) -> None:
        """Write every plan; see ``write_rows``."""
        write_rows(tx, self.plans, self.known_codes, reason, progress)


def check_rows(
    connection: Connection, actor: Actor, parsed: ParsedLedger, as_of: AsOf, *, key: str = "auto"
) -> Checked:
    """
    Return what *parsed* would write.

    Args:
        as_of: Today; tells open assignments and which months may be reported.
        key: How a row finds its project: ``auto`` (code, else name within the county), ``code``, ``name_county``.
    """
    return _Check(connection, actor, parsed, as_of, key).run()


class _Check:
    def __init__(self, connection: Connection, actor: Actor, parsed: ParsedLedger, as_of: AsOf, key: str) -> None:
        self._connection = connection
        self._actor = actor
        self._as_of = as_of
        self._sealed = closed_months(connection)
        self._directory = Directory(queries.load_names(connection))
        self._keys = keys = queries.load_keys(connection)
        self._index = ProjectIndex(keys, key)
        self._parsed = parsed = release_known(connection, parsed, self._index, self._directory, as_of.on)
        self._found = Checked(
            quarantined=list(parsed.quarantined),
            problems=list(parsed.problems),
            known_codes={key.code for key in keys},
        )
        self._refused: set[tuple[str, int]] = set()
        self._new_units: set[str] = set()

    def run(self) -> Checked:
        """Match, then plan year by year, so that each year is read once."""
        matched = [(row, *self._match(row)) for row in self._parsed.rows]
        self._refuse_strangers(matched)
        self._refuse_doubles(matched)
        by_year: dict[int, list[int]] = defaultdict(list)
        for row, project_id, _ in matched:
            if project_id is not None:
                by_year[row.year].append(project_id)
        targets = {
            (year, project_id): target
            for year, ids in by_year.items()
            for project_id, target in queries.load_targets(self._connection, ids, year, self._as_of.on).items()
        }
        accepted = []
        for row, project_id, county_id in matched:
            target = targets.get((row.year, project_id)) if project_id is not None else None
            if self._plan(row, target, county_id):
                accepted.append(row)
        self._tell_near_names()
        self._found.totals = add_up(tuple(accepted))
        self._found.problems.sort(key=lambda problem: (problem.sheet, problem.row))
        return self._found

    def _say(self, row: LedgerRow, code: str, attribute: str = "", **values: Any) -> None:
        label = self._parsed.labels.get((row.sheet, attribute), "")
        problem = build_problem(code, row.sheet, row.row, label, **values)
        self._found.problems.append(problem)
        if problem.severity is Severity.REFUSE:
            self._refused.add((row.sheet, row.row))

    def _match(self, row: LedgerRow) -> tuple[int | None, int | None]:
        county_id = self._directory.county(row.county) if row.county else None
        if row.county and county_id is None:
            self._say(row, "county_unknown", "county", value=row.county)
        try:
            project_id = self._index.find(row, county_id)
        except Ambiguous:
            self._say(row, "ambiguous_match", "name")
            return None, county_id
        if project_id is None:
            county_id = county_id or self._directory.county_of_place(row)
            self._check_new(row, county_id)
        return project_id, county_id

    def _check_new(self, row: LedgerRow, county_id: int | None) -> None:
        if county_id is None and not row.county:
            self._say(row, "county_missing", "county")
        if row.total_investment_yuan is None:
            self._say(row, "total_missing", "total_investment_yuan")
        headquarters_id = self._directory.headquarters(row.headquarters) if row.headquarters else None
        unit = self._directory.unit(row.responsible_unit) if row.responsible_unit else None
        if not self._actor.scope.covers(county_id, headquarters_id, unit if isinstance(unit, int) else None):
            self._say(row, "outside_scope")

    def _refuse_strangers(self, matched: Sequence[tuple[LedgerRow, int | None, int | None]]) -> None:
        ids = [project_id for _, project_id, _ in matched if project_id is not None]
        visible = queries.load_visible_ids(self._connection, self._actor.scope, ids)
        for row, project_id, _ in matched:
            if project_id is not None and project_id not in visible:
                self._say(row, "outside_scope")

    def _refuse_doubles(self, matched: Sequence[tuple[LedgerRow, int | None, int | None]]) -> None:
        first: dict[int, LedgerRow] = {}
        for row, project_id, _ in matched:
            if project_id is not None and first.setdefault(project_id, row) is not row:
                self._say(row, "same_project", "name", other=first[project_id].row)

    def _plan(self, row: LedgerRow, target: queries.Target | None, county_id: int | None) -> bool:
        """Plan an accepted row; return False for a refused one, which is set aside."""
        if (row.sheet, row.row) in self._refused:
            codes = tuple(code for code in (row.code, row.national_code) if code)
            self._found.quarantined.append(QuarantinedRow(row.sheet, row.row, row.name or "", codes))
            return False
        plan = plan_row(
            self._without_future(row),
            target,
            county_id,
            self._directory,
            lambda code, attribute="", **values: self._say(row, code, attribute, **values),
            sealed_numbers(self._sealed, row.year),
        )
        self._tell_new_units(row, plan)
        if plan.is_new or plan.changes:
            self._found.plans.append(plan)
        else:
            self._found.unchanged += 1
        return True

    def _without_future(self, row: LedgerRow) -> LedgerRow:
        """A month that has not begun cannot have been completed."""
        today = Month.of(self._as_of.on)
        if row.month is None or Month(row.year, row.month) <= today:
            return row
        if row.month_done_yuan is not None or row.ytd_done_yuan is not None:
            self._say(row, "month_future", "ytd_done_yuan", month=Month(row.year, row.month).label)
        return replace(row, month=None, month_done_yuan=None, ytd_done_yuan=None)

    def _tell_new_units(self, row: LedgerRow, plan: RowPlan) -> None:
        attributes = ("responsible_unit", "lead_unit", "supporting_unit", "service_unit")
        for attribute in attributes:
            name = getattr(row, attribute)
            if name and name not in self._new_units and isinstance(plan.directory.unit(name), NewUnit):
                self._new_units.add(name)
                self._say(row, "unit_created", attribute, value=name)

    def _tell_near_names(self) -> None:
        """Propose, never merge: a new project whose name is close to another one."""
        plans = [plan for plan in self._found.plans if plan.is_new]
        new = [
            Named(plan.title, plan.project.get("county_id"), f"第{plan.row_number}行", plan.row.national_code or "")
            for plan in plans
        ]
        stored = (Named(key.name, key.county_id, "系统中", key.national_code or "") for key in self._keys if new)
        for position, other in find_near(new, stored).items():
            self._say(plans[position].row, "near_duplicate", "name", where=other.where, other=other.name)
