"""政策落实清单: one row per policy, how far it reached those it is for, how far it was honoured."""

from core.importers.tables.kinds.problems import STATUS
from core.importers.tables.kinds.shared import COUNTY, REMARK, part_within_whole
from core.importers.tables.spec import FieldSpec, Reading, TableKind

POLICIES = TableKind(
    code="policies",
    label="政策落实清单",
    sheet="政策落实清单",
    note="每项政策（条款）一行。送达率、兑现率由系统计算。",
    fields=(
        FieldSpec("code", "编号", Reading.CODE, r"^(?:政策|事项)?编[号码]$", limit=32),
        FieldSpec(
            "title",
            "政策名称",
            Reading.NAME,
            r"^(?:政策|文件|事项)(?:名称|标题|事项)?$|政策名称",
            is_required=True,
            limit=200,
            width=36,
        ),
        FieldSpec("document_no", "文号", Reading.NAME, r"文号", limit=100, width=22),
        FieldSpec("clause", "条款", Reading.TEXT, r"条款|政策内容|主要内容|政策要点", limit=20_000, width=36),
        FieldSpec("level", "层级", Reading.NAME, r"层级|级别", limit=32, width=10),
        COUNTY,
        FieldSpec("audience", "适用对象", Reading.TEXT, r"对象|适用范围|受益", limit=400, width=24),
        FieldSpec("conditions", "申报条件", Reading.TEXT, r"条件|申报要求", limit=20_000, width=30),
        FieldSpec("due_on", "落实时限", Reading.LAST_DAY, r"时限|期限|截止|有效期"),
        FieldSpec(
            "lead_unit", "牵头单位", Reading.NAME, r"(?:牵头|责任|主办|落实|主管)(?:单位|部门)", limit=200, width=18
        ),
        FieldSpec("delivery_channel", "送达渠道", Reading.NAME, r"渠道|送达方式|宣传方式", limit=200, width=18),
        FieldSpec("delivered_on", "送达日期", Reading.DAY, r"(?:送达|宣传)(?:日期|时间)"),
        FieldSpec(
            "target_count",
            "应享户数",
            Reading.COUNT,
            r"(?:应享|应送达|覆盖|符合条件|目标).*(?:户|家|企业)?数",
            width=10,
        ),
        FieldSpec("delivered_count", "送达户数", Reading.COUNT, r"(?:送达|知晓).*(?:户|家|企业)?数", width=10),
        FieldSpec("applied_count", "申请户数", Reading.COUNT, r"申(?:请|报).*(?:户|家|企业)?数", width=10),
        FieldSpec(
            "approved_yuan", "审核通过金额", Reading.MONEY, r"(?:审核|审定|核定|应兑现).*(?:金额|资金|额)", unit="万元"
        ),
        FieldSpec(
            "honoured_yuan", "兑现金额", Reading.MONEY, r"(?:兑现|发放|拨付|落实).*(?:金额|资金|额)", unit="万元"
        ),
        FieldSpec("honoured_count", "兑现户数", Reading.COUNT, r"(?:兑现|享受|发放).*(?:户|家|企业)?数", width=10),
        FieldSpec("unhonoured_reason", "未兑现原因", Reading.TEXT, r"原因", limit=400, width=24),
        FieldSpec("raised_on", "登记日期", Reading.DAY, r"(?:登记|印发|发文|出台|发布|收集)(?:日期|时间)"),
        FieldSpec("progress", "落实进展", Reading.TEXT, r"进展|落实情况|推进情况", limit=20_000, width=30),
        STATUS,
        REMARK,
    ),
    keys=(("code",), ("document_no", "title"), ("title",)),
    title="title",
    anchors=("title",),
    elsewhere=r"率$|联系|电话",
    checks=(
        part_within_whole(
            ("honoured_yuan", "兑现金额", "approved_yuan", "审核通过金额"),
            ("delivered_count", "送达户数", "target_count", "应享户数"),
            ("honoured_count", "兑现户数", "applied_count", "申请户数"),
        ),
    ),
)
