"""Header aliases that do not concern money. Order matters: the first pattern found wins.

Basis: public lists of key projects and district ledgers; the same word may stand in one cell or be split over
a merged parent and its child, so patterns are tried on the child first and then on parent + child.
"""

import re

from core.importers.columns.fields import Field

_START = r"(?=.*(?:开工|动工|开始建设))(?!.*(?:率|投资|累计|以来|是否|至今|手续|条件))"
_FINISH = r"(?=.*(?:竣工|完工|建成|完成时|交工))(?!.*(?:率|投资|累计|以来|是否|内容))"
_TIME = r"(?=.*(?:时间|日期|年月|年份|年度|时限|计划|实际|预计|^(?:拟?开工|竣工|完工)$))"
_ACTUAL = r"(?=.*(?:实际|已|截至))"

TEXT_ALIASES: tuple[tuple[Field, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern, re.IGNORECASE))
    for field, pattern in (
        (Field.SEQUENCE, r"^(?:序号|序次|序列|排序|总序号|分序号|no\.?)$"),
        (Field.STATISTICS_CODE, r"(?:统计|入统|入库|纳统).*(?:编码|代码|编号)"),
        (Field.NATIONAL_CODE, r"(?:项目|统一|国家|平台|赋码).{0,6}代码|^代码$|国家编码|赋码"),
        (Field.CODE, r"项目编[号码]|^编[号码]$"),
        (
            Field.NAME,
            r"^(?:项目|工程|名称|项目名|工程名|项目单位及名称|项目\(工程\)名称)$"
            r"|(?:项目|工程)名称$|^项目名称",
        ),
        (Field.PHONE, r"电话|手机|联系方式"),
        (Field.CONTACTS, r"联系人|联络员|联络人|经办人"),
        (Field.SPONSORS, r"领导(?!小组)|包保人|帮包人|包抓人|首席服务官|(?:市级|县级)责任人"),
        (Field.RESPONSIBLE_PERSONS, r"责任人|负责人|项目经理|项目管家|现场负责"),
        (Field.SERVICE_UNIT, r"(?:服务|帮办|代办|帮扶|包保|帮包|包联).*(?:单位|部门)"),
        (Field.SUPPORTING_UNIT, r"(?:配合|协办|协同|支持|参与).*(?:单位|部门)"),
        (Field.LEAD_UNIT, r"牵头(?:单位|部门)"),
        (Field.RESPONSIBLE_UNIT, r"(?:责任|主管|主责|监管|行业主管|管理)(?:单位|部门|主体)"),
        (Field.HEADQUARTERS, r"指挥部|专班|战区"),
        (
            Field.COUNTY,
            r"县区|区县|县市|市县|县\(?[市区]|所属(?:地|[县区])|隶属|属地|所在(?:[县区]|盟市|省辖)"
            r"|行政区|辖区|^(?:县|区|区域|地区|园区)$",
        ),
        (
            Field.OWNER,
            r"(?:建设|实施|项目|法人|承建|承办|申报|投资|业主)(?:\(法人\))?(?:单位|主体(?!类))(?<!投资主体)"
            r"|项目法人|项目业主|业主|投资方|投资商",
        ),
        (Field.INVESTOR, r"投资主体|投资类型|投资性质|资金性质"),
        (Field.LOCATION, r"(?:建设|项目|实施)(?:地点|地址|位置|地)|坐落|选址|所在地|^(?:地点|地址|位置)$"),
        (Field.IS_STARTED, r"是否.{0,2}(?:开工|动工)|开工(?:与否|情况)"),
        (Field.ENTERED_STATISTICS, r"(?:入统|入库|纳统).*(?:时间|日期|年月)"),
        (Field.IN_STATISTICS, r"是否.{0,2}(?:入统|入库|纳统)|^(?:入统|入库|纳统)(?:情况|与否)?$"),
        (Field.STARTED, rf"^{_START}{_ACTUAL}.*"),
        (Field.COMMISSIONED, r"^(?=.*实际)(?=.*投产).*"),
        (Field.COMPLETED, rf"^{_FINISH}{_ACTUAL}.*"),
        (Field.PERIOD, r"起止|建设(?:年限|周期|工期|期限|时限|期$)|计划工期|^(?:年限|工期)$"),
        (Field.START_PLANNED, rf"^{_START}{_TIME}.*"),
        (Field.FINISH_PLANNED, rf"^{_FINISH}{_TIME}.*"),
        (Field.COORDINATION, r"协调|需.{0,6}解决|请求事项"),
        (Field.PROBLEM, r"问题|困难|制约|难点|堵点"),
        (Field.MEASURES, r"措施|下一?步|工作打算|举措"),
        (
            Field.ANNUAL_GOAL,
            r"(?:年|全年|季度末).*(?:目标|任务|形象进度|建设内容|工作计划|工程进度|计划进度|进度)"
            r"|^(?:目标|工程|计划)(?:形象)?进度",
        ),
        (Field.PROGRESS, r"形象进度|进展|进度|推进情况|完成情况|工作动态"),
        (Field.YEAR_CLASS, r"年度类别|计划类别|年度性质|项目进度类"),
        (Field.STAGE, r"(?:建设|项目|工程|当前|目前)(?:阶段|状态)|^(?:阶段|状态)$"),
        (Field.NATURE, r"(?:建设|项目|工程)性质|^性质$"),
        (Field.LEVEL, r"级别|层级|重点等级"),
        (Field.CATEGORY, r"行业|产业类|项目(?:类别|类型|分类|大类|领域)|领域|^(?:类别|分类|类型|板块|产业)$"),
        (Field.CONTENT, r"建设(?:规模|内容|任务)|主要内容|项目(?:内容|简介|概况)|规模及|^(?:内容|规模)$"),
        (Field.LAND_AREA, r"(?:用地|占地|土地)(?:总)?(?:面积|规模)|^(?:用地|占地)$"),
        (Field.REMARK, r"备注|^说明$"),
        (
            Field.ELSEWHERE,
            r"红黄绿|旗|亮灯|预警|评价|立项|审批|核准|备案|规划|用地|环评|能评|施工许可|手续|林地|水保"
            r"|安评|稳评|招标|合同|开户|季度|批复",
        ),
    )
)  # fmt: skip


def text_field(words: str) -> Field | None:
    """Return the meaning of *words* (unit already taken out), money aside."""
    return next((field for field, pattern in TEXT_ALIASES if pattern.search(words)), None) if words else None
