"""Is everything there that was acknowledged? Plain SQL and hashlib only, none of the product's code."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, create_engine, text

_FIELDS = ("actor", "action", "entity", "entity_id", "project_id", "old", "new", "reason", "headline")


def _at(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")


def faults_in(url: str, acks: Iterable[tuple[int, int]]) -> list[str]:
    """Return what is wrong with the store at *url*: lost saves, half audits, a broken chain, broken pages."""
    engine = create_engine(url)
    try:
        return [*_lost(engine, acks), *_unaudited(engine), *_broken_chain(engine), *_broken_pages(engine)]
    finally:
        engine.dispose()


def _lost(engine: Engine, acks: Iterable[tuple[int, int]]) -> list[str]:
    highest: dict[int, int] = {}
    seen: set[tuple[int, int]] = set()
    faults = []
    for key, version in acks:
        if (key, version) in seen:
            faults.append(f"milestone {key}: version {version} was acknowledged twice")
        seen.add((key, version))
        highest[key] = max(version, highest.get(key, 0))
    with engine.connect() as connection:
        stored = dict(connection.execute(text("SELECT id, version FROM milestone")).all())
    faults += [
        f"milestone {key}: {version} acknowledged, {stored[key]} stored"
        for key, version in highest.items()
        if stored[key] < version
    ]
    return faults


def _unaudited(engine: Engine) -> list[str]:
    """A row's version is one more than its updates in the audit."""
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT m.id, m.version, count(a.seq) FROM milestone m LEFT JOIN audit_event a "
                "ON a.entity = 'milestone' AND a.action = 'update' AND a.entity_id = CAST(m.id AS VARCHAR(20)) "
                "GROUP BY m.id, m.version HAVING m.version <> count(a.seq) + 1"
            )
        ).all()
    return [f"milestone {row[0]}: version {row[1]} but {row[2]} audited updates" for row in rows]


def _broken_chain(engine: Engine) -> list[str]:
    previous, expected = "0" * 64, 0
    with engine.connect() as connection:
        events = connection.execute(text("SELECT * FROM audit_event ORDER BY seq")).mappings()
        for row in events:
            expected += 1
            parts = [previous, str(row["seq"]), _at(row["at"]), *(str(row[name]) for name in _FIELDS)]
            previous = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
            if row["seq"] != expected or row["hash"] != previous:
                return [f"audit chain broken at {expected}"]
        head = connection.execute(text("SELECT seq, hash FROM store_head")).one()
    return [] if tuple(head) == (expected, previous) else [f"head {head[0]} is not the end {expected} of the chain"]


def _broken_pages(engine: Engine) -> list[str]:
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        answer = connection.execute(text("PRAGMA integrity_check")).scalar_one()
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    return ([] if answer == "ok" else [str(answer)]) + [f"foreign key {row}" for row in orphans]
