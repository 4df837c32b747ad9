"""What tells a demo from real data: the setting ``demo`` (true = stands, false = was cleared) and the keys it owns."""

import json

from sqlalchemy import Connection, delete, insert, select

from db.models.system import Setting

DEMO_KEY = "demo"
DEMO_IDS = "demo_ids"


def write_setting(connection: Connection, key: str, value: object) -> None:
    """Store *value* as the JSON text of *key*, replacing what stood there."""
    connection.execute(delete(Setting).where(Setting.key == key))
    connection.execute(insert(Setting), [{"key": key, "value": json.dumps(value, ensure_ascii=False)}])


def owned_ranges(connection: Connection) -> dict[str, tuple[int, int]]:
    """Return first and last key by table of the rows that the demo brought."""
    text = connection.execute(select(Setting.value).where(Setting.key == DEMO_IDS)).scalar_one_or_none()
    return {name: (first, last) for name, (first, last) in json.loads(text).items()} if text else {}


def is_demo(connection: Connection) -> bool:
    """Return whether the store holds a demo now."""
    text = connection.execute(select(Setting.value).where(Setting.key == DEMO_KEY)).scalar_one_or_none()
    return text is not None and json.loads(text) is True
