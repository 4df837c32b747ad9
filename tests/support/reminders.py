"""The people that reminders are tried on: two units, their county, an auditor."""

from dataclasses import dataclass
from typing import Any

from core.domain.terms import Role
from db.models import User, UserRole
from tests.factories import SYSTEM
from tests.support.todos import TodoCity, todo_city


@dataclass(frozen=True)
class People:
    """The unit's, the helper's and the county's account; the county's is the unit's superior."""

    city: TodoCity
    ids: dict[str, int]


def make_user(tx: Any, login: str, name: str, role: Role, email: str = "", **values: Any) -> int:
    """Add an account with one role, bound where it must be, and return its id."""
    bound = {key: values.pop(key, None) for key in ("county_id", "headquarters_id", "unit_id")}
    user_id = tx.insert(
        User, {"login": login, "name": name, "password_hash": "x", "is_active": True, "email": email, **values}
    )
    tx.insert(UserRole, {"user_id": user_id, "role": role.value, **bound})
    return user_id


def make_people(store: Any) -> People:
    """Fill an empty store with the city of 待办 and its accounts."""
    city = todo_city(store)
    with store.transaction(SYSTEM) as tx:
        county = make_user(tx, "donghu", "邓佳宁", Role.COUNTY, "deng@city.example", county_id=city.east)
        bureau = {"unit_id": city.bureau, "superior_id": county}
        ids = {
            "county": county,
            "unit": make_user(tx, "jiaotong", "葛雨桐", Role.UNIT, "ge@city.example", **bureau),
            "helper": make_user(tx, "caizheng", "苏怀瑾", Role.UNIT, "su@city.example", unit_id=city.helper),
            "auditor": make_user(tx, "shenji", "审计员", Role.AUDITOR, "audit@city.example"),
        }
    return People(city, ids)
