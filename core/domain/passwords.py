"""What a password must look like. Basis: GB/T 22239-2019 8.1.4.1 (at least 8 characters, 3 of 4 classes)."""

from core.domain.errors import Problem

MIN_CHARACTERS = 8
MAX_CHARACTERS = 128
MIN_CLASSES = 3
_COMMON = ("password", "12345678", "abc123", "qwerty", "admin", "88888888")


def character_classes(password: str) -> int:
    """Return how many of the four classes occur: lower case, upper case, digits, everything else."""
    tests = (str.islower, str.isupper, str.isdigit)
    named = sum(any(test(character) for character in password) for test in tests)
    return named + any(not any(test(character) for test in tests) for character in password)


def password_problems(password: str, login: str = "") -> tuple[Problem, ...]:
    """
    Return everything that is wrong with *password* (empty = acceptable).

    Args:
        password: What the person typed.
        login: The account it is for; it must not be part of the password.
    """
    found: list[Problem] = []
    lowered = password.lower()
    if len(password) < MIN_CHARACTERS:
        found.append(Problem("password", "too_short", f"密码至少 {MIN_CHARACTERS} 个字符。"))
    if len(password) > MAX_CHARACTERS:
        found.append(Problem("password", "too_long", f"密码最多 {MAX_CHARACTERS} 个字符。"))
    if character_classes(password) < MIN_CLASSES:
        found.append(Problem("password", "too_plain", "密码须包含大写字母、小写字母、数字、符号中的至少三类。"))
    if login and login.lower() in lowered:
        found.append(Problem("password", "has_login", "密码不能包含用户名。"))
    if any(word in lowered for word in _COMMON):
        found.append(Problem("password", "too_common", "密码过于常见，容易被猜到，请换一个。"))
    return tuple(found)
