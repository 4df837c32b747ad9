"""What a preview checked serves its confirmation, as long as nothing has moved."""

from typing import Any

import pytest

from core.domain.errors import Invalid
from core.services import imports
from core.services.imports.ledger_import import LedgerImport
from db import audit
from db.models import Project
from db.session import Store
from tests.factories import SYSTEM, make_county, make_project
from tests.unit.importers.ledgers import ledger, xlsx


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the ledger kind is asked for."""
    asked: list[str] = []
    for name in ("parse", "check"):
        real = getattr(LedgerImport, name)

        def told(*arguments: Any, _name: str = name, _real: Any = real) -> Any:
            asked.append(_name)
            return _real(*arguments)

        monkeypatch.setattr(LedgerImport, name, told)
    return asked


def _preview(store: Store) -> int:
    with store.transaction(SYSTEM) as tx:
        make_county(tx, "兰山区")
    return imports.preview(SYSTEM, "ledger", "台账.xlsx", xlsx(ledger(4))).batch_id


def test_confirmation_reads_and_checks_nothing_twice(store: Store, calls: list[str]) -> None:
    batch_id = _preview(store)
    assert imports.apply(SYSTEM, batch_id).inserted == 4
    assert calls == ["parse", "check"]
    with store.read() as connection:
        assert audit.verify(connection) is None


def test_confirmation_checks_again_when_the_store_has_moved(store: Store, calls: list[str]) -> None:
    batch_id = _preview(store)
    with store.transaction(SYSTEM) as tx:
        make_county(tx, "罗庄区")
    assert imports.apply(SYSTEM, batch_id).inserted == 4
    assert calls == ["parse", "check", "check"]


def test_confirmation_is_refused_when_a_row_is_somebody_elses_now(store: Store) -> None:
    batch_id = _preview(store)
    with store.transaction(SYSTEM) as tx:
        make_project(tx, make_county(tx, "费县"), code="ZD-9", national_code="2604-371302-04-01-000001")
    with pytest.raises(Invalid) as caught:
        imports.apply(SYSTEM, batch_id)
    assert [problem.code for problem in caught.value.problems] == ["changed_since"]
    with store.read() as connection:
        assert len(connection.execute(Project.__table__.select()).all()) == 1
