"""地块: one row per plot, with or without corner points in another file."""

import re
from collections.abc import Iterator

from core.domain.terms import ParcelStatus
from core.importers.tables.kinds.shared import COUNTY, REMARK, dates_in_order
from core.importers.tables.spec import FieldSpec, Finding, Reading, TableKind, Values

# GB/T 37346: 宗地代码 has 19 characters, 不动产单元号 9 more (docs/imports.md).
CADASTRAL_CODE = re.compile(r"\d{12}[GJZ][A-HSWXY]\d{5}(?:[FLQW]\d{8})?")
_LIKE_CADASTRAL = re.compile(r"\d{6}[0-9A-Z]{9,26}")


def _code_has_its_form(values: Values) -> Iterator[Finding]:
    """An office's own number may be anything; what begins as a cadastral code must be one."""
    code = str(values.get("code", "")).upper()
    if _LIKE_CADASTRAL.fullmatch(code) and not CADASTRAL_CODE.fullmatch(code):
        yield Finding("bad_parcel_code", "code", {"value": code})


PARCELS = TableKind(
    code="parcels",
    label="地块",
    sheet="地块",
    note="每宗地一行。坐标文件另行导入；没有坐标的地块进入台账和统计，不在地图上显示。",
    fields=(
        FieldSpec(
            "code",
            "地块编号",
            Reading.CODE,
            r"(?:宗地|地块)(?:代码|编[号码]|号)|不动产单元号?|^编号$",
            is_required=True,
            limit=32,
            width=30,
        ),
        FieldSpec(
            "name",
            "地块名称",
            Reading.NAME,
            r"^(?:地块|宗地)?名称$|^(?:地块|宗地)$",
            is_required=True,
            limit=200,
            width=24,
        ),
        COUNTY,
        FieldSpec("location", "坐落", Reading.NAME, r"坐落|位置|四至|地点|地址", limit=200, width=24),
        FieldSpec(
            "declared_area_sqm",
            "面积",
            Reading.AREA,
            r"^(?!.*(?:建筑|密度)).*面积",
            is_required=True,
            unit="亩",
        ),
        FieldSpec("use_code", "地类编码", Reading.CODE, r"(?:地类|用途)(?:编码|代码)", limit=32, width=12),
        FieldSpec("use_name", "规划用途", Reading.NAME, r"用途|用地性质|地类", limit=64),
        FieldSpec("plot_ratio", "容积率", Reading.NUMBER, r"容积率", width=10),
        FieldSpec("building_density_pct", "建筑密度", Reading.PERCENT, r"建筑密度|建筑系数", unit="%", width=10),
        FieldSpec("green_ratio_pct", "绿地率", Reading.PERCENT, r"绿地率|绿化率", unit="%", width=10),
        FieldSpec("approval_no", "批次批文号", Reading.NAME, r"批文|批次(?!日期|时间)|批准文号", limit=100, width=24),
        FieldSpec("approved_on", "批准日期", Reading.DAY, r"(?:批准|批复|批次)(?:日期|时间)"),
        FieldSpec("supply_method", "供应方式", Reading.NAME, r"(?:供应|供地|出让|取得)方式", limit=32),
        FieldSpec("supplied_on", "供应日期", Reading.DAY, r"(?:供应|供地|出让|成交|取得)(?:日期|时间)"),
        FieldSpec("contract_no", "出让合同号", Reading.NAME, r"合同(?:编?号)?", limit=100, width=24),
        FieldSpec(
            "start_due_on", "约定动工日期", Reading.LAST_DAY, r"(?:约定|应|规定|计划).{0,2}(?:动工|开工)|动工时限"
        ),
        FieldSpec("finish_due_on", "约定竣工日期", Reading.LAST_DAY, r"(?:约定|应|规定|计划).{0,2}竣工|竣工时限"),
        FieldSpec("started_on", "实际动工日期", Reading.DAY, r"实际.{0,2}(?:动工|开工)"),
        FieldSpec(
            "status",
            "地块状态",
            Reading.TERM,
            r"状态|现状|利用情况|(?:地块|宗地)类型|是否闲置",
            is_required=True,
            terms=ParcelStatus,
            words={
                "待供": ParcelStatus.PLANNED,
                "待供应": ParcelStatus.PLANNED,
                "待出让": ParcelStatus.PLANNED,
                "储备": ParcelStatus.PLANNED,
                "收储": ParcelStatus.PLANNED,
                "未落地": ParcelStatus.PLANNED,
                "已批未供": ParcelStatus.APPROVED_NOT_SUPPLIED,
                "供而未用": ParcelStatus.SUPPLIED_NOT_BUILT,
                "供而未动": ParcelStatus.SUPPLIED_NOT_BUILT,
                "已供未建": ParcelStatus.SUPPLIED_NOT_BUILT,
                "已供未用": ParcelStatus.SUPPLIED_NOT_BUILT,
                "闲置土地": ParcelStatus.IDLE_LAND,
                "低效用地": ParcelStatus.INEFFICIENT_LAND,
                "存量低效用地": ParcelStatus.INEFFICIENT_LAND,
                "已利用": ParcelStatus.IN_USE,
                "已使用": ParcelStatus.IN_USE,
                "在用": ParcelStatus.IN_USE,
                "已建": ParcelStatus.IN_USE,
                "在建": ParcelStatus.IN_USE,
            },
        ),
        FieldSpec("unused_reason", "未用原因", Reading.TEXT, r"原因", limit=400, width=24),
        FieldSpec("disposal_measure", "处置措施", Reading.TEXT, r"措施|处置(?:意见|方式|建议)", limit=400, width=24),
        FieldSpec("disposal_due_on", "处置时限", Reading.LAST_DAY, r"处置.*(?:时限|期限|时间|日期)|^时限$|完成时限"),
        FieldSpec(
            "intended_project",
            "拟落项目",
            Reading.NAME,
            r"拟.{0,2}(?:落|用|引|供).*|意向项目|项目名称",
            limit=200,
            width=24,
        ),
        FieldSpec("standard_terms", "标准地指标", Reading.TEXT, r"标准地|投资强度|亩均|控制指标", limit=400, width=24),
        REMARK,
    ),
    keys=(("code",),),
    anchors=("code", "name"),
    elsewhere=r"坐标|能耗|环境|单价|总价|用地单位|使用权人|受让",
    checks=(
        _code_has_its_form,
        dates_in_order(
            ("start_due_on", "约定动工日期", "finish_due_on", "约定竣工日期"),
            ("approved_on", "批准日期", "supplied_on", "供应日期"),
        ),
    ),
)
