"""Changes of a ledger row: the edited fields, and the dated facts that move its stage."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound
from core.domain.initials import initials_of
from core.domain.lifecycle import TRANSITIONS, next_stage
from core.domain.permissions import Actor, Permission, require
from core.domain.project_checks import check_changes, check_event
from core.domain.terms import LifecycleKind, Stage
from db.models.project import LifecycleEvent, Project
from db.queries.project_details import ProjectRecord, find_project, load_events
from db.session import read, transaction
from db.transaction import WriteTransaction

_NAME_IN_HEADLINE = 60
# Facts that are also kept as a date of the project, from which the figures are made.
DATE_COLUMNS = {
    LifecycleKind.RESERVED: "reserved_on",
    LifecycleKind.SIGNED: "signed_on",
    LifecycleKind.FULFILLED: "fulfilled_on",
    LifecycleKind.STARTED: "started_on",
    LifecycleKind.SUSPENDED: "suspended_on",
    LifecycleKind.RESUMED: "resumed_on",
    LifecycleKind.COMPLETED: "completed_on",
    LifecycleKind.COMMISSIONED: "commissioned_on",
    LifecycleKind.FULL_CAPACITY: "full_capacity_on",
    LifecycleKind.ENTERED_STATISTICS: "entered_statistics_on",
}


@dataclass(frozen=True, slots=True)
class ProjectEdit:
    """The fields of a project that people edit by hand; empty text and None mean not known."""

    name: str
    national_code: str
    owner_name: str
    nature: str
    investor: str
    source: str
    location: str
    content: str
    remark: str
    start_planned_on: date | None
    finish_planned_on: date | None
    longitude: float | None
    latitude: float | None

    @classmethod
    def of(cls, record: ProjectRecord) -> "ProjectEdit":
        """Return the fields as they stand."""
        values = {field.name: record.values[field.name] for field in fields(cls)}
        return cls(**{**values, "national_code": values["national_code"] or ""})


def edit(actor: Actor, project_id: int, change: ProjectEdit, expected_version: int) -> int:
    """
    Save the edited fields and return the row's new version.

    Raises:
        PermissionDenied: The actor may not edit projects.
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed the row; nothing was written.
        Invalid: All refused values at once.
    """
    require(actor, Permission.EDIT_PROJECT)
    values = _values(change)
    with transaction(actor) as tx:
        _load(tx, actor, project_id, expected_version, values)
        problems = check_changes(values)
        if problems:
            raise Invalid(problems)
        values["initials"] = initials_of(values["name"])
        return tx.update(Project, project_id, values, expected_version=expected_version)


def _values(change: ProjectEdit) -> dict[str, Any]:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    values["national_code"] = values["national_code"] or None
    return values


def current(actor: Actor, project_id: int) -> ProjectRecord:
    """
    Return the stored row as it is now, to be shown beside what was refused.

    Raises:
        NotFound: Outside the actor's scope.
    """
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        record = find_project(connection, actor.scope, project_id)
    if record is None:
        raise NotFound
    return record


def possible_events(stage: Stage) -> tuple[LifecycleKind, ...]:
    """Return the facts that can be recorded of a project in *stage*."""
    return tuple(kind for kind in LifecycleKind if (stage, kind) in TRANSITIONS)


def record_event(
    actor: Actor,
    project_id: int,
    kind: LifecycleKind,
    happened_on: date | None,
    expected_version: int,
    *,
    reason: str = "",
    document_no: str = "",
) -> int:
    """
    Record a dated fact (开工、停工、复工、竣工、投产…), move the stage, and return the project's new version.

    The event is kept for good beside the date on the project; the wall's ticker tells it.

    Raises:
        PermissionDenied: The actor may not edit projects.
        NotFound: Outside the actor's scope.
        Conflict: Somebody else changed the row; nothing was written.
        Invalid: Not possible in this stage, or a value was refused.
    """
    require(actor, Permission.EDIT_PROJECT)
    with transaction(actor) as tx:
        record = _load(tx, actor, project_id, expected_version, {"stage": kind.value})
        stage = next_stage(Stage(record.values["stage"]), kind)
        problems = check_event(kind, happened_on, reason, tx.as_of.on, _known(tx, record), document_no)
        if problems:
            raise Invalid(problems)
        tx.insert(
            LifecycleEvent,
            {
                "project_id": project_id,
                "kind": kind.value,
                "happened_on": happened_on,
                "reason": reason.strip(),
                "document_no": document_no.strip(),
                "recorded_at": tx.at,
                "recorded_by": actor.login,
            },
            reason=reason.strip(),
        )
        changes: dict[str, Any] = {"stage": stage.value}
        if kind in DATE_COLUMNS:
            changes[DATE_COLUMNS[kind]] = happened_on
        return tx.update(
            Project,
            project_id,
            changes,
            expected_version=expected_version,
            reason=reason.strip(),
            headline=f"{_short(record.values['name'])} 登记{kind.label}",
        )


def _known(tx: WriteTransaction, record: ProjectRecord) -> dict[LifecycleKind, date]:
    """Return the latest date of each kind of fact."""
    known = {kind: record.values[column] for kind, column in DATE_COLUMNS.items() if record.values[column]}
    for event in load_events(tx.connection, record.values["id"]):
        known[event.kind] = max(event.happened_on, known.get(event.kind, event.happened_on))
    return known


def _load(
    tx: WriteTransaction, actor: Actor, project_id: int, expected_version: int, attempted: Mapping[str, Any]
) -> ProjectRecord:
    """Return the row; a newer version is a conflict before anything is judged, so both sides can be shown."""
    record = find_project(tx.connection, actor.scope, project_id)
    if record is None:
        raise NotFound
    if record.version != expected_version:
        raise Conflict({name: record.values[name] for name in attempted}, attempted)
    return record


def _short(name: str) -> str:
    return name if len(name) <= _NAME_IN_HEADLINE else name[: _NAME_IN_HEADLINE - 1] + "…"
