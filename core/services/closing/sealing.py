"""Sealing a month: an archive of the store as it stands, then every report of the month locked, in one transaction."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, update

from core.domain.closing import closing_problems, figures_of
from core.domain.errors import Invalid, NotFound, Problem
from core.domain.period import AsOf, Month
from core.domain.permissions import Actor, Permission, require
from core.domain.scope import Scope
from core.domain.terms import ReportStatus
from db import archive, audit
from db.models.closing import MonthArchivePart, MonthClose
from db.models.money import InvestmentReport
from db.queries import closing as queries
from db.queries.closing import ClosedMonth
from db.queries.report_progress import MonthProgress, progress_by_month
from db.queries.reports import ReportFilter
from db.session import Store, live_store
from db.transaction import WriteTransaction

TRIES = 3
Progress = Callable[[str], None]
_SEALED = (ReportStatus.SUBMITTED.value, ReportStatus.REVIEWED.value)


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """
    Where a month stands.

    Attributes:
        closed: When, by whom, with which hash; None = open.
        problems: Why it cannot be closed now (missing reports apart); empty = it can.
    """

    progress: MonthProgress
    closed: ClosedMonth | None
    problems: tuple[Problem, ...]

    @property
    def month(self) -> Month:
        return self.progress.month


def closed_months(actor: Actor) -> tuple[ClosedMonth, ...]:
    """Return the closed months, latest first."""
    require(actor, Permission.VIEW_WALL)
    with live_store().read() as connection:
        return queries.list_closed(connection)


def status(actor: Actor, year: int) -> tuple[MonthStatus, ...]:
    """Return where every month of *year* up to the present one stands, for the actor's scope."""
    require(actor, Permission.VIEW_PROJECTS)
    store = live_store()
    today = store.today()
    asked = [month for number in range(1, 13) if (month := Month(year, number)) <= Month.of(today)]
    with store.read() as connection:
        closed = {row.month: row for row in queries.list_closed(connection)}
        found = progress_by_month(connection, actor.scope, asked, today, ReportFilter()) if asked else []
    return tuple(MonthStatus(item, closed.get(item.month), _open_problems(store, item.month, closed)) for item in found)


def close(actor: Actor, month: Month, reason: str = "", progress: Progress | None = None) -> ClosedMonth:
    """
    Seal *month*: nothing of it changes any more, and it can be looked at as it is now.

    The archive is made from a snapshot while others go on saving; when a report or plan was saved meanwhile it is
    made again, at last under the lock.

    Args:
        reason: Why reports are missing; needed when some are.
        progress: Told in Chinese what is being done.

    Raises:
        Invalid: Not due yet, not in order, closed already, or reports are missing without a reason.
    """
    require(actor, Permission.CLOSE_MONTH)
    store, tell = live_store(), progress or (lambda _text: None)
    figures = _allowed(store, month, reason)
    with tempfile.TemporaryDirectory(prefix="wr-close-") as folder:
        for attempt in range(1, TRIES + 1):
            tell(f"正在生成封存副本（第 {attempt} 次）…")
            packed = _make(store, figures, Path(folder))
            tell("正在核对并封存…")
            with store.transaction(actor) as tx:
                audit.lock_head(tx.connection)
                if queries.money_moved_since(tx.connection, packed.seq):
                    if attempt < TRIES:
                        continue
                    packed = _make(store, figures, Path(folder))
                _seal(tx, month, figures, packed, reason)
            break
    return next(row for row in closed_months(actor) if row.month == month)


def verify(actor: Actor, month: Month) -> bool:
    """Return whether the archive of *month* still has the hash it was sealed with."""
    require(actor, Permission.VIEW_PROJECTS)
    with live_store().read() as connection:
        found = next((row for row in queries.list_closed(connection) if row.month == month), None)
        if found is None:
            raise NotFound(f"{month.label}还没有月结。")
        return archive.digest_of(queries.archive_parts(connection, month)) == found.sha256


@dataclass(frozen=True, slots=True)
class _Packed:
    path: Path
    seq: int
    sha256: str
    size_bytes: int


def _make(store: Store, figures: AsOf, folder: Path) -> _Packed:
    copy, packed = folder / "month.db", folder / "month.z"
    seq = archive.write_copy(store, figures, copy)
    digest, size = archive.compress(copy, packed)
    return _Packed(packed, seq, digest, size)


def _open_problems(store: Store, month: Month, closed: dict[Month, ClosedMonth]) -> tuple[Problem, ...]:
    if month in closed:
        return ()
    settings = store.settings
    if figures_of(month, store.today(), settings.report_due_day, settings.report_due_next_month) is None:
        return (Problem("month", "early", f"{month.label}月报的报送期还没有结束，暂不能月结。"),)
    return tuple(closing_problems(month, list(closed), 0, ""))


def _allowed(store: Store, month: Month, reason: str) -> AsOf:
    settings = store.settings
    figures = figures_of(month, store.today(), settings.report_due_day, settings.report_due_next_month)
    if figures is None:
        raise Invalid([Problem("month", "early", f"{month.label}月报的报送期还没有结束，暂不能月结。")])
    with store.read() as connection:
        closed = [row.month for row in queries.list_closed(connection)]
        whole = progress_by_month(connection, Scope.all(), [month], store.today(), ReportFilter())[0]
    problems = closing_problems(month, closed, whole.missing, reason)
    if problems:
        raise Invalid(problems)
    return figures


def _seal(tx: WriteTransaction, month: Month, figures: AsOf, packed: _Packed, reason: str) -> None:
    """Lock the reports, keep the archive; one audit row tells how many and the hash."""
    known = [row.month for row in queries.list_closed(tx.connection)]
    if month in known:
        raise Invalid(closing_problems(month, known, 0, ""))
    locked = tx.connection.execute(
        update(InvestmentReport)
        .where(
            InvestmentReport.year == month.year,
            InvestmentReport.month == month.number,
            InvestmentReport.status.in_(_SEALED),
        )
        .values(status=ReportStatus.LOCKED.value, version=InvestmentReport.version + 1)
    ).rowcount
    values = {
        "month": str(month),
        "figures_on": figures.on,
        "closed_at": tx.at,
        "closed_by": tx.actor.login,
        "sealed_seq": packed.seq,
        "sha256": packed.sha256,
        "size_bytes": packed.size_bytes,
        "note": reason.strip(),
    }
    tx.insert(MonthClose, values, reason=reason.strip(), headline=f"{month.label}数据已月结封存")
    for number, content in enumerate(archive.pieces(packed.path), start=1):
        tx.connection.execute(insert(MonthArchivePart), [{"month": str(month), "number": number, "content": content}])
    told = {"locked": locked, "sha256": packed.sha256, "sealed_seq": packed.seq}
    tx.record("close", "month", str(month), new=told, reason=reason.strip())
