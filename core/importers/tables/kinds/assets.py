"""三资一本账: six kinds of resources, five of assets, two of funds; one row per item."""

from collections.abc import Iterator

from core.domain.terms import AssetCategory, AssetStatus, DisposalMethod
from core.importers.sheet_rows import show_yuan
from core.importers.tables.kinds.shared import COUNTY, REMARK, dates_in_order
from core.importers.tables.spec import FieldSpec, Finding, Reading, TableKind, Values


def _net_within_original(values: Values) -> Iterator[Finding]:
    """Depreciation only takes away: 净值 ≤ 原值."""
    net, original = values.get("net_book_value_yuan"), values.get("original_book_value_yuan")
    if net is not None and original is not None and net > original:
        yield Finding(
            "net_over_original", "net_book_value_yuan", {"net": show_yuan(net), "original": show_yuan(original)}
        )


_CATEGORY_WORDS = {
    "矿产": AssetCategory.MINERAL_RESOURCE,
    "林业": AssetCategory.FOREST_RESOURCE,
    "林地": AssetCategory.FOREST_RESOURCE,
    "森林资源": AssetCategory.FOREST_RESOURCE,
    "水利": AssetCategory.WATER_RESOURCE,
    "水资源": AssetCategory.WATER_RESOURCE,
    "能源": AssetCategory.ENERGY_RESOURCE,
    "土地": AssetCategory.LAND_RESOURCE,
    "数据": AssetCategory.DATA_RESOURCE,
    "实物": AssetCategory.PHYSICAL_ASSET,
    "房产": AssetCategory.PHYSICAL_ASSET,
    "房屋": AssetCategory.PHYSICAL_ASSET,
    "不动产": AssetCategory.PHYSICAL_ASSET,
    "设备": AssetCategory.PHYSICAL_ASSET,
    "车辆": AssetCategory.PHYSICAL_ASSET,
    "债权": AssetCategory.CLAIM_ASSET,
    "股权": AssetCategory.EQUITY_ASSET,
    "特许经营": AssetCategory.FRANCHISE_ASSET,
    "特许经营权资产": AssetCategory.FRANCHISE_ASSET,
    "未来收益": AssetCategory.FUTURE_INCOME_ASSET,
    "收益权": AssetCategory.FUTURE_INCOME_ASSET,
    "未来收益权资产": AssetCategory.FUTURE_INCOME_ASSET,
    "沉淀资金": AssetCategory.IDLE_FUND,
}
_METHOD_WORDS = {
    "用": DisposalMethod.USE,
    "内部挖潜": DisposalMethod.USE,
    "调剂使用": DisposalMethod.USE,
    "售": DisposalMethod.SELL,
    "转让": DisposalMethod.SELL,
    "拍卖": DisposalMethod.SELL,
    "处置变现": DisposalMethod.SELL,
    "租": DisposalMethod.LEASE,
    "租赁": DisposalMethod.LEASE,
    "融": DisposalMethod.FINANCE,
    "证券化": DisposalMethod.FINANCE,
    "授": DisposalMethod.FRANCHISE,
    "授权经营": DisposalMethod.FRANCHISE,
    "特许": DisposalMethod.FRANCHISE,
    "无偿划转": DisposalMethod.TRANSFER,
    "公益": DisposalMethod.PUBLIC_USE,
    "报废": DisposalMethod.WRITE_OFF,
}

ASSETS = TableKind(
    code="assets",
    label="三资台账",
    sheet="三资台账",
    note="国有资源、资产、资金一本账，每宗一行。没有编号的由系统编号；净值不应大于原值。",
    fields=(
        FieldSpec("code", "编号", Reading.CODE, r"^(?:资产|资源|卡片)?编[号码]$", limit=32),
        FieldSpec(
            "name",
            "名称",
            Reading.NAME,
            r"^(?:资产|资源|资金|三资|标的)(?:\(?资源\)?)?(?:名称|项目)?$",
            is_required=True,
            limit=200,
            width=28,
        ),
        FieldSpec(
            "category",
            "类别",
            Reading.TERM,
            r"^(?:资产|资源|三资)?(?:类别|大类|分类)$",
            is_required=True,
            terms=AssetCategory,
            words=_CATEGORY_WORDS,
        ),
        FieldSpec("kind", "具体类型", Reading.NAME, r"(?:具体|资产)类型|^(?:类型|细类|小类)$", limit=64),
        COUNTY,
        FieldSpec(
            "holder_unit",
            "权属单位",
            Reading.NAME,
            r"(?:权属|产权|占有|使用|管理|持有|资产)单位|权利人|^单位(?:名称)?$",
            limit=200,
            width=20,
        ),
        FieldSpec("location", "坐落", Reading.NAME, r"坐落|位置|地点|地址", limit=400, width=24),
        FieldSpec("area_sqm", "面积", Reading.AREA, r"面积", unit="平方米"),
        FieldSpec(
            "title_no",
            "权属证号",
            Reading.NAME,
            r"证号|产权证|不动产权|权属(?:及证号|证明|情况|证)",
            limit=200,
            width=22,
        ),
        FieldSpec("acquired_on", "取得时间", Reading.DAY, r"(?:取得|购置|入账)(?:时间|日期)"),
        FieldSpec("original_book_value_yuan", "账面原值", Reading.MONEY, r"原值", unit="万元"),
        FieldSpec("net_book_value_yuan", "账面净值", Reading.MONEY, r"净值", unit="万元"),
        FieldSpec("appraised_value_yuan", "评估值", Reading.MONEY, r"评估(?:值|价|价值|金额)", unit="万元"),
        FieldSpec("appraised_on", "评估基准日", Reading.DAY, r"评估?(?:基准日|时间|日期)|基准日"),
        FieldSpec(
            "status",
            "现状",
            Reading.TERM,
            r"现状|(?:使用|资产|利用)(?:状态|状况|情况)|^状态$",
            is_required=True,
            terms=AssetStatus,
            words={
                "自用": AssetStatus.IN_USE,
                "使用中": AssetStatus.IN_USE,
                "正常使用": AssetStatus.IN_USE,
                "空置": AssetStatus.IDLE,
                "低效使用": AssetStatus.INEFFICIENT,
                "低效利用": AssetStatus.INEFFICIENT,
                "已出租": AssetStatus.LEASED,
                "租赁": AssetStatus.LEASED,
                "已出借": AssetStatus.LENT,
                "借用": AssetStatus.LENT,
                "已盘活": AssetStatus.DISPOSED,
            },
            width=10,
        ),
        FieldSpec(
            "disposal_method",
            "盘活方式",
            Reading.TERM,
            r"(?:盘活|处置|利用)(?:方式|途径)",
            terms=DisposalMethod,
            words=_METHOD_WORDS,
        ),
        FieldSpec("disposal_measure", "盘活措施", Reading.TEXT, r"措施", limit=1000, width=28),
        FieldSpec(
            "disposal_due_on",
            "计划完成时间",
            Reading.LAST_DAY,
            r"(?:计划|拟)?(?:盘活|处置)?(?:完成)?(?:时限|期限)|计划.*(?:时间|日期)|完成时间",
        ),
        FieldSpec(
            "responsible_unit", "责任单位", Reading.NAME, r"(?:责任|牵头|主管)(?:单位|部门)", limit=200, width=20
        ),
        FieldSpec("revitalized_yuan", "盘活金额", Reading.MONEY, r"盘活(?:金额|资金|价值|额)", unit="万元"),
        FieldSpec("received_yuan", "盘活收入", Reading.MONEY, r"(?:盘活|处置)?(?:收入|收益)|到账", unit="万元"),
        FieldSpec("problem", "存在问题", Reading.TEXT, r"问题", limit=1000, width=24),
        REMARK,
    ),
    keys=(("code",), ("name", "holder_unit"), ("name", "county")),
    anchors=("name",),
    elsewhere=r"率$|折旧|联系|电话",
    checks=(_net_within_original, dates_in_order(("acquired_on", "取得时间", "appraised_on", "评估基准日"))),
)
