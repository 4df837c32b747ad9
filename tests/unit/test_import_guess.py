"""Which kind a file looks like: by its headers, else by its ending or first words."""

import json
from dataclasses import dataclass, field

import pytest

from core.domain.permissions import Permission
from core.domain.terms import Role
from core.services.imports import guess
from tests.factories import make_actor
from tests.unit.importers.ledgers import ledger, xlsx

OFFICE = make_actor(Role.SUPERVISOR)


@dataclass
class Kind:
    code: str
    fields: dict[str, str] = field(default_factory=dict)
    permission: Permission = Permission.IMPORT


KINDS = (
    Kind("ledger", {"name": "项目名称", "total": "总投资", "plan": "年度计划投资", "county": "县区"}),
    Kind("problems", {"name": "项目名称", "county": "县区", "text": "问题描述", "due": "整改时限"}),
    Kind("milestones", {"name": "项目名称", "node": "节点名称", "due": "完成时限"}),
    Kind("land"),
    Kind("schedule"),
    Kind("oc4ids"),
)


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(guess, "allowed_kinds", lambda actor: KINDS)


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
        ("a.xlsx", b"%PDF-1.7", "ledger"),
        ("a.json", b"{broken", "ledger"),
        ("a.csv", b"x,y\n1,2\n", "ledger"),
    ],
)
def test_kind_is_proposed_from_the_file(name, data, code):
    assert guess.propose_kind(OFFICE, name, data) == code


def test_kind_that_the_actor_may_not_import_is_not_proposed(monkeypatch):
    monkeypatch.setattr(guess, "allowed_kinds", lambda actor: KINDS[:1])
    assert guess.propose_kind(OFFICE, "a.zip", b"PK\x03\x04") == "ledger"
