"""Watch lists as people work on them: reading, owners, deadlines and measures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_length
from core.domain.start_terms import WatchList
from db.models.start import WatchItem
from db.queries import matter_targets
from db.queries import watch_items as queries
from db.queries.watch_items import WatchCounts, WatchFilter, WatchRow
from db.session import current_store, read, transaction

PAGE_SIZE = 100
_MAX_MEASURES = 1000


@dataclass(frozen=True, slots=True)
class WatchPage:
    """One page of a list with how many match, and the counts of every list in the scope."""

    rows: tuple[WatchRow, ...]
    total: int
    counts: dict[WatchList, WatchCounts]
    today: date


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """What somebody typed into an item: owner, deadline, measures, over the version that was seen."""

    item_id: int
    expected_version: int
    owner_unit_id: int | None
    owner_person_id: int | None
    due_on: date | None
    measures: str

    @classmethod
    def of(cls, row: WatchRow) -> "ItemEdit":
        """Return the item as it stands."""
        return cls(row.id, row.version, row.owner_unit_id, row.owner_person_id, row.due_on, row.measures)


def find(actor: Actor, wanted: WatchFilter, page: int = 1, size: int = PAGE_SIZE) -> WatchPage:
    """Return one page of the items that match, the earliest deadline first."""
    require(actor, Permission.VIEW_PROJECTS)
    today = current_store().today()
    with read() as connection:
        return WatchPage(
            tuple(queries.list_items(connection, actor.scope, wanted, size, (max(page, 1) - 1) * size)),
            queries.count_items(connection, actor.scope, wanted),
            queries.count_lists(connection, actor.scope, today),
            today,
        )


@dataclass(frozen=True, slots=True)
class OwnerChoices:
    """Units and people that may own an item, as (key, label); labels are unique."""

    units: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]


def owner_choices(actor: Actor) -> OwnerChoices:
    """Return who may own an item; people of the same name and title are told apart by their number."""
    require(actor, Permission.VIEW_PROJECTS)
    with read() as connection:
        units = tuple(matter_targets.list_units(connection))
        people = queries.list_people(connection)
    labels = [f"{name}（{title}）" if title else name for _, name, title in people]
    unique = [
        f"{label} #{key}" if labels.count(label) > 1 else label
        for (key, _, _), label in zip(people, labels, strict=True)
    ]
    return OwnerChoices(units, tuple((key, label) for (key, _, _), label in zip(people, unique, strict=True)))


def save_items(actor: Actor, edits: Sequence[ItemEdit]) -> int:
    """
    Save what was typed into several items, all or none, and return how many there were.

    Raises:
        NotFound: An item's project lies outside the actor's scope.
        Conflict: Somebody else changed one of them; nothing was written.
        Invalid: All refused values at once.
    """
    require(actor, Permission.EDIT_PROJECT)
    problems = [problem for edit in edits for problem in _check(edit)]
    if problems:
        raise Invalid(problems)
    with transaction(actor) as tx:
        mine = queries.item_projects(tx.connection, actor.scope, (edit.item_id for edit in edits))
        if mine != {edit.item_id for edit in edits}:
            raise NotFound
        for edit in edits:
            values = asdict(edit)
            key, version = values.pop("item_id"), values.pop("expected_version")
            values["measures"] = edit.measures.strip()
            tx.update(WatchItem, key, values, expected_version=version)
    return len(edits)


def _check(edit: ItemEdit) -> list[Problem]:
    problems = check_length("measures", "整改措施", edit.measures, _MAX_MEASURES)
    if edit.due_on is None:
        problems.append(Problem("due_on", "missing_date", "请填写期限，不能为空。"))
    return problems
