"""A large ledger as an office sends it: 10 000 projects × 20 columns, seeded, some cells wrong."""

import random
from io import BytesIO

import xlsxwriter

YEAR = 2026
COUNTIES = ("兰山区", "罗庄区", "河东区", "沂水县", "莒南县", "费县", "平邑县", "蒙阴县")
HEADER = (
    "序号", "项目代码", "项目名称", "县区", "建设地点", "项目单位", "建设规模及内容", "年度类别", "行业类别",
    "总投资（万元）",
    "2026年计划投资（万元）", "1-8月累计完成（万元）", "计划开工时间", "计划竣工时间", "责任单位", "包保领导", "联系人",
    "形象进度", "存在问题", "备注",
)  # fmt: skip
DIRTY_SHARE = 0.02
CODED_SHARE = 0.7  # many ledgers leave the code of young projects blank
_KINDS = (
    "智能装备产业园",
    "污水处理厂扩建",
    "高速公路连接线",
    "冷链物流中心",
    "人民医院新院区",
    "标准厂房",
    "光伏发电",
    "水库除险加固",
)
_FIRMS = "宏泰瑞丰华盛金源鑫达恒通永兴中联海纳天成博远嘉禾正邦润泽凯利东岳长河明德安康"
_PHASES = ("", "", "", "", "一期", "二期", "（一标段）", "2号线")
_DIRT = ((9, "约5000"), (9, "2亿美元"), (9, "待定"), (10, -300), (3, "外省某县"), (2, None), (11, "3000、4000"))
_PLACE = 2  # rows above the first project


def build_rows(count: int, seed: int) -> list[list[object]]:
    """Return *count* project rows, about two in a hundred with a defect that sets them aside."""
    dice = random.Random(seed)
    return [_row(number, dice) for number in range(1, count + 1)]


def _row(number: int, dice: random.Random) -> list[object]:
    county = dice.choice(COUNTIES)
    total = dice.randrange(5_000, 400_000)
    plan = total // dice.randrange(2, 6)
    start = dice.randrange(2023, 2027)
    row: list[object] = [
        number,
        f"{start % 100}{dice.randrange(1, 13):02d}-371302-04-01-{number:06d}" if dice.random() < CODED_SHARE else None,
        _name(county, dice), county, f"{county}经济开发区{dice.randrange(1, 90)}号",
        f"山东第{dice.randrange(1, 900)}建设有限公司",
        f"新建厂房{dice.randrange(1, 40)}万平方米，配套道路、管网和公用工程",
        dice.choice(("续建", "新开工")), dice.choice(("工业", "交通", "能源", "民生")), total, plan,
        plan * dice.randrange(10, 95) // 100, f"{start}年{dice.randrange(1, 13)}月",
        f"{start + dice.randrange(2, 5)}年{dice.randrange(1, 13)}月", f"市第{dice.randrange(1, 60)}局",
        f"领导{dice.randrange(1, 80)}", f"联络{dice.randrange(1, 300)}", "主体施工，完成工程量的六成",
        dice.choice(("无", "用地指标尚未落实", "电力接入待批")),
        "" if dice.random() < 0.7 else f"市委会议纪要第{number}号",
    ]  # fmt: skip
    if dice.random() < DIRTY_SHARE:
        column, value = dice.choice(_DIRT)
        row[column] = value
    return row


def _name(county: str, dice: random.Random) -> str:
    """Names differ by firm and purpose as real ones do; few carry a number."""
    firm = "".join(dice.choices(_FIRMS, k=4))
    return f"{county}{firm}{dice.choice(_KINDS)}{dice.choice(('', '项目', '工程', '建设项目'))}{dice.choice(_PHASES)}"


def build_workbook(count: int = 10_000, seed: int = 9) -> bytes:
    """Return the ledger as xlsx."""
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        page = book.add_worksheet("台账")
        page.write(0, 0, f"{YEAR}年全市重大项目台账")
        for r, row in enumerate([list(HEADER), *build_rows(count, seed)], _PLACE - 1):
            page.write_row(r, 0, row)
    return target.getvalue()
