"""Headquarters of the demo city: code, name, short name, lead bureau, and how well they keep pace."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadquartersRow:
    """
    One headquarters.

    Attributes:
        code: Stable code.
        name: Full name.
        short_name: Name on the wall.
        bureau: Unit that leads it.
        trouble: How likely its projects lag: 1 = as the city, 0 = never.
        lead_pp: How far its untroubled projects are ahead by the end of the year, pp (negative = behind).
    """

    code: str
    name: str
    short_name: str
    bureau: str
    trouble: float
    lead_pp: float


HEADQUARTERS: tuple[HeadquartersRow, ...] = (
    HeadquartersRow("GT", "高铁新城建设指挥部", "高铁新城", "市住房城乡建设局", 0.3, 10.0),
    HeadquartersRow("ST", "生态水城建设指挥部", "生态水城", "市生态环境局", 0.4, 9.0),
    HeadquartersRow("JG", "精品钢基地建设指挥部", "精品钢基地", "市经济和信息化局", 0.5, 6.0),
    HeadquartersRow("JT", "综合交通枢纽建设指挥部", "综合交通枢纽", "市交通运输局", 1.0, -1.5),
    HeadquartersRow("LG", "国际陆港建设指挥部", "国际陆港", "市商务局", 1.6, -2.0),
    HeadquartersRow("PG", "棚户区改造指挥部", "棚户区改造", "市住房城乡建设局", 2.4, -3.0),
    HeadquartersRow("KC", "科创城建设指挥部", "科创城", "市科学技术局", 2.8, -4.0),
    HeadquartersRow("HD", "河道综合治理指挥部", "河道治理", "市水务局", 1.5, -2.0),
    HeadquartersRow("CF", "标准厂房建设指挥部", "标准厂房", "市投资促进局", 1.3, -1.0),
    HeadquartersRow("YS", "城乡饮水安全指挥部", "饮水安全", "市水务局", 0.8, 0.0),
    HeadquartersRow("JY", "教育提升工程指挥部", "教育提升", "市教育局", 0.6, 5.0),
    HeadquartersRow("YL", "医疗卫生补短板指挥部", "医疗卫生", "市卫生健康委员会", 0.9, 0.0),
    HeadquartersRow("SZ", "数字经济发展指挥部", "数字经济", "市数据局", 0.7, 1.5),
    HeadquartersRow("WL", "文化旅游融合指挥部", "文化旅游", "市文化广电旅游局", 1.5, -2.0),
    HeadquartersRow("XN", "新能源产业发展指挥部", "新能源", "市能源局", 0.6, -1.5),
    HeadquartersRow("XC", "乡村振兴指挥部", "乡村振兴", "市农业农村局", 0.9, 0.0),
    HeadquartersRow("ZB", "装备制造产业指挥部", "装备制造", "市经济和信息化局", 0.7, 0.0),
    HeadquartersRow("HG", "绿色化工新材料指挥部", "化工新材料", "市应急管理局", 1.2, 0.0),
    HeadquartersRow("SM", "商贸物流提升指挥部", "商贸物流", "市商务局", 1.0, -1.0),
    HeadquartersRow("CS", "城市更新与市政指挥部", "城市更新", "市城市管理局", 1.2, -1.0),
)
