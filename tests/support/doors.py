"""A freshly started server on a store that holds two accounts and nothing else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from core.domain.grants import Grant
from core.domain.permissions import system_actor
from core.domain.terms import Role
from core.services import users
from core.services.users import NewAccount
from core.settings import Settings
from db import session as stores
from db.models.access import User
from tests.support.web import LiveServer, free_port

SYSTEM = system_actor()
PASSWORD = "Anfang-2026"
NAME = "赵钱孙李"  # a name that only a signed-in security administrator may see


@pytest.fixture(scope="module")
def doors(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """
    The server of ``manage.py run`` with the accounts ``sec`` and ``leader``; nobody has asked it anything yet.

    Services of the test process work on the server's store.
    """
    folder = tmp_path_factory.mktemp("doors")
    (folder / "data").mkdir()
    shutil.copyfile(sqlite_template, folder / "data" / "warroom.db")
    server = LiveServer(Settings(data_dir=folder / "data", port=free_port()), folder / "server.log")
    store = stores.open_store(server.settings.database_url)
    stores.use_store(store)
    for login, role, name in (("sec", Role.SECURITY_ADMIN, NAME), ("leader", Role.LEADER, "领导")):
        users.create(SYSTEM, NewAccount(login, name, (Grant(role),), PASSWORD))
    with store.transaction(SYSTEM) as tx:
        tx.connection.execute(update(User).values(must_change_password=False))
    server.start()
    yield server
    server.kill()
    stores.use_store(None)
    store.dispose()
