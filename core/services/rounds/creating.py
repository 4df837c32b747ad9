"""A new round (新建督查轮次): number, months, cut-off and rules."""

from dataclasses import dataclass

from core.domain.errors import Invalid, Problem, RoundRefused
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.rounds import RoundWindow, check_window, round_title
from core.domain.supervision_terms import RoundStatus
from db import rollup
from db.models.supervision import SupervisionRound
from db.queries import rounds
from db.session import current_store, read, transaction
from db.transaction import WriteTransaction

ACTIVE_RULES = -1
MONTHS_OF_A_ROUND = 2
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class NewRound:
    """
    What a new round is made of.

    Attributes:
        number: Within the year of the months; None = the next one.
        title: Empty = offered by the system.
        rule_set_id: None = the shipped default, ``ACTIVE_RULES`` = the set in force.
    """

    window: RoundWindow
    number: int | None = None
    title: str = ""
    rule_set_id: int | None = ACTIVE_RULES


def proposal(actor: Actor) -> NewRound:
    """
    Return what the form of a new round starts with: today, the months since the round before, the next number.

    The first round speaks of two months (双月督查), those of the running year.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    store = current_store()
    as_of = store.as_of()
    with read() as connection:
        made = rounds.list_rounds(connection, rounds.KEPT)
    first = as_of.month if made else as_of.month.shift(1 - MONTHS_OF_A_ROUND)
    if made and made[0].window.last_month < as_of.month:
        first = made[0].window.last_month.shift(1)
    first = max(first, Month(as_of.year, 1))
    number = max((row.number for row in made if row.year == as_of.year), default=0) + 1
    window = RoundWindow(first, as_of.month, as_of.on)
    return NewRound(window, number, round_title(as_of.year, number, window))


def create(actor: Actor, new: NewRound) -> int:
    """
    Make a draft and return its id; flags come with ``compute``.

    Raises:
        Invalid: Months, cut-off, number or rules were refused, all problems at once.
        RoundRefused: The number exists already.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        year = new.window.last_month.year
        number = new.number if new.number is not None else rounds.last_number(tx.connection, year) + 1
        rule_set_id = _rules(tx, new.rule_set_id)
        problems = check_window(new.window, tx.as_of.on) + _problems(tx, new, number, rule_set_id)
        if problems:
            raise Invalid(problems)
        if rounds.revisions(tx.connection, year, number):
            raise RoundRefused(f"{year}年第{number}轮已经建立，请换一个轮次号，或在原轮次上继续。")
        title = new.title.strip() or round_title(year, number, new.window)
        return insert_draft(tx, year, number, 1, title, new.window, rule_set_id, "")


def insert_draft(
    tx: WriteTransaction,
    year: int,
    number: int,
    revision: int,
    title: str,
    window: RoundWindow,
    rule_set_id: int | None,
    reason: str,
) -> int:
    """Insert a draft without flags and return its id."""
    values = {
        "year": year,
        "number": number,
        "revision": revision,
        "title": title,
        "first_month": str(window.first_month),
        "last_month": str(window.last_month),
        "cut_off_on": window.cut_off_on,
        "status": RoundStatus.DRAFT.value,
        "rule_set_id": rule_set_id,
        "created_at": tx.at,
        "created_by": tx.actor.login,
        "supersede_reason": reason,
    }
    return int(tx.insert(SupervisionRound, values, reason=reason))


def _rules(tx: WriteTransaction, wanted: int | None) -> int | None:
    return rollup.active_rule_id(tx.connection) if wanted == ACTIVE_RULES else wanted


def _problems(tx: WriteTransaction, new: NewRound, number: int, rule_set_id: int | None) -> list[Problem]:
    problems = []
    if not 1 <= number <= 99:
        problems.append(Problem("number", "range", "轮次号应在 1 到 99 之间。"))
    if len(new.title.strip()) > _MAX_TITLE:
        problems.append(Problem("title", "long", f"名称请控制在 {_MAX_TITLE} 字以内。"))
    if rule_set_id is not None and not rounds.is_flag_rule_set(tx.connection, rule_set_id):
        problems.append(Problem("rule_set_id", "unknown", "所选规则集不存在，请重新选择。"))
    before = rounds.published_before(tx.connection, new.window.last_month.year, number)
    if before and new.window.cut_off_on <= before[0].window.cut_off_on:
        problems.append(
            Problem("cut_off_on", "order", f"截止日期应晚于{before[0].label}的截止日期 {before[0].window.cut_off_on}。")
        )
    return problems
