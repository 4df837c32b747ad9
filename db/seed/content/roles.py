"""How the demo city's projects share the parts: months of starts and finishes, fixed parts, planted trouble."""

from core.domain.terms import YearClass

# Planned starts and finishes by month of the year: 66 new starts, 27 to be finished.
START_MONTHS: dict[int, int] = {1: 2, 2: 4, 3: 10, 4: 9, 5: 8, 6: 9, 7: 6, 8: 5, 9: 7, 10: 6}
FINISH_MONTHS: dict[int, int] = {2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 2, 8: 2, 9: 4, 10: 4, 11: 2, 12: 3}

RESERVE_NAMES: frozenset[str] = frozenset(
    {
        "可降解塑料生产基地",
        "云岭通用机场",
        "汽车文化产业园",
        "石泉温泉康养小镇",
        "医药中间体搬迁升级",
        "轨道交通装备检修基地",
    }
)
FIXED_CLASSES: dict[str, YearClass] = {
    "云河东段综合治理二期": YearClass.CONTINUING,
    "国际陆港铁路专用线": YearClass.CONTINUING,
    "百户工业园标准厂房": YearClass.CONTINUING,
    "城南片区棚户区改造B地块": YearClass.CONTINUING,
    "科创城起步区基础设施": YearClass.CONTINUING,
    "高铁片区站前广场及地下空间": YearClass.CONTINUING,
    "奥林匹克体育中心": YearClass.CONTINUING,
    "精品钢基地1780热轧生产线": YearClass.CONTINUING,
    "西坪抽水蓄能电站": YearClass.CONTINUING,
    "云岭至安澜高速公路": YearClass.CONTINUING,
    "北平高速公路北固段": YearClass.CONTINUING,
    "高铁片区商务中心区一期": YearClass.CONTINUING,
    "精品钢基地2#高炉系统": YearClass.CONTINUING,
    "嘉利达液压件扩能": YearClass.FINISHING,
    "云岭理工研究院产业园": YearClass.FINISHING,
    "智能电梯及配件项目": YearClass.CONTINUING,
    "丰乐航电枢纽船闸": YearClass.CONTINUING,
    "城市配送共同仓": YearClass.CONTINUING,
    "安澜非遗文化街区": YearClass.CONTINUING,
    "医药流通中心": YearClass.CONTINUING,
}

# Known projects with a span of their own: start and finish as (years from the list's year, month, day).
FIXED_SPANS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "高铁片区站前广场及地下空间": ((-1, 4, 28), (1, 8, 30)),
    "奥林匹克体育中心": ((-2, 9, 12), (1, 9, 20)),
    "云河东段综合治理二期": ((-2, 10, 18), (1, 4, 25)),
    "国际陆港铁路专用线": ((-1, 2, 20), (1, 6, 28)),
    "百户工业园标准厂房": ((-1, 3, 16), (1, 3, 30)),
    "城南片区棚户区改造B地块": ((-1, 1, 15), (1, 11, 30)),
    "高铁片区商务中心区一期": ((-2, 6, 8), (2, 5, 30)),
    "精品钢基地1780热轧生产线": ((-2, 3, 22), (1, 5, 28)),
}

# Always among the red ones, worst first.
RED_NAMES: tuple[str, ...] = (
    "云河东段综合治理二期",
    "国际陆港铁路专用线",
    "百户工业园标准厂房",
    "城南片区棚户区改造B地块",
    "科创城起步区基础设施",
)
# Trouble of places besides that of headquarters.
COUNTY_TROUBLE: dict[str, float] = {
    "南岭": 1.7, "西坪": 1.6, "平湖": 1.3, "安澜": 1.3, "丰乐": 1.1, "高新区": 1.2, "兰台": 0.45, "东原": 0.5,
    "临溪": 0.8, "青川": 0.7,
}  # fmt: skip

SUSPENDED_DAYS: tuple[int, ...] = (28, 38, 46, 63, 85, 118)

# Planted trouble, by project name.
JUMP_NAME = "智能电梯及配件项目"
STALE_NAME = "丰乐航电枢纽船闸"
ESCALATED_NAMES: tuple[str, ...] = ("百户工业园标准厂房", "城南片区棚户区改造B地块")

SEVERE_SHARE = 17 / 166
WARN_SHARE = 38 / 166
