"""A run of ``manage.py remind`` that is killed between two mails: the next run tells the rest, and nobody twice."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from core.domain.terms import Role
from db.models import Reminder, User, UserRole
from tests.factories import SYSTEM, make_county, make_milestone, make_project
from tests.support.sinks import mail_server

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 6
PATIENCE = 120


def people_with_late_nodes(store) -> None:
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx, "东湖区")
        make_milestone(
            tx, make_project(tx, county), store.today().replace(year=store.today().year - 1), "早该完成的节点"
        )
        values = {"password_hash": "x", "is_active": True}
        people = [
            {"id": key, "login": f"p{key}", "name": f"人{key}", "email": f"p{key}@city.example", **values}
            for key in range(1, PEOPLE + 1)
        ]
        tx.connection.execute(insert(User), people)
        roles = [{"user_id": one["id"], "role": Role.COUNTY.value, "county_id": county} for one in people]
        tx.connection.execute(insert(UserRole), roles)


def environment(url: str, folder: Path, port: int) -> dict[str, str]:
    mail = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "FROM": "warroom@city.example"}
    named = {f"WR_MAIL_{name}": value for name, value in mail.items()}
    return {**os.environ, **named, "WR_DATABASE_URL": url, "WR_DATA_DIR": str(folder)}


def test_killed_between_two_mails_the_next_run_tells_the_rest_and_nobody_twice(store, store_url, tmp_path) -> None:
    people_with_late_nodes(store)
    reached, go_on = threading.Event(), threading.Event()
    with mail_server() as sink:
        seen: list[str] = []

        def judge(recipient: str) -> str:
            """Hold the third mail before it is taken, and have the run killed there."""
            seen.append(recipient)
            if len(seen) == 3:
                reached.set()
                go_on.wait(PATIENCE)
            return "250 OK"

        sink.judge = judge
        command = [sys.executable, str(ROOT / "manage.py"), "remind", "--json"]
        settings = environment(store_url, tmp_path, sink.port)
        with subprocess.Popen(command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL) as run:
            assert reached.wait(PATIENCE)
            run.kill()
        go_on.set()
        assert len(sink.mails) == 2
        done = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, check=True, timeout=PATIENCE)
        told = json.loads(done.stdout)
        assert (told["sent"], told["already"], told["failed"]) == (PEOPLE - 2, 2, [])
        receivers = sorted(mail["To"].addresses[0].addr_spec for mail in sink.mails)
    assert receivers == [f"p{key}@city.example" for key in range(1, PEOPLE + 1)]
    with store.read() as connection:
        assert len(connection.execute(select(Reminder.id).where(Reminder.sent_at.is_not(None))).all()) == PEOPLE
