"""The empty ledger that people fill in and bring back: every heading is one the importer knows."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from core.domain.terms import ProjectLevel, YearClass

_ROWS = 1_000
_HEADER_ROW = 2
_HELP = (
    "一行一个项目；带 * 的列必填，其余可留空。留空表示“没有说”，不会清除系统中已有的数据。",
    "数额按表头单位填数字；单位不同的单元格请连单位一起填写，例如 1.2亿元。",
    "日期写成 2026-06-30、2026年6月 或 2026.06；起止年限写成 2025.3-2027.12。",
    "累计完成投资须写明截至月份，例如把表头“1-12月累计完成”改为“1-8月累计完成”。",
    "多位领导或责任人用顿号分开。项目代码用于识别老项目，请尽量填写。",
)


def headings(year: int) -> tuple[str, ...]:
    """Return the headings of the template for *year*."""
    return (
        *("序号", "项目编号", "项目代码", "*项目名称", "*县区", "指挥部", "建设单位", "建设地点", "建设规模及内容"),
        *("建设性质", "行业类别", "项目级别", "年度类别", "建设阶段", "建设起止年限", "*总投资（万元）"),
        "截至上年底累计完成投资（万元）",
        f"{year}年计划投资（万元）",
        f"{year}年形象进度目标",
        "本月完成投资（万元）",
        "1-12月累计完成投资（万元）",
        *(
            "形象进度",
            "计划开工时间",
            "实际开工时间",
            "计划竣工时间",
            "实际竣工时间",
            "入统时间",
            "存在问题",
            "下步措施",
        ),
        *("责任单位", "服务单位", "包保领导", "责任人", "联系人", "备注"),
    )


def build_template(year: int, counties: Sequence[str], headquarters: Sequence[str]) -> bytes:
    """Return the template workbook; closed lists become drop-downs."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("项目台账")
    title = book.add_format({"bold": True, "font_size": 16})
    head = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1})
    page.write(0, 0, f"{year}年重大项目台账", title)
    page.write(1, 0, "单位：万元")
    names = headings(year)
    for column, name in enumerate(names):
        page.write(_HEADER_ROW, column, name, head)
    page.set_row(_HEADER_ROW, 36)
    page.set_column(0, len(names) - 1, 14)
    page.set_column(3, 3, 36)
    page.freeze_panes(_HEADER_ROW + 1, 4)
    choices = {
        "*县区": list(counties),
        "指挥部": list(headquarters),
        "项目级别": [level.label for level in ProjectLevel],
        "年度类别": [kind.label for kind in YearClass],
    }
    lists = book.add_worksheet("填写说明")
    for row, line in enumerate(_HELP):
        lists.write(row, 0, line)
    lists.set_column(0, 0, 100)
    for place, (name, values) in enumerate(choices.items(), start=2):
        lists.write(0, place, name.lstrip("*"))
        lists.write_column(1, place, values)
        if values:
            source = f"=填写说明!${chr(65 + place)}$2:${chr(65 + place)}${len(values) + 1}"
            at = names.index(name)
            page.data_validation(_HEADER_ROW + 1, at, _ROWS, at, {"validate": "list", "source": source})
    book.close()
    return target.getvalue()
