"""What can be wrong with a file: every code with its weight and its Chinese sentence.

A sentence says what was found and how to mend it. docs/imports.md lists the same codes (a test compares).
"""

from dataclasses import dataclass

from core.domain.errors import WarRoomError
from core.importers.problem_kinds.base import ProblemKind, Severity
from core.importers.problem_kinds.batches import BATCHES
from core.importers.problem_kinds.guard import GUARD
from core.importers.problem_kinds.kinds import KINDS
from core.importers.problem_kinds.land import LAND
from core.importers.problem_kinds.readers import READERS
from core.importers.problem_kinds.returned import RETURNED
from core.importers.problem_kinds.schedules import SCHEDULES
from core.importers.problem_kinds.summary import SUMMARY
from core.importers.problem_kinds.tables import TABLES

__all__ = ["PROBLEMS", "ImportProblem", "ProblemKind", "Severity", "UnreadableFile", "build_problem"]

PROBLEMS: dict[str, ProblemKind] = {
    **TABLES,
    **BATCHES,
    **GUARD,
    **KINDS,
    **LAND,
    **READERS,
    **RETURNED,
    **SCHEDULES,
    **SUMMARY,
}


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """
    One finding, placed where the user can go and mend it.

    Attributes:
        sheet: Sheet name, empty for the whole file.
        row: Excel row number from 1; 0 when the finding is about the sheet or file.
        column: Excel letter and header text (``F 总投资（万元）``), empty for a whole row.
        code: Key of ``PROBLEMS``.
        message: Chinese sentence: what was found and how to mend it.
        read_at: (row, column) as the parser counts them, where a table is turned before it is read; else ``None``.
    """

    sheet: str
    row: int
    column: str
    code: str
    message: str
    read_at: tuple[int, str] | None = None

    @property
    def severity(self) -> Severity:
        """Weight of the code."""
        return PROBLEMS[self.code].severity


class UnreadableFile(WarRoomError):
    """The file as a whole cannot be read; ``problem`` says why."""

    code = "WR-415"

    def __init__(self, code: str, **values: object) -> None:
        self.problem = build_problem(code, "", 0, "", **values)
        super().__init__(self.problem.message)


def build_problem(code: str, /, sheet: str = "", row: int = 0, column: str = "", **values: object) -> ImportProblem:
    """
    Return the problem *code* at a place, with *values* set into its sentence.

    Raises:
        KeyError: Unknown code, or the sentence wants a value that was not given.
    """
    shown = {name: _short(value) for name, value in values.items()}
    return ImportProblem(sheet, row, column, code, PROBLEMS[code].text.format(**shown))


def _short(value: object) -> str:
    """Return *value* on one line of at most 40 characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"
