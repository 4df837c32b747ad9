"""Charters of the demo city's headquarters and how their people are called; everything in it is invented."""

# The one that is still being set up.
YOUNG = "SZ"
YOUNG_DAYS = 24
# Steps of the young one: code → days ago it was done; what is missing here is open, and what was due is overdue.
YOUNG_DONE = {"commander": 22, "deputy": 21, "liaison": 19, "projects": 12}

MISSION = "统筹{short}领域重大项目的策划包装、向上争取、要素保障和建设推进，协调解决跨县区、跨部门问题。"
AREA = "全市{short}领域重大项目"
GOALS = "年度投资完成率不低于序时进度\n新开工项目三月底前全部具备开工条件\n问题按期回复率不低于 95%"
OFFICES = ("市民中心 B 座 {floor} 层", "{bureau} {floor} 楼会议室")

SECONDED: tuple[str, ...] = (
    "安子衿", "柏青", "岑一帆", "戴天佑", "段云舒", "樊知秋", "甘雨农", "耿介", "管仲平", "韩松涛", "何向阳", "洪波",
    "纪晓川", "金若溪", "柯景行", "蓝海生", "雷鸣远", "凌霄", "陆知行", "骆冰", "毛致远", "穆清", "聂怀远", "欧阳澈",
)  # fmt: skip
# Reports: every headquarters monthly, the first ones weekly as well.
MONTHLY_WORKDAYS = 3
WEEKLY_WORKDAYS = 1
WEEKLY = ("PG", "KC")
WEEKS = 6
# Those that owe their last monthly report.
OWING = ("PG", "WL")
