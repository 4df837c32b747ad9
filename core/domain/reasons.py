"""A reason that must be given (原因、理由): what is too short to explain anything later, what the store cannot keep."""

from core.domain.errors import Problem

MIN_REASON = 4  # characters: "天气" explains nothing a year later
MAX_REASON = 400


def says_nothing(reason: str) -> bool:
    """Return whether *reason* is too short to be one."""
    return len(reason.strip()) < MIN_REASON


def check_reason(reason: str, field: str = "reason", asked: str = "请写明原因") -> list[Problem]:
    """Return what is wrong with a reason that must be given; *asked* begins the sentence that asks for it."""
    if says_nothing(reason):
        return [Problem(field, "short_reason", f"{asked}，至少 {MIN_REASON} 个字，供日后核查。")]
    return check_length(field, "原因", reason, MAX_REASON)


def check_length(field: str, label: str, text: str, limit: int) -> list[Problem]:
    """Return a problem when *text* is longer than the store keeps."""
    length = len(text.strip())
    if length <= limit:
        return []
    return [Problem(field, "too_long", f"{label}有 {length} 个字，超过 {limit} 个字的上限，请精简。")]
