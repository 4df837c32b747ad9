"""Weight and sentence of a problem code."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem weighs."""

    REFUSE = "refuse"  # the row is set aside (quarantined)
    WARN = "warn"  # the row is imported, somebody should look
    NOTE = "note"  # said so that nothing happens silently


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Weight and sentence of one code; the sentence has ``str.format`` places."""

    severity: Severity
    text: str


def refuse(text: str) -> ProblemKind:
    return ProblemKind(Severity.REFUSE, text)


def warn(text: str) -> ProblemKind:
    return ProblemKind(Severity.WARN, text)


def note(text: str) -> ProblemKind:
    return ProblemKind(Severity.NOTE, text)
