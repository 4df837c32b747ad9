"""Fields that several kinds of tables have: which project, which county; checks that several kinds make."""

from collections.abc import Iterator
from datetime import date

from core.importers.sheet_rows import show_yuan
from core.importers.tables.spec import FieldSpec, Finding, Reading, RowCheck, Values

PROJECT_CODE = FieldSpec("project_code", "项目编号", Reading.CODE, r"(?:项目|工程)编[号码]", limit=32)
NATIONAL_CODE = FieldSpec(
    "national_code", "项目代码", Reading.CODE, r"(?:项目|统一|国家|平台).{0,6}代码|赋码", limit=32, width=26
)
PROJECT_NAME = FieldSpec(
    "project_name",
    "项目名称",
    Reading.NAME,
    r"^(?:涉及|所属|关联|对应)?(?:项目|工程)(?:名称?)?$|^(?!.*拟).*(?:项目|工程)名称$|^project",
    limit=200,
    width=30,
)
PROJECT_FIELDS = (PROJECT_CODE, NATIONAL_CODE, PROJECT_NAME)
PROJECT_CODES = tuple(spec.code for spec in PROJECT_FIELDS)
COUNTY = FieldSpec(
    "county",
    "县区",
    Reading.NAME,
    r"县区|区县|县市|市县|县\(?[市区]|所属(?:地|[县区])|隶属|属地|所在[县区]|行政区|辖区|^(?:县|区|区域|地区|园区)$",
    limit=200,
)
REMARK = FieldSpec("remark", "备注", Reading.TEXT, r"^备注|^说明$|^remark", limit=1000, width=20)


def dates_in_order(*pairs: tuple[str, str, str, str]) -> RowCheck:
    """Return the check that the first date of each (field, label, field, label) does not lie after the second."""

    def check(values: Values) -> Iterator[Finding]:
        for first, first_label, last, last_label in pairs:
            start, end = values.get(first), values.get(last)
            if isinstance(start, date) and isinstance(end, date) and start > end:
                shown = {"first": first_label, "first_on": start, "last": last_label, "last_on": end}
                yield Finding("dates_reversed", first, shown)

    return check


def part_within_whole(*pairs: tuple[str, str, str, str]) -> RowCheck:
    """Return the check that the first amount of each (field, label, field, label) is no larger than the second."""

    def check(values: Values) -> Iterator[Finding]:
        for part, part_label, whole, whole_label in pairs:
            less, more = values.get(part), values.get(whole)
            if less is not None and more is not None and less > more:
                shown = {"part": part_label, "given": _show(part, less), "whole": whole_label}
                yield Finding("part_over_whole", part, shown | {"limit": _show(whole, more)})

    return check


def _show(code: str, number: int) -> str:
    return show_yuan(number) if code.endswith("_yuan") else str(number)
