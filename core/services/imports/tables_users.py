"""用户: accounts and their roles. Roles are only added, never taken away; first passwords are told once."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from core.domain.grants import BINDING_OF_ROLE, Grant, grant_problems
from core.domain.terms import Role
from core.importers.cells.text import tidy_line
from core.importers.tables.spec import TableRow
from core.services import passwords
from core.services.imports.kind import Progress
from core.services.imports.names import NewUnit
from core.services.imports.tables_plan import TableChecked, TablePlan, Writer, tell_progress
from core.services.imports.tables_rows import TableRows, change
from db.models.access import User, UserRole
from db.queries import access as queries
from db.queries.access import GrantRow, UserRow
from db.transaction import WriteTransaction

_FIELD_OF = {"county": "county", "headquarters": "headquarters", "unit": "unit"}


class UserCheck:
    """Checks the rows of a table of accounts: one row per account and role."""

    def __init__(self, rows: TableRows) -> None:
        self._rows = rows
        self._users, self._held = _load(rows.connection)
        self._grants: dict[str, list[Grant]] = defaultdict(list)
        self._names: dict[str, str] = {}
        self._planned: set[str] = set()

    def run(self) -> TableChecked:
        """Resolve what roles are bound to, judge each account's roles together, then plan row by row."""
        rows = self._rows
        bound = [(row, self._grant(row)) for row in rows.parsed.rows]
        for row, grant in bound:
            self._check_account(row)
            if grant is not None and not rows.is_refused(row):
                self._grants[row.values["login"]].append(grant)
        for row, _ in bound:
            self._check_grants(row)
        accepted = [row for row, grant in bound if self._plan(row, grant)]
        found = rows.finish(accepted)
        found.writer = UserWriter()
        return found

    def _grant(self, row: TableRow) -> Grant | None:
        role = row.values.get("role")
        binding = BINDING_OF_ROLE.get(role) if role is not None else None
        if role is None or binding is None:
            return Grant(role) if role is not None else None
        return Grant(role, self._bound(row, binding)) if row.values.get(binding) else Grant(role)

    def _bound(self, row: TableRow, binding: str) -> int | None:
        rows, name = self._rows, row.values[binding]
        if binding == "county":
            return rows.county(row)
        if binding == "headquarters":
            found = rows.directory.headquarters(name)
            if found is None:
                rows.say(row, "row_headquarters_unknown", binding, value=name)
            return found
        unit = rows.directory.unit(name)
        if isinstance(unit, NewUnit):
            rows.say(row, "unit_unknown_for_user", binding, value=name)
            return None
        return unit

    def _check_account(self, row: TableRow) -> None:
        rows, login = self._rows, row.values["login"]
        user, name = self._users.get(login), row.values.get("name")
        if login == rows.actor.login:
            rows.say(row, "own_account", "login")
        if user is None:
            rows.check_required(row)
        first = self._names.setdefault(login, name or "")
        known = user.name if user else first
        if name and known and tidy_line(name) != tidy_line(known):
            rows.say(row, "account_taken", "login", value=login, name=known)

    def _check_grants(self, row: TableRow) -> None:
        """All roles of an account are judged together, those it holds already included."""
        login = row.values["login"]
        if self._rows.is_refused(row) or row.values.get("role") is None:
            return
        grants = [*self._held.get(login, ()), *(g for g in self._grants[login] if g not in self._held.get(login, ()))]
        problems = grant_problems(grants)
        if problems:
            self._rows.say(row, "grants_refused", "role", reason=problems[0].message)

    def _plan(self, row: TableRow, grant: Grant | None) -> bool:
        rows, login = self._rows, row.values["login"]
        plan = rows.new_plan(row)
        plan.code = login
        user = self._users.get(login)
        if user is not None:
            plan.target_id, plan.version = user.id, user.version
        if grant is not None and grant not in self._held.get(login, ()):
            plan.part = {"role": grant.role.value, "bound_id": grant.bound_id}
            if user is not None:
                plan.changes.append(change(rows.label("role"), None, self._shown(row, grant)))
        plan.values = {"login": login, "name": row.values.get("name", "")}
        return rows.decide(row, plan)

    def _shown(self, row: TableRow, grant: Grant) -> str:
        bound = row.values.get(grant.binding) if grant.binding else None
        return f"{grant.role.label}（{bound}）" if bound else grant.role.label


def _load(connection: Connection) -> tuple[dict[str, UserRow], dict[str, tuple[Grant, ...]]]:
    """Return accounts and their roles by login."""
    users = {user.login: user for user in queries.users(connection, "", None)}
    grants = queries.grants_by_user(connection, [user.id for user in users.values()])
    return users, {login: tuple(map(_as_grant, grants.get(user.id, ()))) for login, user in users.items()}


def _as_grant(row: GrantRow) -> Grant:
    return Grant(Role(row.role), row.county_id or row.headquarters_id or row.unit_id)


class UserWriter(Writer):
    """Writes accounts with a made password, to be changed at the first sign-in, and their roles."""

    def write(self, tx: WriteTransaction, checked: TableChecked, reason: str, progress: Progress) -> None:
        ids = {plan.code: plan.target_id for plan in checked.planned if plan.target_id is not None}
        for done, plan in enumerate(checked.planned, start=1):
            if plan.code not in ids:
                password = passwords.generate()
                ids[plan.code] = tx.insert(User, _account(plan, password), reason=reason)
                checked.handed_out[plan.code] = password
            if plan.part:
                tx.insert(UserRole, _role(ids[plan.code], plan.part), reason=reason)
            tell_progress(progress, done, checked.planned, "建立账号")


def _account(plan: TablePlan, password: str) -> dict[str, Any]:
    return {
        **plan.values,
        "password_hash": passwords.make_hash(password),
        "is_active": True,
        "is_demo": False,
        "must_change_password": True,
        "failed_attempts": 0,
        "version": 1,
    }


def _role(user_id: int | None, part: dict[str, Any]) -> dict[str, Any]:
    binding = BINDING_OF_ROLE.get(Role(part["role"]))
    bound = {f"{kind}_id": part["bound_id"] if kind == binding else None for kind in _FIELD_OF}
    return {"user_id": user_id, "role": part["role"], **bound, "version": 1}
