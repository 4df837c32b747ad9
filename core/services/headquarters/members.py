"""Members of a headquarters (成员): appointed, changed, seconded for a time; nobody is deleted, a term ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.headquarters import Post, Presence, presence
from core.domain.headquarters_checks import check_member
from core.domain.permissions import Actor, Permission, require
from core.services.headquarters.founding import owned, tick_off
from db.models.headquarters import HeadquartersMember
from db.models.organisation import Headquarters
from db.queries import headquarters as queries
from db.queries.headquarters import HeadquartersRow, MemberRow
from db.session import transaction
from db.transaction import WriteTransaction

MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member as typed; *id* and *version* are those of the row that was seen, None for a new one."""

    name: str
    post: Post
    origin: str = ""
    phone: str = ""
    from_on: date | None = None
    to_on: date | None = None
    note: str = ""
    id: int | None = None
    version: int | None = None

    def values(self) -> dict[str, object]:
        """Return the columns of the row."""
        return {
            "name": self.name.strip(),
            "post": self.post.value,
            "origin": self.origin.strip(),
            "phone": self.phone.strip(),
            "from_on": self.from_on,
            "to_on": self.to_on,
            "note": self.note.strip(),
        }


def save_members(actor: Actor, headquarters_id: int, drafts: Sequence[MemberDraft]) -> int:
    """
    Save new and changed members in one transaction and return how many rows were written.

    A commander who stands in the directory becomes the commander of the headquarters; steps of the set-up that wait
    for a post are ticked off.

    Raises:
        NotFound: Not the actor's to manage, or a member of another headquarters.
        Conflict: Somebody else changed a row; nothing was written.
        Invalid: All refused values of all rows at once.
    """
    require(actor, Permission.MANAGE_HEADQUARTERS)
    problems = [problem for number, draft in enumerate(drafts, start=1) for problem in _problems(number, draft)]
    if len(drafts) > MAX_ROWS:
        problems.append(Problem("rows", "too_many", f"一次最多保存 {MAX_ROWS} 名成员，请分次保存。"))
    if problems:
        raise Invalid(problems)
    with transaction(actor) as tx:
        row = owned(tx, headquarters_id)
        known = {member.id: member for member in queries.list_members(tx.connection, [headquarters_id])}
        people = queries.persons_called(tx.connection, [draft.name.strip() for draft in drafts])
        written = sum(_save(tx, headquarters_id, draft, known, people) for draft in drafts)
        if written:
            _follow(tx, row)
    return written


def _problems(number: int, draft: MemberDraft) -> list[Problem]:
    return [
        Problem(problem.field, problem.code, f"第 {number} 行：{problem.message}")
        for problem in check_member(draft.values())
    ]


def _save(
    tx: WriteTransaction,
    headquarters_id: int,
    draft: MemberDraft,
    known: Mapping[int, MemberRow],
    people: Mapping[str, int],
) -> int:
    values = draft.values()
    if draft.id is None:
        values["person_id"] = people.get(draft.name.strip())
        tx.insert(HeadquartersMember, {**values, "headquarters_id": headquarters_id})
        return 1
    before = known.get(draft.id)
    if before is None:
        raise NotFound
    if values["name"] != before.name:
        values["person_id"] = people.get(draft.name.strip())
    version = tx.update(HeadquartersMember, draft.id, values, expected_version=draft.version)
    return int(version != before.version)


def _follow(tx: WriteTransaction, row: HeadquartersRow) -> None:
    """Let the checklist and the commander in the directory follow the members."""
    today = tx.as_of.on
    serving = serving_on(queries.list_members(tx.connection, [row.id]), today)
    tick_off(tx, row.id, frozenset(member.post for member in serving), today)
    person = next((m.person_id for m in serving if m.post is Post.COMMANDER and m.person_id is not None), None)
    if person is not None:
        tx.update(Headquarters, row.id, {"commander_id": person}, expected_version=row.version)


def serving_on(members: Iterable[MemberRow], today: date) -> tuple[MemberRow, ...]:
    """Return the members who serve on *today*."""
    away = (Presence.COMING, Presence.ENDED)
    return tuple(member for member in members if presence(member.from_on, member.to_on, today) not in away)


def commander_of(row: HeadquartersRow, members: Iterable[MemberRow], today: date) -> str:
    """Return who commands on *today*: the commanders among the members, or the one the directory names."""
    commanders = [member for member in members if member.post is Post.COMMANDER]
    if not commanders:
        return row.commander
    return "、".join(member.name for member in serving_on(commanders, today))
