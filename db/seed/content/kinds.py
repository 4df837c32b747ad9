"""Kinds of projects: category, money, land, milestones and wording."""

from dataclasses import dataclass

from core.domain.terms import FundingSource

# (name, place, is key): place < 0 = months before the start, 0..1 = share of the building time, > 1 = months after + 1.
Node = tuple[str, float, bool]
Mix = tuple[tuple[FundingSource, int], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of project.

    Attributes:
        category: Industry class shown and summed.
        investor: Who invests (投资主体).
        months: Usual building time.
        nodes: Milestones in order.
        funding: Sources and their shares in per cent, 100 together.
        use: Land-use code and name; None = the project takes no plot.
        content: Wording of the scope; ``{size}`` is filled from the investment.
        works: What is under way at about 20, 50 and 80 per cent.
    """

    category: str
    investor: str
    months: int
    nodes: tuple[Node, ...]
    funding: Mix
    use: tuple[str, str] | None
    content: str
    works: tuple[str, str, str]


_BOND: Mix = (
    (FundingSource.SPECIAL_BOND, 40),
    (FundingSource.BANK_LOAN, 35),
    (FundingSource.LOCAL_FISCAL, 25),
)
_PUBLIC: Mix = (
    (FundingSource.CENTRAL_BUDGET, 30),
    (FundingSource.SPECIAL_BOND, 40),
    (FundingSource.LOCAL_FISCAL, 30),
)
_ENTERPRISE: Mix = ((FundingSource.ENTERPRISE, 55), (FundingSource.BANK_LOAN, 45))
_SOCIAL: Mix = (
    (FundingSource.ENTERPRISE, 40),
    (FundingSource.SOCIAL_CAPITAL, 25),
    (FundingSource.BANK_LOAN, 35),
)
_TREASURY: Mix = (
    (FundingSource.SPECIAL_TREASURY, 35),
    (FundingSource.CENTRAL_BUDGET, 25),
    (FundingSource.LOCAL_FISCAL, 40),
)

_APPROVALS: tuple[Node, ...] = (("可研批复", -10, False), ("用地批复", -5, True), ("施工许可", -1, False))
_BUILDING: tuple[Node, ...] = (
    *_APPROVALS,
    ("桩基完成", 0.18, True),
    ("主体封顶", 0.52, True),
    ("机电安装", 0.76, False),
    ("竣工验收", 1.0, True),
    ("交付使用", 1.06, False),
)
_PLANT: tuple[Node, ...] = (
    ("备案及环评批复", -9, False),
    ("标准地出让", -5, True),
    ("施工许可", -1, False),
    ("厂房基础完成", 0.16, False),
    ("厂房主体完工", 0.45, True),
    ("设备进场", 0.62, True),
    ("设备安装调试", 0.86, False),
    ("竣工验收", 1.0, True),
    ("投产", 1.1, True),
)
_ROAD: tuple[Node, ...] = (
    ("可研批复", -12, False),
    ("用地批复", -6, True),
    ("征地拆迁完成", 0.15, True),
    ("路基贯通", 0.38, True),
    ("桥梁合龙", 0.6, True),
    ("路面摊铺", 0.84, False),
    ("交工验收", 1.0, True),
    ("通车试运营", 1.06, False),
)
_WATERWORKS: tuple[Node, ...] = (
    ("初步设计批复", -6, False),
    ("征地移民完成", 0.1, True),
    ("导截流完成", 0.28, False),
    ("堤防主体完工", 0.58, True),
    ("护岸及绿化", 0.82, False),
    ("合同完工验收", 1.0, True),
    ("竣工验收", 1.1, False),
)
_PIPES: tuple[Node, ...] = (
    ("可研批复", -8, False),
    ("初步设计批复", -4, False),
    ("主管道铺设过半", 0.4, True),
    ("厂站主体完工", 0.62, True),
    ("管网贯通", 0.85, True),
    ("通水试运行", 0.95, False),
    ("竣工验收", 1.0, True),
)
_HOUSING: tuple[Node, ...] = (
    ("征收决定公告", -8, False),
    ("房屋征收签约完成", 0.05, True),
    ("桩基完成", 0.22, False),
    ("主体封顶", 0.55, True),
    ("二次结构及外立面", 0.74, False),
    ("室外配套", 0.9, False),
    ("竣工验收", 1.0, True),
    ("分房入住", 1.1, False),
)
_ENERGY: tuple[Node, ...] = (
    ("核准批复", -9, False),
    ("接入系统批复", -4, True),
    ("基础施工完成", 0.25, False),
    ("主设备到场", 0.5, True),
    ("送出线路贯通", 0.75, True),
    ("首次并网", 0.92, True),
    ("竣工验收", 1.0, True),
    ("全容量投运", 1.06, False),
)
_FARM: tuple[Node, ...] = (
    ("实施方案批复", -5, False),
    ("土地流转完成", -1, True),
    ("田间基础设施完成", 0.4, False),
    ("主体设施完工", 0.7, True),
    ("设备安装", 0.85, False),
    ("竣工验收", 1.0, True),
    ("投产", 1.1, True),
)

KINDS: dict[str, Kind] = {
    "district": Kind(
        "城建", "政府投资", 34, _BUILDING, _BOND, ("0901", "商业服务业用地"),
        "总建筑面积约{size}万平方米，含地下空间及配套市政设施。",
        ("基坑支护及桩基施工", "主体结构施工", "幕墙、机电安装及精装修"),
    ),
    "municipal": Kind(
        "城建", "政府投资", 22, _PIPES, _PUBLIC, None,
        "新建改造管网约{size}公里及配套厂站设施。",
        ("管沟开挖与管道敷设", "主管网铺设过半、厂站主体施工", "管网联通与路面恢复"),
    ),
    "road": Kind(
        "交通", "政府投资", 36, _ROAD, _BOND, None,
        "新建改建道路约{size}公里，含桥涵、交安及绿化工程。",
        ("征地拆迁与路基土石方", "桥涵下部结构及路基填筑", "路面摊铺与交安设施"),
    ),
    "rail": Kind(
        "交通", "政府投资", 32, _ROAD, _TREASURY, None,
        "正线及到发线约{size}公里，含站场改造、电气化与信号工程。",
        ("路基及站场土建", "桥梁架设与轨道铺设", "四电工程与联调联试"),
    ),
    "energy": Kind(
        "能源", "企业投资", 26, _ENERGY, _ENTERPRISE, ("1303", "供电用地"),
        "新建主体机组及送出工程，设计年供能约{size}亿千瓦时。",
        ("场平与基础施工", "主设备安装", "送出线路与并网调试"),
    ),
    "housing": Kind(
        "城建", "政府投资", 30, _HOUSING, _BOND, ("0701", "城镇住宅用地"),
        "新建改造住房约{size}万平方米，配套水电气路及公共服务设施。",
        ("征收签约与场地清表", "主体结构施工", "外立面、室外配套施工"),
    ),
    "park": Kind(
        "生态环保", "政府投资", 18, _WATERWORKS, _PUBLIC, ("1401", "公园绿地"),
        "生态修复与景观提升约{size}公顷，含慢行系统及服务设施。",
        ("清淤整形与土方", "水系连通与园建施工", "绿化栽植与设施安装"),
    ),
    "river": Kind(
        "水利", "政府投资", 26, _WATERWORKS, _TREASURY, None,
        "综合治理河道约{size}公里，新建加固堤防，配套闸站与信息化。",
        ("征地移民与导截流", "堤防填筑与护岸", "闸站安装与绿化"),
    ),
    "steel": Kind(
        "工业", "企业投资", 34, _PLANT, _ENTERPRISE, ("1001", "工业用地"),
        "建设主轧线、公辅及环保设施，达产后年增产能约{size}万吨。",
        ("桩基与设备基础", "主厂房钢结构吊装", "主体设备安装与单机试车"),
    ),
    "plant": Kind(
        "工业", "企业投资", 26, _PLANT, _ENTERPRISE, ("1001", "工业用地"),
        "新建厂房及公辅设施，购置智能化产线，达产后年产值约{size}亿元。",
        ("场平及厂房基础", "厂房主体及屋面", "设备安装与试生产"),
    ),
    "logistics": Kind(
        "服务业", "企业投资", 24, _BUILDING, _SOCIAL, ("1101", "物流仓储用地"),
        "新建仓储、分拣及配套用房约{size}万平方米，配套场站道路。",
        ("场平与地基处理", "仓库主体及钢屋面", "消防、月台及信息系统安装"),
    ),
    "workshop": Kind(
        "工业", "政府投资", 22, _BUILDING, _BOND, ("1001", "工业用地"),
        "新建多层标准厂房约{size}万平方米，配套道路、管网与变配电。",
        ("基础施工", "主体结构施工", "安装及室外管网"),
    ),
    "water": Kind(
        "水利", "政府投资", 24, _PIPES, _TREASURY, None,
        "新建取水、净水及输配水管网约{size}公里，改善供水保障。",
        ("管沟开挖与取水口施工", "净水厂主体与管道铺设", "设备调试与管网冲洗"),
    ),
    "school": Kind(
        "社会事业", "政府投资", 22, _BUILDING, _PUBLIC, ("0804", "教育用地"),
        "新建教学及配套用房约{size}万平方米，新增学位。",
        ("基础施工", "教学楼主体施工", "装饰装修与运动场"),
    ),
    "hospital": Kind(
        "社会事业", "政府投资", 28, _BUILDING, _BOND, ("0806", "医疗卫生用地"),
        "新建门诊、医技及住院用房约{size}万平方米，配置医疗设备。",
        ("桩基与地下室", "主体结构施工", "净化工程与医疗设备安装"),
    ),
    "datacenter": Kind(
        "新型基础设施", "企业投资", 20, _BUILDING, _ENTERPRISE, ("1001", "工业用地"),
        "建设机房及配套，首期部署机柜与算力设备，投资强度约{size}亿元。",
        ("机房基础施工", "机房主体与变配电", "机电及算力设备上架"),
    ),
    "tourism": Kind(
        "服务业", "社会投资", 28, _BUILDING, _SOCIAL, ("0901", "商业服务业用地"),
        "建设游客服务、商业街区及配套约{size}万平方米。",
        ("场地整治与基础", "建筑主体与景观", "装饰布展与试运营筹备"),
    ),
    "farm": Kind(
        "农业农村", "企业投资", 16, _FARM, _SOCIAL, None,
        "建设种养、加工及冷链设施，辐射带动面积约{size}千亩。",
        ("田间道路与水利", "设施主体施工", "设备安装与试种试养"),
    ),
}  # fmt: skip
