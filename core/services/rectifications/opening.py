"""From flags to cases: opening them for a published round, and sending out the notices."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from core.domain import rectification as machine
from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.domain.rectification import Clock
from core.domain.supervision_terms import RectificationAction, RoundStatus, SubjectKind
from core.domain.terms import FlagLevel
from core.services.rectifications.rules import clock_at
from core.services.rectifications.writing import MAX_DOCUMENT, bounded, move, note, refuse
from db import audit
from db.models.supervision import Rectification, RectificationEvent, SupervisionRound
from db.queries import rectification_opening as openings
from db.queries import rectifications as queries
from db.session import transaction
from db.transaction import WriteTransaction

_OWN_KEY = {
    SubjectKind.COUNTY: "county_id",
    SubjectKind.HEADQUARTERS: "headquarters_id",
    SubjectKind.UNIT: "unit_id",
}


def open_for_round(actor: Actor, round_id: int) -> int:
    """
    Open a case for every yellow and red flag of a published round that has none; return how many were opened.

    A later revision of a round opens only what its earlier ones had not.

    Raises:
        NotFound: No such round.
        Invalid: It is not published.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)  # two rounds at once must not give the same code
        _require_published(tx, round_id)
        clock = clock_at(tx.connection, tx.as_of.on)
        decisions = openings.missing_decisions(tx.connection, round_id)
        prefix = f"督〔{clock.today.year}〕"
        first = _last_number(openings.codes_like(tx.connection, prefix)) + 1
        cases = [
            {**_case(decision, clock), "code": f"{prefix}{number}号", "round_id": round_id}
            for number, decision in enumerate(decisions, start=first)
        ]
        tx.insert_many(Rectification, cases)
        ids = openings.ids_of_codes(tx.connection, round_id)
        tx.insert_many(RectificationEvent, [_opened(tx, ids[case["code"]], case["due_on"]) for case in cases])
        return len(cases)


def issue_notices(actor: Actor, case_ids: Sequence[int], document_no: str = "") -> int:
    """
    Send out the notices (下发督办单) of the chosen cases and return how many; all of them or none.

    Args:
        document_no: Number of a covering letter; empty = the cases' own codes.

    Raises:
        NotFound: One of them is not there.
        Invalid: One of them waits for something else.
    """
    require(actor, Permission.MANAGE_ROUNDS)
    refuse(bounded("document_no", document_no, longest=MAX_DOCUMENT))
    with transaction(actor) as tx:
        clock = clock_at(tx.connection, tx.as_of.on)
        rows = queries.find_cases(tx.connection, actor.scope, list(case_ids))
        if len(rows) != len(set(case_ids)):
            raise NotFound
        for row in rows:
            issued = machine.issue(row.case, clock)
            move(tx, row, issued)
            number = document_no.strip() or row.code
            note(tx, row, RectificationAction.NOTICE_ISSUED, document_no=number, new_due_on=issued.due_on)
        return len(rows)


def _require_published(tx: WriteTransaction, round_id: int) -> None:
    query = select(SupervisionRound.status).where(SupervisionRound.id == round_id)
    status = tx.connection.execute(query).scalar_one_or_none()
    if status is None:
        raise NotFound
    if status != RoundStatus.PUBLISHED.value:
        raise Invalid([Problem("round_id", "not_published", "该轮次尚未发布或已被更正，不能据此立项整改。")])


def _case(decision: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """Return the columns of a new case for one flag; a county, headquarters or unit owns its own case."""
    kind = SubjectKind(decision["subject_kind"])
    opened = asdict(machine.open_case(FlagLevel(decision["level"]), clock))
    opened["step"], opened["level"] = opened["step"].value, opened["level"].value
    owners = {name: decision[name] for name in ("county_id", "headquarters_id", "unit_id")}
    if kind in _OWN_KEY:
        owners[_OWN_KEY[kind]] = decision["subject_id"]
    return {
        **opened,
        **owners,
        "subject_kind": kind.value,
        "subject_id": decision["subject_id"],
        "subject_name": decision["subject_name"],
        "project_id": decision["subject_id"] if kind is SubjectKind.PROJECT else None,
        "reasons": decision["hits"],
        "opened_on": clock.today,
    }


def _opened(tx: WriteTransaction, case_id: int, due_on: date) -> dict[str, Any]:
    return {
        "rectification_id": case_id,
        "kind": RectificationAction.OPENED.value,
        "happened_at": tx.at,
        "actor": tx.actor.login,
        "new_due_on": due_on,
    }


def _last_number(codes: Sequence[str]) -> int:
    """Return the highest number in codes like 督〔2026〕12号."""
    return max((int(code.rpartition("〕")[2].rstrip("号")) for code in codes), default=0)
