"""待办 of starting: procedures and owed papers that fall due, stays on a watch list with their deadline."""

from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, or_, select

from core.domain.permissions import Permission
from core.domain.start_terms import ProcedureKind, WatchList
from core.domain.terms import Stage
from core.domain.todo import Todo, TodoKind, soon
from db.models.organisation import County, Unit
from db.models.project import Project
from db.models.start import Procedure, WatchItem
from db.queries.scoping import project_scope
from db.queries.todo_parts import columns
from db.queries.todos import Asked, Source, TodoRow, within

_LEFT = (Stage.WITHDRAWN.value, Stage.TERMINATED.value, Stage.MERGED.value)
_OF_PROJECT = (Project.county_id, Project.headquarters_id, Project.responsible_unit_id)
_OF_ITEM = (
    Project.county_id,
    Project.headquarters_id,
    func.coalesce(WatchItem.owner_unit_id, Project.responsible_unit_id),
)


def _procedures(asked: Asked) -> Select[Any]:
    """Procedures planned for, and papers owed by, a day up to the end of the near week; the state is what is owed."""
    own = Procedure
    is_open = own.done_on.is_(None)
    is_owed = and_(own.done_on.is_not(None), own.owed_papers != "", own.supplied_on.is_(None))
    due_on = case((is_open, own.planned_on), else_=own.owed_due_on)
    shown = columns(
        own.id, own.kind, due_on, case((is_open, ""), else_=own.owed_papers), place=Project.name,
        owner=func.coalesce(Unit.name, County.name, ""), tag=cast(Project.id, String), owners=_OF_PROJECT,
    )  # fmt: skip
    return (
        select(*shown)
        .select_from(own)
        .join(Project, Project.id == own.project_id)
        .join(County, County.id == Project.county_id, isouter=True)
        .join(Unit, Unit.id == own.unit_id, isouter=True)
        .where(
            own.applies.is_(True),
            or_(is_open, is_owed),
            due_on <= soon(asked.today),
            Project.stage.not_in(_LEFT),
            project_scope(asked.scope, *_OF_PROJECT),
        )
    )


def _items(asked: Asked) -> Select[Any]:
    """Stays on a list, for the project's owners, the unit and the person that were named."""
    own = WatchItem
    shown = columns(
        own.id, Project.name, own.due_on, own.kind, owner=func.coalesce(Unit.name, County.name, ""), tag=own.kind,
        owners=_OF_ITEM, person=own.owner_person_id,
    )  # fmt: skip
    mine = project_scope(asked.scope, *_OF_ITEM)
    if asked.person_id is not None:
        mine = or_(mine, own.owner_person_id == asked.person_id)
    return (
        select(*shown)
        .select_from(own)
        .join(Project, Project.id == own.project_id)
        .join(County, County.id == Project.county_id, isouter=True)
        .join(Unit, Unit.id == _OF_ITEM[2], isouter=True)
        .where(own.left_on.is_(None), mine, *within(asked, own.due_on))
    )


def _of_procedure(row: TodoRow) -> Todo:
    kind = ProcedureKind(row.title).label
    title = f"{kind}容缺材料待补：{row.status}" if row.status else f"{kind}待办结"
    step, link = "补齐" if row.status else "办结", f"/starts?view=readiness&project={row.tag}"
    return Todo(TodoKind.PROCEDURE, "procedure", row.id, title, step, row.place, row.owner, row.due_on, link)


def _of_item(row: TodoRow) -> Todo:
    title, link = f"{row.title}在{WatchList(row.tag).label}", f"/starts?view={row.tag}"
    return Todo(TodoKind.WATCH, "watch_item", row.id, title, "落实整改", "", row.owner, row.due_on, link)


START_SOURCES: tuple[Source, ...] = (
    Source("procedures", TodoKind.PROCEDURE, (Permission.EDIT_PROJECT,), True, _procedures, _of_procedure),
    Source("watch_items", TodoKind.WATCH, (Permission.RECTIFY,), True, _items, _of_item),
)
