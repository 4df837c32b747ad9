"""Words of OC4IDS 0.9 beside the words of the store; reading and writing use the same ones."""

from core.domain.terms import Stage

VERSION = "0.9"
CURRENCY = "CNY"
COUNTRY = "中国"
CANCELLED = "cancelled"
OWNER_ROLE = "buyer"
AUTHORITY_ROLE = "publicAuthority"
# Lists of the office that OC4IDS does not know, as additional classifications: scheme → attribute of the project.
SCHEMES = {
    "x_category": "category",
    "x_nature": "nature",
    "x_level": "level",
    "x_stage": "stage",
    "x_nationalCode": "national_code",
}

STATUS_OF_STAGE = {
    Stage.IDEA: "identification",
    Stage.RESERVE: "identification",
    Stage.PREPARATION: "preparation",
    Stage.CONSTRUCTION: "implementation",
    Stage.SUSPENDED: "implementation",
    Stage.COMPLETED: "completion",
    Stage.COMMISSIONED: "completed",
    Stage.FULL_CAPACITY: "completed",
    Stage.WITHDRAWN: "cancelled",
    Stage.TERMINATED: "cancelled",
    Stage.MERGED: "cancelled",
}
# The stage that a status means when the file does not say it more exactly.
STAGE_OF_STATUS = {
    "identification": Stage.RESERVE,
    "preparation": Stage.PREPARATION,
    "implementation": Stage.CONSTRUCTION,
    "completion": Stage.COMPLETED,
    "completed": Stage.COMMISSIONED,
    CANCELLED: Stage.TERMINATED,
}

SECTOR_OF_CATEGORY = {
    "交通": "transport",
    "能源": "energy",
    "水利": "waterAndWaste",
    "农林水": "waterAndWaste",
    "教育": "education",
    "卫生": "health",
    "医疗": "health",
    "文旅": "cultureSportsAndRecreation",
    "通信": "communications",
    "工业": "economy",
    "服务业": "economy",
}
TYPE_OF_NATURE = {
    "新建": "construction",
    "改建": "rehabilitation",
    "改建和技术改造": "rehabilitation",
    "迁建": "replacement",
}
