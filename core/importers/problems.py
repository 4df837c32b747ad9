"""What can be wrong with a ledger file: every code with its weight and its Chinese sentence.

A sentence says what was found and how to mend it. docs/imports.md lists the same codes (a test compares).
"""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import WarRoomError


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


def _refuse(text: str) -> ProblemKind:
    return ProblemKind(Severity.REFUSE, text)


def _warn(text: str) -> ProblemKind:
    return ProblemKind(Severity.WARN, text)


def _note(text: str) -> ProblemKind:
    return ProblemKind(Severity.NOTE, text)


PROBLEMS: dict[str, ProblemKind] = {
    # Cells
    "bad_amount": _refuse("“{value}”不是数额。请改为数字，例如 12000 或 1.2亿元。"),
    "approximate_amount": _refuse("“{value}”是约数，系统不替您取舍。请填写确定的数额。"),
    "several_amounts": _refuse("“{value}”含有多个数额。请只填一个合计数，其余写入备注。"),
    "foreign_currency": _refuse("“{value}”是外币。请按立项批复的汇率折算成人民币后填写。"),
    "not_money_unit": _refuse("“{value}”不是金额单位（像是面积、数量）。请填写投资数额，或检查是否错列。"),
    "negative_amount": _refuse("“{value}”是负数。计划和累计数额不能为负，请核对。"),
    "ditto_amount": _refuse("数额栏写了“{value}”。请填写本行自己的数额。"),
    "shared_amount": _refuse("数额单元格由多行合并，无法判断归哪个项目。请拆分单元格，每行填写各自的数额。"),
    "formula_error": _refuse("公式计算出错（如 #REF!、#DIV/0!）。请修正公式，或改为填写数值。"),
    "formula_without_value": _refuse("公式没有保存计算结果。请用 Excel 或 WPS 打开文件，保存一次后重新导入。"),
    "several_rows": _refuse("该项目占多行且各行都有数额，无法判断是合计还是子项。请合并为一行，或每个子项单独成行。"),
    "missing_name": _refuse("项目名称为空。请补填项目名称；如为合计、说明行，请在首列写明“合计”或“注”。"),
    "bad_project_code": _refuse("“{value}”不符合项目代码格式（如 2504-371302-04-01-123456）。请按赋码平台核对。"),
    "too_long": _refuse("文字有 {length} 字，超过 {limit} 字的上限。请缩短，或移到备注以外的附件。"),
    "bad_date": _warn("“{value}”不能认作日期，已留空。请写成 2025-06-30、2025年6月 或 2025.06。"),
    "ambiguous_date": _warn("“{value}”可能是1月也可能是10月，已留空。请写成 {year}年1月 或 {year}年10月。"),
    "bad_percent": _warn("“{value}”不是百分比，已忽略。请填写数字，例如 97 或 97%。"),
    "bad_area": _warn("“{value}”不是面积，已留空。请填写数字，并在表头注明亩、公顷或平方米。"),
    "unknown_word": _warn("“{value}”不在可选词中，已留空。可填：{allowed}。"),
    "unusual_region_code": _warn("项目代码第二段“{value}”不是行政区划代码（可能是部委代码）。请核对。"),
    # Rows
    "duplicate_code": _refuse("项目代码与第{other}行相同。同一项目只保留一行；不同项目请核对代码。"),
    "duplicate_name": _refuse("项目名称与第{other}行相同且没有不同的代码。请删除重复行，或补填项目代码以区分。"),
    "same_name_other_code": _warn("项目名称与第{other}行相同但代码不同，已按两个项目处理。请核对。"),
    "magnitude": _refuse(
        "数额约为{amount}，是本列常见数额的{times}倍，像是把元填进了{unit}。请核对单位；确认无误可勾选“大额已核对”再导入。"
    ),
    "column_magnitude": _refuse(
        "总投资的常见数额达到{amount}，像是整列以元填写。请核对表头单位；确认无误可勾选“大额已核对”再导入。"
    ),
    "funding_sum": _warn("资金来源之和 {funding} 与总投资 {total} 相差 {gap}。请核对各项来源。"),
    "annual_over_total": _warn("年度计划投资 {annual} 大于总投资 {total}。请核对两个数额及其单位。"),
    "months_sum": _warn("各月计划之和 {months} 与年度计划投资 {annual} 相差 {gap}。请核对。"),
    "done_over_total": _warn("自开工累计完成 {done} 超过总投资 {total} 的105%。请核对，或办理投资调整。"),
    "month_over_ytd": _warn("本月完成 {month} 大于本年累计完成 {ytd}。请核对是否填错列。"),
    "ytd_over_since_start": _warn("本年累计完成 {ytd} 大于自开工累计完成 {since}。请核对是否填错列。"),
    "annual_rate": _warn("完成年度计划比例填 {given}%，按本行数额应为 {computed}%。请核对。"),
    "total_rate": _warn("占总投资比例填 {given}%，按本行数额应为 {computed}%。请核对。"),
    "dates_reversed": _warn("{first}（{first_on}）晚于{last}（{last_on}）。请核对日期。"),
    "hidden_row": _warn("本行在文件中被隐藏，已按项目计入。如不应导入，请删除该行后重新导入。"),
    # Groups, columns, sheets
    "declared_count": _warn("“{label}”写明 {declared} 项，实际读到 {counted} 项。请核对是否漏行或多行。"),
    "subtotal": _warn("“{label}”一行填 {given}，逐行相加为 {computed}，相差 {gap}。请核对。"),
    "unit_unknown": _refuse("本列没有注明单位，也无法从数额判断。请在表头写明，例如“总投资（万元）”。"),
    "unit_assumed": _warn("本列没有注明单位，按数额大小理解为{unit}。如不对，请在表头写明单位后重新导入。"),
    "period_assumed": _warn("表头没有说明累计起点，按数额理解为“{meaning}”。如不对，请改为“本年累计”或“自开工累计”。"),
    "duplicate_column": _warn("与 {other} 列含义相同，本列未读取。请只保留一列，或把表头写得更具体。"),
    "other_year": _note("本列是{year}年的数据，本次按{current}年导入，未读取。"),
    "kept_elsewhere": _note("本列由系统计算，或在其他页面登记，未导入。"),
    "unknown_column": _note("不认识的列，未导入。如需导入，请把表头改为模板中的名称。"),
    "header_not_found": _warn("工作表没有找到表头（至少要有“项目名称”和另一列）。请对照模板调整，或删除该工作表。"),
    "sheet_skipped": _note("工作表没有表头和数据，视为说明页，未读取。"),
    "hidden_sheet": _warn("隐藏的工作表没有导入。如需导入，请取消隐藏后重新上传。"),
    "no_projects": _warn("工作表有表头，但没有读到项目行。请确认数据在表头下方。"),
    "year_differs": _warn(
        "这是{found}年的数据，按{found}年登记（当前年度为{current}年）。如年度不对，请更正标题或表头。"
    ),
    # Against the store
    "county_unknown": _refuse("没有找到县区“{value}”。请改为系统中的县区名称，或先由管理员登记。"),
    "county_missing": _refuse("新项目没有县区。请补填“所属县区”一列。"),
    "total_missing": _refuse("新项目没有总投资。请补填“总投资”一列。"),
    "month_unknown": _warn("没有写明截至哪个月，完成投资未导入。请把表头写成“1-8月累计完成”，或在导入时选择月份。"),
    "month_future": _warn("{month}尚未开始填报，完成投资未导入。请核对表头中的月份。"),
    "ytd_differs": _warn("本年累计 {ytd} 与各月之和 {months} 相差 {gap}，月报按各月数额登记。请核对各月月报。"),
    "report_closed": _warn("{month}月报已审核或锁定，与本行不同的数额未导入。如需更正，请先由审核人员退回。"),
    "since_start_alone": _warn("只有自开工累计，没有上年底累计或本年累计，本栏未导入。请补充其中一列。"),
    "person_ambiguous": _warn("有多位“{value}”，无法判断是哪一位，未登记。请写明职务，或在项目详情中登记。"),
    "headquarters_unknown": _warn("没有找到指挥部“{value}”，已留空。请改为系统中的指挥部名称。"),
    "unit_created": _note("单位“{value}”是首次出现，将新建。如是写法不同的老单位，请改为原名称后重新导入。"),
    "ambiguous_match": _refuse("系统中有多个同名项目，无法判断更新哪一个。请补填项目代码。"),
    "same_project": _refuse("与第{other}行对应系统中的同一个项目。请合并为一行，或核对项目代码。"),
    "outside_scope": _refuse("该项目不在您的管理范围内，未导入。请联系主管的督查人员导入。"),
    # The whole file
    "file_unreachable": _refuse("打不开文件“{value}”。请核对路径，以及是否有读取权限。"),
    "file_empty": _refuse("文件是空的。请选择填好数据的台账文件。"),
    "file_too_large": _refuse("文件有 {size}，超过 {limit} 的上限。请删除图片和多余工作表，或拆成几个文件。"),
    "file_bomb": _refuse("文件解压后超过安全上限，已拒绝读取。请另存为新的 xlsx 文件后重试。"),
    "file_type": _refuse("不能读取{kind}。请用 Excel 或 WPS 另存为 xlsx 后重新上传。"),
    "file_password": _refuse("文件有打开密码。请取消密码后重新上传。"),
    "file_damaged": _refuse("文件已损坏或不完整，无法打开。请在 Excel 或 WPS 中打开并另存后重试。"),
    "file_encoding": _refuse("无法识别文字编码。请另存为 xlsx，或另存为 UTF-8 编码的 CSV。"),
    "too_many_rows": _refuse("工作表有 {rows} 行，超过 {limit} 行的上限。请删除空白格式行或拆成几个文件。"),
    "too_many_columns": _refuse("工作表宽到第 {columns} 列，超过 {limit} 列的上限。请删除右侧多余内容。"),
    "nothing_found": _refuse("没有读到项目台账。请下载空白模板，对照表头整理后重新上传。"),
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
    """

    sheet: str
    row: int
    column: str
    code: str
    message: str

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
