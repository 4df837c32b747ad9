"""The password policy: at least 8 characters, 3 of 4 classes, not the name, not a common one."""

import pytest

from core.domain.passwords import character_classes, password_problems
from core.services import passwords


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Abc-123", ["too_short"]),
        ("Abcd-123", []),
        ("abcd1234", ["too_plain"]),
        ("abcd-1234", []),
        ("ABCDEFGH", ["too_plain"]),
        ("密码abcDEF", []),
        ("Wang-2026x", ["has_login"]),
        ("Password-1", ["too_common"]),
        ("A1-" + "x" * 126, ["too_long"]),
        ("", ["too_short", "too_plain"]),
    ],
    ids=["7", "8", "two classes", "three classes", "one class", "chinese", "has login", "common", "129", "empty"],
)
def test_password_problems_policy_boundaries(password, codes):
    assert [problem.code for problem in password_problems(password, "wang")] == codes


def test_character_classes_counts_each_once():
    assert character_classes("aaB2-") == 4
    assert character_classes("中文") == 1


def test_generate_satisfies_policy_and_never_repeats():
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    assert all(password_problems(password) == () for password in made)
