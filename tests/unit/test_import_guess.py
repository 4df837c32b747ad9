"""Which kind a file looks like: by its headers, else by its ending or first words."""

import json

import pytest

from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.importers.tables.kinds import TABLE_KINDS
from core.importers.tables.schema_sheet import SHEET, Schema, SchemaColumn
from core.services.imports import guess
from tests.factories import make_actor
from tests.unit.importers.ledgers import ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("台账.xlsx", xlsx(ledger(2)), "ledger"),
        (
            "a.xlsx",
            xlsx([["某市问题清单"], ["序号", "项目名称", "问题描述", "县区"], [1, "甲", "缺水", "兰山区"]]),
            "problems",
        ),
        ("a.csv", "项目名称,节点名称,完成时限\n甲,开工,2026-1-1\n".encode(), "milestones"),
        ("a.zip", b"PK\x03\x04", "land"),
        ("界址.txt", "[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n".encode("gb18030"), "land"),
        ("a.json", json.dumps({"type": "FeatureCollection", "features": []}).encode(), "land"),
        ("a.json", b'{"version": "0.9", "projects": []}', "oc4ids"),
        ("计划.xer", b"ERMHDR\t19.12", "schedule"),
        ("界址.csv", "点号,X,Y,地块名称,县区\nJ1,3880000,440700,东片,兰山区\n".encode(), "land"),
        ("a.xlsx", b"%PDF-1.7", "ledger"),
        ("a.json", b"{broken", "ledger"),
        ("a.csv", b"x,y\n1,2\n", "ledger"),
    ],
)
def test_kind_is_proposed_from_the_file(name, data, code):
    assert guess.propose_kind(OFFICE, name, data) == code


def test_kind_that_the_actor_may_not_import_is_not_proposed():
    security = make_actor(Role.SECURITY_ADMIN)
    assert guess.propose_kind(security, "a.zip", b"PK\x03\x04") == "users"
    assert guess.propose_kind(security, "台账.xlsx", xlsx(ledger(2))) == "users"


@pytest.mark.parametrize("kind", TABLE_KINDS.values(), ids=TABLE_KINDS)
def test_kind_is_proposed_from_its_own_headings(kind):
    actor = system_actor()
    rows = [[spec.heading for spec in kind.fields], ["甲"] * len(kind.fields)]
    assert guess.propose_kind(actor, "表.xlsx", xlsx(rows)) == kind.code


def test_kind_is_what_the_hidden_schema_sheet_says():
    """The headings are a ledger's; the file was issued as a list of problems."""
    schema = Schema("problems", "台账", (SchemaColumn(2, 1, "project_name", "项目名称"),))
    data = xlsx(ledger(2), others={SHEET: schema.rows()})
    assert guess.propose_kind(OFFICE, "台账.xlsx", data) == "problems"
