"""The beginning of a matter: raising (singly or pasted), classification, assignment in batches, links."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from core.domain.errors import Conflict, Invalid, NotFound, Problem
from core.domain.matters import machine
from core.domain.matters.state import Clock, MatterState
from core.domain.matters.words import CATEGORIES, Difficulty, MatterAction, MatterLevel
from core.domain.permissions import Actor, Permission, require
from core.domain.terms import MatterKind, MatterStatus
from core.services.matters.writing import (
    MAX_TEXT,
    MAX_TITLE,
    bounded,
    clock_of,
    load,
    move,
    note,
    refuse,
    require_table,
    required,
    step,
    stored,
)
from db import audit
from db.models.matter import Matter, MatterSupport, PolicyTerms
from db.queries import matter_targets as targets
from db.queries import matters as queries
from db.queries.matter_targets import ProjectTarget
from db.queries.matters import MatterRow
from db.session import transaction
from db.transaction import WriteTransaction

MAX_BATCH = 200


@dataclass(frozen=True, slots=True)
class MatterDraft:
    """
    What somebody types to raise a matter.

    Attributes:
        project: Code or full name of its project; empty = none.
        county_id: Its county where it has no project; None = the city.
        raised_by: Who raised it; empty = the one who types.
    """

    kind: MatterKind
    title: str
    description: str = ""
    category: str = ""
    source: str = ""
    enterprise: str = ""
    raised_by: str = ""
    project: str = ""
    county_id: int | None = None
    amount_yuan: int | None = None


def raise_(actor: Actor, draft: MatterDraft) -> int:
    """
    Register a matter and return its id.

    Raises:
        PermissionDenied: The actor may not raise matters.
        Invalid: All refused values at once.
    """
    return raise_many(actor, [draft])[0]


def raise_many(actor: Actor, drafts: Sequence[MatterDraft]) -> tuple[int, ...]:
    """
    Register several matters in one transaction and return their ids; all of them, or none.

    Raises:
        Invalid: All refused values of all drafts at once; with several drafts each message names its row.
    """
    require(actor, Permission.RAISE_MATTER)
    if not 1 <= len(drafts) <= MAX_BATCH:
        raise Invalid([Problem("drafts", "out_of_range", f"一次可登记 1 到 {MAX_BATCH} 项，请分批登记。")])
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)  # two people at once must not give the same number
        names = sorted({draft.project.strip() for draft in drafts if draft.project.strip()})
        projects = targets.find_projects(tx.connection, actor.scope, names)
        problems = []
        for number, draft in enumerate(drafts, start=1):
            found = _check(actor, draft, projects)
            prefix = f"第 {number} 行：" if len(drafts) > 1 else ""
            problems += [Problem(one.field, one.code, prefix + one.message) for one in found]
        refuse(problems)
        targeted = [(draft, projects[draft.project.strip()][0] if draft.project.strip() else None) for draft in drafts]
        return tuple(register(tx, targeted))


def _check(actor: Actor, draft: MatterDraft, projects: Mapping[str, tuple[ProjectTarget, ...]]) -> list[Problem]:
    problems = required("title", draft.title, "请填写事项名称。", longest=MAX_TITLE)
    problems += bounded("description", draft.description, longest=MAX_TEXT)
    for field, text, longest in (
        ("category", draft.category, 64),
        ("source", draft.source, 64),
        ("enterprise", draft.enterprise, 200),
        ("raised_by", draft.raised_by, 64),
    ):
        problems += bounded(field, text, longest=longest)
    name = draft.project.strip()
    if name and len(projects.get(name, ())) != 1:
        how = "找不到" if not projects.get(name) else "有多个项目叫"
        problems.append(Problem("project", "unknown_project", f"{how}“{name}”，请填写项目编号或完整名称。"))
    if not name and not actor.scope.everything and draft.county_id not in actor.scope.county_ids:
        text = "请选择所属县区，或填写所属项目；市级事项由市级人员登记。"
        problems.append(Problem("county_id", "outside_scope", text))
    return problems


def register(tx: WriteTransaction, drafts: Sequence[tuple[MatterDraft, ProjectTarget | None]]) -> list[int]:
    """
    Register checked drafts, each with its project, inside *tx* and return their ids.

    The caller holds the lock of the store's head, so that no number is given twice.
    """
    clock = clock_of(tx)
    numbers: dict[MatterKind, int] = {}
    ids = []
    for draft, project in drafts:
        prefix = f"{clock.rules.of(draft.kind).code_prefix}-{clock.today.year}-"
        if draft.kind not in numbers:
            numbers[draft.kind] = queries.highest_number(tx.connection, prefix)
        numbers[draft.kind] += 1
        key = int(
            tx.insert(Matter, _values(tx, draft, project, clock) | {"code": f"{prefix}{numbers[draft.kind]:04d}"})
        )
        note(tx, key, MatterAction.REGISTERED, text=draft.description)
        if draft.kind is MatterKind.POLICY:
            tx.insert(PolicyTerms, {"matter_id": key})
        ids.append(key)
    return ids


def _values(tx: WriteTransaction, draft: MatterDraft, project: ProjectTarget | None, clock: Clock) -> dict[str, Any]:
    county_id = project.county_id if project else draft.county_id
    level = MatterLevel.COUNTY if county_id is not None else MatterLevel.CITY
    state = machine.raise_(draft.kind, level, draft.amount_yuan, clock)
    return {
        **{name: stored(name, value) for name, value in asdict(state).items()},
        "project_id": project.id if project else None,
        "county_id": county_id,
        "title": draft.title.strip(),
        "description": draft.description.strip(),
        "category": draft.category.strip(),
        "source": draft.source.strip(),
        "enterprise": draft.enterprise.strip(),
        "raised_by": draft.raised_by.strip() or tx.actor.name[:64],
        "raised_on": clock.today,
    }


def classify(
    actor: Actor,
    matter_id: int,
    category: str,
    difficulty: Difficulty,
    amount_yuan: int | None,
    remark: str,
    expected_version: int,
) -> int:
    """
    Study and classify a matter; return its new version.

    Raises:
        NotFound: Outside the actor's scope.
        Conflict: Somebody took a step meanwhile; nothing was written.
        Invalid: All refused values at once, or another step is due.
    """
    require(actor, Permission.ASSIGN_MATTER)
    with transaction(actor) as tx:
        attempted: dict[str, object] = {"category": category, "remark": remark}
        row = load(tx, matter_id, expected_version, attempted)
        require_table(actor, row)
        hint = f"请选择类别（如{'、'.join(CATEGORIES[:3])}）。"
        refuse(required("category", category, hint, longest=64) + bounded("remark", remark))
        following = machine.classify(row.state, difficulty, amount_yuan, clock_of(tx))
        return step(tx, row, following, MatterAction.CLASSIFIED, remark, category=category.strip())


@dataclass(frozen=True, slots=True)
class Order:
    """
    To whom matters are assigned (交办).

    Attributes:
        due_on: Deadline of the reply; None = by the ladder and each matter's difficulty.
        difficulty: Difficulty of all of them; those not classified yet are classified with it and *category*.
        category: Category of those that have none.
    """

    lead_unit_id: int | None
    supporting_unit_ids: tuple[int, ...] = ()
    due_on: date | None = None
    leader: str = ""
    remark: str = ""
    difficulty: Difficulty | None = None
    category: str = ""


def assign(actor: Actor, versions: Mapping[int, int], order: Order) -> int:
    """
    Assign matters (交办), one or a batch, in one transaction; return how many.

    Args:
        versions: Matter id → the version that was seen.

    Raises:
        NotFound: One of them lies outside the actor's scope.
        Conflict: Somebody took a step with one of them meanwhile.
        Invalid: All refused values, or those matters whose assignment is not due, each named by its code.
    """
    require(actor, Permission.ASSIGN_MATTER)
    if not 1 <= len(versions) <= MAX_BATCH:
        raise Invalid([Problem("matters", "out_of_range", f"一次可交办 1 到 {MAX_BATCH} 项，请重新选择。")])
    with transaction(actor) as tx:
        rows = _load_all(tx, versions, order)
        names = targets.unit_names(tx.connection, [order.lead_unit_id or 0, *order.supporting_unit_ids])
        refuse(_check_order(order, names))
        clock = clock_of(tx)
        ready = _ready(tx, rows, order, clock)
        following = _assigned(ready, order.due_on, clock)
        supporting = "、".join(names[key] for key in order.supporting_unit_ids)
        text = f"主办{names[order.lead_unit_id or 0]}" + (f"，协办{supporting}" if supporting else "")
        text += f"。{order.remark.strip()}" if order.remark.strip() else ""
        columns: dict[str, Any] = {"lead_unit_id": order.lead_unit_id, "supporting_units": supporting[:400]}
        if order.leader.strip():
            columns["responsible_leader"] = order.leader.strip()
        if order.difficulty is not None:
            columns["difficulty"] = order.difficulty.value
        for row in ready:
            step(tx, row, following[row.id], MatterAction.ASSIGNED, text, **columns)
        _ask_supporting(tx, list(versions), order.supporting_unit_ids, clock.after(clock.rules.ladder.supporting))
        return len(rows)


def _load_all(tx: WriteTransaction, versions: Mapping[int, int], order: Order) -> list[MatterRow]:
    rows = queries.find_matters(tx.connection, tx.actor.scope, list(versions))
    if len(rows) != len(versions):
        raise NotFound
    for row in rows:
        require_table(tx.actor, row)
        if row.version != versions[row.id]:
            raise Conflict({"code": row.code, "status": row.state.status.label}, asdict(order))
    return rows


def _ready(tx: WriteTransaction, rows: Sequence[MatterRow], order: Order, clock: Clock) -> list[MatterRow]:
    """Return *rows* with the order's difficulty; those that nobody has classified yet are classified by the order."""
    if order.difficulty is None:
        return list(rows)
    fresh = [row for row in rows if row.state.status is MatterStatus.REGISTERED]
    problems, states = [], {row.id: replace(row.state, difficulty=order.difficulty) for row in rows}
    for row in fresh:
        if not (order.category.strip() or row.category):
            problems.append(Problem("category", "missing", f"{row.code}：尚未研判，请选择类别。"))
        try:
            states[row.id] = machine.classify(row.state, order.difficulty, row.state.amount_yuan, clock)
        except Invalid as refusal:
            problems += [Problem(one.field, one.code, f"{row.code}：{one.message}") for one in refusal.problems]
    refuse(problems + bounded("category", order.category, longest=64))
    versions = {}
    for row in fresh:
        category = row.category or order.category.strip()
        versions[row.id] = step(tx, row, states[row.id], MatterAction.CLASSIFIED, "随交办研判", category=category)
    return [replace(row, state=states[row.id], version=versions.get(row.id, row.version)) for row in rows]


def _assigned(rows: Sequence[MatterRow], due_on: date | None, clock: Clock) -> dict[int, MatterState]:
    """Return the next state of each; all that are refused are named at once, by their codes."""
    found, problems = {}, []
    for row in rows:
        try:
            found[row.id] = machine.assign(row.state, due_on, clock)
        except Invalid as refusal:
            problems += [Problem(one.field, one.code, f"{row.code}：{one.message}") for one in refusal.problems]
    refuse(problems)
    return found


def _check_order(order: Order, names: Mapping[int, str]) -> list[Problem]:
    problems = bounded("remark", order.remark, longest=600) + bounded("leader", order.leader, longest=64)
    if order.lead_unit_id not in names:
        problems.append(Problem("lead_unit_id", "missing", "请选择主办单位。"))
    if order.lead_unit_id in order.supporting_unit_ids:
        problems.append(Problem("supporting_unit_ids", "is_lead", "主办单位不能同时为协办单位。"))
    if any(key not in names for key in order.supporting_unit_ids):
        problems.append(Problem("supporting_unit_ids", "unknown_unit", "协办单位不存在，请刷新后重新选择。"))
    return problems


def _ask_supporting(tx: WriteTransaction, matter_ids: Sequence[int], unit_ids: Sequence[int], due_on: date) -> None:
    """A unit that supports the matter already is asked anew; what it said before stays in the audit and the events."""
    known = targets.supports_of(tx.connection, matter_ids)
    for matter_id in matter_ids:
        for unit_id in unit_ids:
            if (found := known.get((matter_id, unit_id))) is not None:
                tx.update(MatterSupport, found, {"due_on": due_on, "replied_on": None}, expected_version=None)
            else:
                tx.insert(MatterSupport, {"matter_id": matter_id, "unit_id": unit_id, "due_on": due_on})


def link(
    actor: Actor, matter_id: int, *, project: str, parcel_code: str, policy_code: str, expected_version: int
) -> int:
    """
    Link a matter to its project, plot and policy by their codes (empty = as it is); return its new version.

    Raises:
        Invalid: Nothing was typed, or all that was not found inside the actor's scope.
    """
    require(actor, Permission.RAISE_MATTER)
    with transaction(actor) as tx:
        attempted: dict[str, object] = {"project": project, "parcel_code": parcel_code, "policy_code": policy_code}
        row = load(tx, matter_id, expected_version, attempted)
        found = targets.find_links(
            tx.connection, actor.scope, project.strip(), parcel_code.strip(), policy_code.strip()
        )
        missing = {
            "project": (project, found.project, "项目"),
            "parcel_code": (parcel_code, found.parcel, "地块"),
            "policy_code": (policy_code, found.policy, "政策"),
        }
        refuse(
            [
                Problem(field, "unknown", f"找不到{label}“{typed.strip()}”，请核对编号。")
                for field, (typed, key, label) in missing.items()
                if typed.strip() and key is None
            ]
        )
        keys = {"project_id": found.project, "parcel_id": found.parcel, "policy_id": found.policy}
        given: dict[str, Any] = {name: key for name, key in keys.items() if key is not None}
        if not given:
            raise Invalid([Problem("project", "missing", "请填写要关联的项目、地块或政策编号。")])
        version = move(tx, row, row.state, **given)
        words = [f"{label} {typed.strip()}" for typed, key, label in missing.values() if key is not None]
        note(tx, row.id, MatterAction.LINKED, text="、".join(words))
        return version
