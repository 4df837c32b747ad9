"""The story of one matter: its steps, its supporting units, the matters it points to or is pointed to by."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, case, func, or_, select

from core.domain.matters.words import MatterAction
from core.domain.scope import Scope
from db.models.access import User
from db.models.matter import Matter, MatterEvent, MatterSupport, PolicyTerms
from db.models.organisation import Unit
from db.models.project import Project
from db.queries.matters import MatterRow, matter_scope


@dataclass(frozen=True, slots=True)
class MatterEventRow:
    """One step that was taken; *kind_label* also reads kinds of older stores."""

    id: int
    kind: str
    happened_at: datetime
    actor: str
    actor_name: str
    note: str
    document_no: str
    old_due_on: date | None
    new_due_on: date | None

    @property
    def kind_label(self) -> str:
        """Return the step in words."""
        return MatterAction(self.kind).label


@dataclass(frozen=True, slots=True)
class SupportRow:
    """A supporting unit of a matter."""

    id: int
    version: int
    unit_id: int
    unit_name: str
    due_on: date
    replied_on: date | None
    opinion: str


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """Another matter that one points to or is pointed to by."""

    id: int
    code: str
    title: str
    relation: str


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """What a policy grants to whom, and how far it was delivered and honoured; None = not known yet."""

    id: int
    version: int
    document_no: str
    clause: str
    level: str
    audience: str
    conditions: str
    delivery_channel: str
    delivered_on: date | None
    target_count: int | None
    delivered_count: int | None
    applied_count: int | None
    approved_yuan: int | None
    honoured_yuan: int | None
    honoured_count: int | None
    unhonoured_reason: str


def find_policy(connection: Connection, matter_id: int) -> PolicyRow | None:
    """Return the terms of a policy; None while nobody wrote any. The caller has checked the scope."""
    columns = [column for column in PolicyTerms.__table__.columns if column.name != "matter_id"]
    row = connection.execute(select(*columns).where(PolicyTerms.matter_id == matter_id)).mappings().first()
    return PolicyRow(**row) if row else None


def list_events(connection: Connection, matter_id: int) -> list[MatterEventRow]:
    """Return the steps of a matter, oldest first; the caller has checked the scope."""
    event = MatterEvent
    query = (
        select(
            event.id, event.kind, event.happened_at, event.actor,
            func.coalesce(User.name, event.actor).label("actor_name"),
            event.note, event.document_no, event.old_due_on, event.new_due_on,
        )
        .join(User, User.login == event.actor, isouter=True)
        .where(event.matter_id == matter_id)
        .order_by(event.happened_at, event.id)
    )  # fmt: skip
    return [MatterEventRow(**row) for row in connection.execute(query).mappings()]


def list_supports(connection: Connection, matter_id: int) -> list[SupportRow]:
    """Return the supporting units of a matter; the caller has checked the scope."""
    own = MatterSupport
    query = (
        select(own.id, own.version, own.unit_id, Unit.name.label("unit_name"), own.due_on, own.replied_on, own.opinion)
        .join(Unit, Unit.id == own.unit_id)
        .where(own.matter_id == matter_id)
        .order_by(own.id)
    )
    return [SupportRow(**row) for row in connection.execute(query).mappings()]


def list_linked(connection: Connection, scope: Scope, row: MatterRow) -> list[LinkedRow]:
    """Return the policy it rests on, what it was merged into, and what was merged into it, inside *scope*."""
    relation = case(
        (Matter.merged_into_id == row.id, "并入本事项"),
        (Matter.id == row.state.merged_into_id, "已并入"),
        else_="依据政策",
    )
    wanted = [Matter.merged_into_id == row.id]
    wanted += [Matter.id == key for key in (row.state.merged_into_id, row.policy_id) if key is not None]
    query = (
        select(Matter.id, Matter.code, Matter.title, relation.label("relation"))
        .join(Project, Project.id == Matter.project_id, isouter=True)
        .where(matter_scope(scope), or_(*wanted))
        .order_by(Matter.id)
    )
    return [LinkedRow(**found) for found in connection.execute(query).mappings()]


def last_requester(connection: Connection, matter_id: int) -> str:
    """Return who asked last for an extension of a matter; empty when nobody did."""
    query = select(MatterEvent.actor).where(
        MatterEvent.matter_id == matter_id, MatterEvent.kind == MatterAction.EXTENSION_REQUESTED.value
    )
    return connection.execute(query.order_by(MatterEvent.id.desc()).limit(1)).scalar_one_or_none() or ""
