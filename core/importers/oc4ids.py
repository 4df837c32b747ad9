"""OC4IDS project packages (JSON) → rows of the project ledger. Pure: no store, no clock."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.terms import ProjectLevel, Stage
from core.importers.cells.codes import NATIONAL_CODE
from core.importers.checks import check_duplicates
from core.importers.delimited import decode_text
from core.importers.limits import MAX_BYTES, MAX_ROWS
from core.importers.oc4ids_words import (
    AUTHORITY_ROLE,
    CANCELLED,
    CURRENCY,
    OWNER_ROLE,
    SCHEMES,
    STAGE_OF_STATUS,
    STATUS_OF_STAGE,
)
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem, Severity, UnreadableFile, build_problem
from core.importers.read_sheet import ReadColumn, ReadSheet
from core.importers.row import LedgerRow, ParsedLedger, QuarantinedRow, add_up
from core.importers.sheet import Cell, column_letter
from core.importers.sheet_rows import SheetRows

SHEET = "projects"
_ZONE = ZoneInfo("Asia/Shanghai")
_PREFIX = re.compile(r"oc4ids-[a-z0-9]{6}-(?=.)")
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")
_MAX_CONTENT = 20_000
_MAX_YUAN = 10**16
# Degrees of the country; longitude and latitude do not overlap, so the order of a pair can be told from its values.
_LONGITUDES, _LATITUDES = (73.0, 136.0), (3.0, 54.0)
# What a row of a problem list calls a column: position, path in the file, attribute of the ledger row.
COLUMNS = (
    ("id", "code"),
    ("title", "name"),
    ("description", "content"),
    ("status", "stage"),
    ("period/startDate", "start_planned_on"),
    ("period/endDate", "finish_planned_on"),
    ("completion/endDate", "completed_on"),
    ("budget/amount/amount", "total_investment_yuan"),
    ("budget/amount/currency", "currency"),
    ("locations/0/description", "location"),
    ("locations/0/address/region", "county"),
    ("locations/0/geometry/coordinates", "longitude"),
    (f"parties/{OWNER_ROLE}", "owner_name"),
    (f"parties/{AUTHORITY_ROLE}", "responsible_unit"),
    *((f"additionalClassifications/{scheme}", attribute) for scheme, attribute in SCHEMES.items()),
)
_LABELS = {path: f"{column_letter(index)} {path}" for index, (path, _) in enumerate(COLUMNS)}
_COLUMNS = tuple(ReadColumn(index, path, attribute) for index, (path, attribute) in enumerate(COLUMNS))
_PATH_OF = {attribute: path for path, attribute in COLUMNS}


def parse_oc4ids(data: bytes, options: ReadOptions) -> ParsedLedger:
    """
    Return the projects of an OC4IDS package, of a list of projects, or of one project.

    Rows are positions in the list, from 1; columns are paths in the file.

    Raises:
        UnreadableFile: No JSON, no projects, or too many.
    """
    projects = _load(data)
    problems: list[ImportProblem] = []
    rows: list[LedgerRow] = []
    mends: dict[int, dict[int, str]] = defaultdict(dict)
    for mend in options.mends:
        if mend.sheet == SHEET:
            mends[mend.row][mend.column] = mend.value
    cells: list[list[Cell]] = [[]] * len(projects)
    for number, content in enumerate(projects, 1):
        if options.takes(SHEET, number):
            project = _Project(content, number, mends.get(number, {}), problems)
            rows.append(project.read(options.year))
            cells[number - 1] = project.cells()
    problems += check_duplicates.check([SheetRows(SHEET, 0, (), rows, [])])
    refused = {problem.row for problem in problems if problem.severity is Severity.REFUSE}
    accepted = tuple(row for row in rows if row.row not in refused)
    quarantined = tuple(
        QuarantinedRow(SHEET, row.row, row.name or "", (row.code,) if row.code else ())
        for row in rows
        if row.row in refused
    )
    labels = {(SHEET, attribute): _LABELS[path] for path, attribute in COLUMNS}
    problems.sort(key=lambda problem: problem.row)
    sheet = ReadSheet(SHEET, 0, _COLUMNS, cells)
    return ParsedLedger(accepted, quarantined, tuple(problems), add_up(accepted), labels, (sheet,))


def _load(data: bytes) -> list[Any]:
    if not data:
        raise UnreadableFile("file_empty")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("file_too_large", size=f"{len(data) >> 20} MB", limit=f"{MAX_BYTES >> 20} MB")
    try:
        content = json.loads(decode_text(data), parse_constant=_no_number, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise UnreadableFile("oc4ids_damaged", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("oc4ids_damaged", line=1) from error
    if isinstance(content, dict):
        content = content.get("projects", [content] if "id" in content else None)
    if not isinstance(content, list) or not content:
        raise UnreadableFile("oc4ids_kind")
    if len(content) > MAX_ROWS:
        raise UnreadableFile("too_many_rows", rows=len(content), limit=MAX_ROWS)
    return content


def _no_number(word: str) -> Any:
    raise ValueError(word)


@dataclass(slots=True)
class _Project:
    """One project; a cell that the user mended counts instead of what the file says."""

    content: Any
    row: int
    mends: dict[int, str]
    problems: list[ImportProblem]

    def read(self, year: int) -> LedgerRow:
        """Return the ledger row of the project; what cannot be read is noted and left out."""
        name = self._line("title", 200)
        if name is None:
            self._say("missing_name", "title")
        longitude, latitude = self._point()
        return LedgerRow(
            sheet=SHEET,
            row=self.row,
            year=year,
            name=name,
            code=self._code(),
            national_code=self._national_code(),
            county=self._line("locations/0/address/region", 100),
            location=self._line("locations/0/description", 400),
            owner_name=self._party(OWNER_ROLE),
            responsible_unit=self._party(AUTHORITY_ROLE),
            content=self._content(),
            nature=self._line("additionalClassifications/x_nature", 64),
            stage=self._stage(),
            category=self._line("additionalClassifications/x_category", 32),
            level=self._level(),
            total_investment_yuan=self._yuan(),
            start_planned_on=self._day("period/startDate"),
            finish_planned_on=self._day("period/endDate"),
            completed_on=self._day("completion/endDate"),
            longitude=longitude,
            latitude=latitude,
            is_listed=None,
        )

    def cells(self) -> list[Cell]:
        """Return the project's values in the order of ``COLUMNS``, as the screen shows and mends them."""
        return [str(value) if (value := self._value(path)) is not None else None for path, _ in COLUMNS]

    def _say(self, code: str, path: str, **values: object) -> None:
        self.problems.append(build_problem(code, SHEET, self.row, _LABELS[path], **values))

    def _value(self, path: str) -> Any:
        position = next(index for index, (known, _) in enumerate(COLUMNS) if known == path)
        if position in self.mends:
            return self.mends[position]
        scheme = path.partition("additionalClassifications/")[2]
        if scheme:
            return next(
                (one.get("id") for one in self._objects("additionalClassifications") if one.get("scheme") == scheme),
                None,
            )
        role = path.partition("parties/")[2]
        if role:
            return next(iter(self._names(role)), None)
        found = self.content
        for part in path.split("/"):
            found = _child(found, part)
        return found

    def _objects(self, key: str) -> Iterator[dict[str, Any]]:
        values = self.content.get(key) if isinstance(self.content, dict) else None
        return (one for one in values if isinstance(one, dict)) if isinstance(values, list) else iter(())

    def _text(self, path: str) -> str:
        value = self._value(path)
        return value.strip() if isinstance(value, str) else "" if value is None else str(value)

    def _line(self, path: str, limit: int) -> str | None:
        """A text on one line, otherwise as the file has it: it comes from software and is compared with the store."""
        return self._within(path, _LINE_BREAKS.sub(" ", self._text(path)) or None, limit)

    def _within(self, path: str, text: str | None, limit: int) -> str | None:
        if text is not None and len(text) > limit:
            self._say("too_long", path, length=len(text), limit=limit)
            return None
        return text

    def _content(self) -> str | None:
        return self._within("description", self._text("description") or None, _MAX_CONTENT)

    def _code(self) -> str | None:
        text = self._text("id")
        code = _PREFIX.sub("", text, count=1)
        if not code or len(code) > 32:
            self._say("oc4ids_bad_id", "id", value=text)
            return None
        return code

    def _national_code(self) -> str | None:
        path = _PATH_OF["national_code"]
        text = self._text(path)
        if text and not NATIONAL_CODE.fullmatch(text):
            self._say("bad_project_code", path, value=text)
        return text if NATIONAL_CODE.fullmatch(text) else None

    def _stage(self) -> Stage | None:
        """The exact stage where the file has one that fits its status, else what the status means."""
        status = self._text("status")
        if status == CANCELLED:
            self._say("oc4ids_cancelled", "status")
        exact = self._text("additionalClassifications/x_stage")
        if exact in set(Stage) and STATUS_OF_STAGE[Stage(exact)] in (status, ""):
            return Stage(exact)
        if status and status not in STAGE_OF_STATUS:
            self._say("unknown_word", "status", value=status, allowed="、".join(STAGE_OF_STATUS))
        return STAGE_OF_STATUS.get(status)

    def _level(self) -> ProjectLevel | None:
        path = _PATH_OF["level"]
        text = self._text(path)
        found = next((level for level in ProjectLevel if text in (level.value, level.label)), None)
        if text and found is None:
            self._say("unknown_word", path, value=text, allowed="、".join(level.label for level in ProjectLevel))
        return found

    def _yuan(self) -> int | None:
        path = "budget/amount/amount"
        text = self._text(path)
        if not text:
            return None
        currency = self._text("budget/amount/currency")
        if currency and currency != CURRENCY:
            self._say("foreign_currency", "budget/amount/currency", value=f"{text} {currency}")
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or abs(amount) >= _MAX_YUAN:
            self._say("bad_amount", path, value=text)
            return None
        if amount < 0:
            self._say("negative_amount", path, value=text)
            return None
        return int(amount.to_integral_value(ROUND_HALF_UP))

    def _day(self, path: str) -> date | None:
        text = self._text(path)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return (moment.astimezone(_ZONE) if moment.tzinfo else moment).date()
        except (ValueError, OverflowError):
            self._say("bad_date", path, value=text)
            return None

    def _point(self) -> tuple[float | None, float | None]:
        path = "locations/0/geometry/coordinates"
        value = self._value(path)
        if value is None or self._kind_of_geometry() != "Point":
            return None, None
        parts = re.findall(r"-?\d+(?:\.\d+)?", value) if isinstance(value, str) else value
        if isinstance(parts, list) and len(parts) >= 2 and all(_is_number(part) for part in parts[:2]):
            first, second = float(parts[0]), float(parts[1])
            for longitude, latitude in ((first, second), (second, first)):
                if _within(longitude, _LONGITUDES) and _within(latitude, _LATITUDES):
                    return longitude, latitude
        self._say("oc4ids_bad_point", path, value=value)
        return None, None

    def _kind_of_geometry(self) -> object:
        return _child(_child(_child(_child(self.content, "locations"), "0"), "geometry"), "type")

    def _party(self, role: str) -> str | None:
        path = f"parties/{role}"
        names = self._names(role)
        if len(names) > 1:
            self._say("oc4ids_parties", path, role=role, value=names[0])
        return self._line(path, 200)

    def _names(self, role: str) -> list[str]:
        held = [one.get("name") for one in self._objects("parties") if _holds(one, role)]
        return [name.strip() for name in held if isinstance(name, str) and name.strip()]


def _child(node: Any, key: str) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    if isinstance(node, list) and key.isdecimal():
        return node[int(key)] if int(key) < len(node) else None
    return None


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and -1000 < value < 1000


def _within(degrees: float, span: tuple[float, float]) -> bool:
    return span[0] <= degrees <= span[1]


def _holds(party: dict[str, Any], role: str) -> bool:
    roles = party.get("roles")
    return isinstance(roles, list) and role in roles
