"""组建: a headquarters is founded with its checklist, its charter is kept, its steps are ticked off."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.domain.errors import Invalid, NotFound, PermissionDenied, Problem
from core.domain.headquarters import Post
from core.domain.headquarters_checks import check_charter, check_texts
from core.domain.permissions import Actor, Permission, require
from core.domain.workdays import add_workdays
from core.services.calendar import work_calendar
from core.services.headquarters.rules import set_up_in_force
from db.models.headquarters import HeadquartersStep
from db.models.organisation import Headquarters
from db.queries import headquarters as queries
from db.queries.headquarters import HeadquartersRow, StepRow
from db.session import transaction
from db.transaction import WriteTransaction


@dataclass(frozen=True, slots=True)
class Charter:
    """What a headquarters is there for; *set_up_due_on* is the day by which it must stand."""

    name: str
    short_name: str = ""
    mission: str = ""
    goals: str = ""
    area: str = ""
    office_address: str = ""
    founded_on: date | None = None
    set_up_due_on: date | None = None

    @classmethod
    def of(cls, row: HeadquartersRow) -> "Charter":
        """Return the charter as it is stored."""
        return cls(
            row.name, row.short_name, row.mission, row.goals, row.area, row.office_address, row.founded_on,
            row.set_up_due_on,
        )  # fmt: skip


def found(actor: Actor, charter: Charter, parent_id: int | None = None) -> int:
    """
    Found a headquarters with the checklist in force and return its id; the days count from ``founded_on``, or today.

    Raises:
        PermissionDenied: The actor may not found one at this place: only city level, or below an own headquarters.
        Invalid: All refused values at once.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    if not (actor.scope.everything or parent_id in actor.scope.headquarters_ids):
        raise PermissionDenied("您只能在本人所在指挥部之下新建。市级指挥部由市级管理人员新建，请与督查部门联系。")
    values = _values(charter)
    with transaction(actor) as tx:
        values["founded_on"] = charter.founded_on or tx.as_of.on
        problems = check_charter(values)
        if queries.is_name_taken(tx.connection, str(values["name"])):
            problems.append(_taken())
        if problems:
            raise Invalid(problems)
        code, order = queries.next_place(tx.connection)
        steps = _steps(tx, values["founded_on"], charter.set_up_due_on)
        values["set_up_due_on"] = charter.set_up_due_on or max(step["due_on"] for step in steps)
        row = {**values, "code": code, "parent_id": parent_id, "sort_order": order}
        key = int(tx.insert(Headquarters, row, headline=f"{values['name']}成立，开始组建"))
        tx.insert_many(HeadquartersStep, [{**step, "headquarters_id": key} for step in steps])
    return key


def _values(charter: Charter) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in asdict(charter).items()}


def _taken() -> Problem:
    return Problem("name", "name_taken", "已有同名的指挥部，请更换名称，或直接打开已有的指挥部。")


def _steps(tx: WriteTransaction, founded_on: date, latest: date | None) -> list[dict[str, Any]]:
    """Return the steps of the checklist in force, none of them later than the day the whole is due."""
    calendar = work_calendar(tx.connection)
    steps = []
    for number, step in enumerate(set_up_in_force(tx.connection).steps, start=1):
        due_on = add_workdays(founded_on, step.workdays, calendar).on
        steps.append(
            {
                "code": step.code,
                "sequence": number,
                "name": step.name,
                "post": step.post.value if step.post else "",
                "due_on": min(due_on, latest) if latest else due_on,
                "done_on": None,
                "note": "",
            }
        )
    return steps


def start_set_up(actor: Actor, headquarters_id: int) -> int:
    """
    Give a headquarters that has no checklist the one in force, counted from its founding, and return the steps.

    Raises:
        NotFound: Not the actor's to manage.
        Invalid: It has a checklist already.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    with transaction(actor) as tx:
        row = owned(tx, headquarters_id)
        if queries.list_steps(tx.connection, [headquarters_id]):
            raise Invalid([Problem("steps", "has_steps", "该指挥部已有组建清单，请直接在清单中办理。")])
        steps = _steps(tx, row.founded_on or tx.as_of.on, row.set_up_due_on)
        tx.insert_many(HeadquartersStep, [{**step, "headquarters_id": headquarters_id} for step in steps])
    return len(steps)


def save_charter(actor: Actor, headquarters_id: int, charter: Charter, expected_version: int) -> int:
    """
    Save the charter and return the row's new version.

    Raises:
        NotFound: Not the actor's to manage.
        Conflict: Somebody else changed it; nothing was written.
        Invalid: All refused values at once.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    values = _values(charter)
    with transaction(actor) as tx:
        row = owned(tx, headquarters_id)
        problems = check_charter(values)
        if values["name"] != row.name and queries.is_name_taken(tx.connection, str(values["name"])):
            problems.append(_taken())
        if problems:
            raise Invalid(problems)
        return tx.update(Headquarters, headquarters_id, values, expected_version=expected_version)


def owned(tx: WriteTransaction, headquarters_id: int) -> HeadquartersRow:
    """
    Return a headquarters that the actor may change: city level any, others their own.

    Raises:
        NotFound: No such headquarters, or it is seen only because of a project in it.
    """
    scope = tx.actor.scope
    row = queries.find_headquarters(tx.connection, scope, headquarters_id)
    if row is None or not (scope.everything or headquarters_id in scope.headquarters_ids):
        raise NotFound
    return row


def find_step(tx: WriteTransaction, headquarters_id: int, step_id: int) -> StepRow:
    """
    Return a step of a headquarters that the actor may change.

    Raises:
        NotFound: No such step there.
    """
    owned(tx, headquarters_id)
    for step in queries.list_steps(tx.connection, [headquarters_id]):
        if step.id == step_id:
            return step
    raise NotFound


def complete_step(
    actor: Actor, headquarters_id: int, step_id: int, done_on: date | None, note: str, expected_version: int
) -> int:
    """
    Tick a step off, or open it again with *done_on* None, and return its new version.

    Raises:
        NotFound, Conflict: As ever.
        Invalid: A day to come, or before there was anything to do; a note that is too long.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    with transaction(actor) as tx:
        step = find_step(tx, headquarters_id, step_id)
        problems = check_texts({"note": note})
        if done_on is not None and done_on > tx.as_of.on:
            problems.append(Problem("done_on", "to_come", f"完成日期（{done_on}）晚于今天，请填写实际完成的日期。"))
        if problems:
            raise Invalid(problems)
        changes = {"done_on": done_on, "note": note.strip()}
        return tx.update(HeadquartersStep, step.id, changes, expected_version=expected_version)


def move_step(
    actor: Actor, headquarters_id: int, step_id: int, due_on: date, reason: str, expected_version: int
) -> int:
    """
    Move the deadline of a step and return its new version; the audit keeps the old day and the reason.

    Raises:
        NotFound, Conflict: As ever.
        Invalid: No reason given.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    if not reason.strip():
        raise Invalid([Problem("reason", "missing_reason", "请写明调整期限的原因。")])
    with transaction(actor) as tx:
        step = find_step(tx, headquarters_id, step_id)
        return tx.update(
            HeadquartersStep, step.id, {"due_on": due_on}, expected_version=expected_version, reason=reason.strip()
        )


def tick_off(tx: WriteTransaction, headquarters_id: int, posts: frozenset[Post], on: date) -> None:
    """Tick off the open steps that wait for somebody at one of *posts*."""
    for step in queries.list_steps(tx.connection, [headquarters_id]):
        if step.done_on is None and step.post in {post.value for post in posts}:
            changes = {"done_on": on, "note": "任命成员时自动完成"}
            tx.update(HeadquartersStep, step.id, changes, expected_version=step.version)
