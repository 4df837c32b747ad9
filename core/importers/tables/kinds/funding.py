"""向上争资: one row per request, from what was asked for to what was spent."""

from core.domain.terms import FundingCategory
from core.importers.tables.kinds.shared import COUNTY, REMARK, dates_in_order, part_within_whole
from core.importers.tables.spec import FieldSpec, Reading, TableKind

FUNDING = TableKind(
    code="funding",
    label="向上争资",
    sheet="向上争资",
    note="每笔争取资金一行。下达以文件为准，到账以凭证为准；两者分列，不互相代替。",
    fields=(
        FieldSpec("code", "编号", Reading.CODE, r"^(?:资金|争资|申报)?编[号码]$", limit=32),
        FieldSpec(
            "name",
            "资金名称",
            Reading.NAME,
            r"^(?:争取|申报)?(?:项目|资金)(?:\(资金\)|[/、]资金|\(项目\)|[/、]项目)?(?:名称)?$|资金名称",
            is_required=True,
            limit=200,
            width=32,
        ),
        FieldSpec(
            "category",
            "类别",
            Reading.TERM,
            r"(?:资金)?(?:类别|类型|性质|渠道)$",
            is_required=True,
            terms=FundingCategory,
            words={
                "中央预算内": FundingCategory.CENTRAL_BUDGET,
                "中央预算内资金": FundingCategory.CENTRAL_BUDGET,
                "特别国债": FundingCategory.SPECIAL_TREASURY,
                "专项债券": FundingCategory.SPECIAL_BOND,
                "地方政府专项债券": FundingCategory.SPECIAL_BOND,
                "一般性转移支付": FundingCategory.GENERAL_TRANSFER,
                "专项资金": FundingCategory.SPECIAL_TRANSFER,
                "政府性基金补助": FundingCategory.GOVERNMENT_FUND,
            },
            width=18,
        ),
        COUNTY,
        FieldSpec(
            "project_code", "关联项目编号", Reading.CODE, r"(?:关联|对应)项目(?:编号|代码)|项目编[号码]", limit=32
        ),
        FieldSpec("project_name", "关联项目", Reading.NAME, r"(?:关联|对应|依托)项目(?:名称)?$", limit=200, width=24),
        FieldSpec(
            "higher_authority", "对口上级", Reading.NAME, r"(?:对口|上级)(?:上级|部门|单位)?", limit=200, width=18
        ),
        FieldSpec(
            "responsible_unit",
            "责任单位",
            Reading.NAME,
            r"(?:责任|申报|牵头|争取|主管)(?:单位|部门)",
            limit=200,
            width=18,
        ),
        FieldSpec("requested_yuan", "申报额", Reading.MONEY, r"(?:申报|申请|争取)(?:金额|资金额?|额|数)$", unit="万元"),
        FieldSpec("requested_on", "申报时间", Reading.DAY, r"(?:申报|申请)(?:时间|日期)"),
        FieldSpec("grant_document_no", "下达文号", Reading.NAME, r"文号|下达文件", limit=200, width=24),
        FieldSpec("granted_on", "下达时间", Reading.DAY, r"下达(?:时间|日期)"),
        FieldSpec("granted_yuan", "下达金额", Reading.MONEY, r"下达(?:金额|资金|额)|批复金额", unit="万元"),
        FieldSpec("received_on", "到账时间", Reading.DAY, r"到[账帐位](?:时间|日期)"),
        FieldSpec("received_yuan", "到账金额", Reading.MONEY, r"到[账帐位](?:金额|资金|额)", unit="万元"),
        FieldSpec("spent_yuan", "支出金额", Reading.MONEY, r"支出|支付|使用金额", unit="万元"),
        FieldSpec("is_competitive", "是否竞争性", Reading.YES_NO, r"竞争", width=12),
        FieldSpec("verdict", "认定意见", Reading.TEXT, r"认定|意见", limit=20_000, width=24),
        REMARK,
    ),
    keys=(("code",), ("name", "requested_on"), ("name", "county")),
    elsewhere=r"率$|联系|电话|进展",
    checks=(
        part_within_whole(
            ("received_yuan", "到账金额", "granted_yuan", "下达金额"),
            ("spent_yuan", "支出金额", "received_yuan", "到账金额"),
        ),
        dates_in_order(
            ("requested_on", "申报时间", "granted_on", "下达时间"),
            ("granted_on", "下达时间", "received_on", "到账时间"),
        ),
    ),
)
