"""Who stands for a project as sponsor leader (包保领导): set and ended by date; what was stays (history)."""

from datetime import date

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import AssignmentRole
from db.models.project import Assignment
from db.queries import matter_targets
from db.queries import sponsors as queries
from db.session import transaction


def assign(actor: Actor, person_id: int, project: str, from_on: date | None) -> int:
    """
    Have a person stand for a project from a day on; return the assignment's id.

    Args:
        project: Code or full name.

    Raises:
        PermissionDenied: The actor may not edit projects.
        NotFound: No such person.
        Invalid: All refused values at once.
    """
    require(actor, Permission.EDIT_PROJECT)
    name = project.strip()
    with transaction(actor) as tx:
        if person_id not in queries.find_people(tx.connection, [person_id]):
            raise NotFound
        found = matter_targets.find_projects(tx.connection, actor.scope, [name]).get(name, ()) if name else ()
        problems = []
        if len(found) != 1:
            text = "找不到该项目，或不在您的管理范围内。请填写项目编号或完整名称。"
            problems.append(Problem("project", "unknown_project", text))
        if from_on is None:
            problems.append(Problem("from_on", "missing_date", "请填写包保起始日期。"))
        elif from_on > tx.as_of.on:
            problems.append(Problem("from_on", "future_date", "起始日期不能晚于今天，请到时再登记。"))
        elif len(found) == 1:
            held = queries.list_of_project(tx.connection, actor.scope, found[0].id)
            if any(row.person_id == person_id and (row.to_on is None or row.to_on > from_on) for row in held):
                problems.append(Problem("project", "already_assigned", "该领导在此期间已包保该项目，不需要重复登记。"))
        if problems:
            raise Invalid(problems)
        values = {
            "project_id": found[0].id,
            "role": AssignmentRole.SPONSOR_LEADER.value,
            "person_id": person_id,
            "unit_id": None,
            "from_on": from_on,
            "to_on": None,
        }
        return int(tx.insert(Assignment, values))


def end(actor: Actor, assignment_id: int, to_on: date | None, expected_version: int) -> int:
    """
    End an assignment; *to_on* is the first day on which it is over. Return the row's new version.

    Raises:
        PermissionDenied: The actor may not edit projects.
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed it; nothing was written.
        Invalid: No day, one before its beginning, or it is over already.
    """
    require(actor, Permission.EDIT_PROJECT)
    with transaction(actor) as tx:
        row = queries.find_assignment(tx.connection, actor.scope, assignment_id)
        if row is None:
            raise NotFound
        if row.version != expected_version:
            raise Conflict({"to_on": row.to_on}, {"to_on": to_on})
        if row.to_on is not None:
            raise Invalid([Problem("to_on", "already_ended", f"该包保关系已于 {row.to_on} 结束。")])
        if to_on is None:
            raise Invalid([Problem("to_on", "missing_date", "请填写结束日期。")])
        if to_on > tx.as_of.on:
            raise Invalid([Problem("to_on", "future_date", "结束日期不能晚于今天，请到时再登记。")])
        if row.from_on is not None and to_on < row.from_on:
            text = f"结束日期 {to_on} 早于起始日期（{row.from_on}），请更正。"
            raise Invalid([Problem("to_on", "before_start", text)])
        return tx.update(Assignment, assignment_id, {"to_on": to_on}, expected_version=expected_version)
