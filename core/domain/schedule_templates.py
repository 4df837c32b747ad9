"""Templates of backward schedules (倒排工期模板): tasks by type of project, as data that an office edits and keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.backward_network import Link, LinkKind, Task, check_network, parse_links
from core.domain.errors import Invalid, Problem

KIND = "schedule_template"
SAMPLE = "示例，可修改"
MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class ScheduleTemplate:
    """
    Tasks of one type of project.

    Attributes:
        number: Stored version; 0 = shipped with the product.
        note: Where the durations come from.
    """

    code: str
    name: str
    tasks: tuple[Task, ...]
    number: int = 0
    note: str = SAMPLE

    @property
    def label(self) -> str:
        """The template as it is offered."""
        version = SAMPLE if self.number == 0 else f"第{self.number}版"
        return f"{self.name}（{len(self.tasks)} 项 · {version}）"


def links_to_rows(links: Iterable[Link]) -> list[dict[str, Any]]:
    """Return links as they are stored."""
    return [{"code": link.predecessor, "kind": link.kind.value, "amount": link.amount} for link in links]


def links_from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Link, ...]:
    """Return stored links."""
    return tuple(Link(str(row["code"]), LinkKind(row["kind"]), int(row["amount"])) for row in rows)


def template_to_dict(template: ScheduleTemplate) -> dict[str, Any]:
    """Return *template* as it is stored; its version number is kept beside it."""
    tasks = [
        {
            "code": task.code,
            "name": task.name,
            "duration_days": task.duration_days,
            "links": links_to_rows(task.links),
            "is_key": task.is_key,
            "responsible": task.responsible,
        }
        for task in template.tasks
    ]
    return {"code": template.code, "name": template.name, "note": template.note, "tasks": tasks}


def template_from_dict(row: Mapping[str, Any], number: int) -> ScheduleTemplate:
    """Return a stored template."""
    tasks = tuple(
        Task(
            code=item["code"],
            name=item["name"],
            duration_days=item["duration_days"],
            links=links_from_rows(item["links"]),
            is_key=item["is_key"],
            responsible=item["responsible"],
        )
        for item in row["tasks"]
    )
    return ScheduleTemplate(row["code"], row["name"], tasks, number, row["note"])


def check_template(template: ScheduleTemplate) -> ScheduleTemplate:
    """
    Return *template* without dates, which belong to a project.

    Raises:
        Invalid: Its tasks form no network, or it has no name; every problem named.
    """
    problems = check_network(template.tasks)
    if not 1 <= len(template.name.strip()) <= MAX_TITLE:
        problems.append(Problem("name", "name", f"模板名称请填 1 至 {MAX_TITLE} 个字。"))
    if problems:
        raise Invalid(problems)
    bare = tuple(replace(task, earliest_on=None, must_finish_on=None, done_on=None) for task in template.tasks)
    return replace(template, name=template.name.strip(), tasks=bare)


def _shipped(code: str, name: str, rows: Sequence[tuple[str, int, str, bool, str]]) -> ScheduleTemplate:
    """Build a shipped template; rows are name, working days, predecessors by number, key node, who answers for it."""
    tasks = []
    for number, (task, days, before, is_key, who) in enumerate(rows, start=1):
        links = parse_links(before)
        if links is None:
            raise ValueError(f"{code}: {before}")
        tasks.append(Task(str(number), task, days, links, is_key, who))
    return ScheduleTemplate(code, name, tuple(tasks))


_OWNER, _BUREAU, _BUILDER, _SITE = "项目单位", "主管部门", "施工单位", "属地政府"

SHIPPED: tuple[ScheduleTemplate, ...] = (
    _shipped(
        "industry",
        "产业（工业）项目",
        (
            ("项目备案、选址意见", 10, "", False, _OWNER),
            ("供地（土地招拍挂及合同签订）", 45, "1", True, "自然资源部门"),
            ("环评、能评审批", 40, "1", False, _OWNER),
            ("方案及施工图设计", 45, "1", False, _OWNER),
            ("施工图审查、规划许可", 20, "2、4", False, _OWNER),
            ("施工招标及合同签订", 25, "4压80%", False, _OWNER),
            ("施工许可", 8, "3、5、6", True, _BUREAU),
            ("场地平整、临建", 20, "6", False, _BUILDER),
            ("桩基及基础施工", 45, "7、8压60%", True, _BUILDER),
            ("主体结构（厂房）", 80, "9压60%", True, _BUILDER),
            ("屋面及围护", 40, "10压70%", False, _BUILDER),
            ("设备采购", 90, "7", False, _OWNER),
            ("设备安装", 45, "11压50%、12", True, _OWNER),
            ("水电气及室外配套", 45, "10压50%", False, _BUILDER),
            ("消防、环保等专项验收", 20, "13、14", False, _OWNER),
            ("调试、试生产", 30, "13压80%、14", True, _OWNER),
            ("竣工验收、投产", 10, "15、16", True, _OWNER),
        ),
    ),
    _shipped(
        "building",
        "房建、公共建筑",
        (
            ("立项、可研批复", 25, "", True, _OWNER),
            ("用地、规划许可", 30, "1", False, "自然资源部门"),
            ("初步设计及概算批复", 30, "1", False, _OWNER),
            ("施工图设计及审查", 40, "3", False, _OWNER),
            ("施工招标及合同签订", 30, "4压70%", False, _OWNER),
            ("施工许可", 8, "2、4、5", True, _BUREAU),
            ("基坑支护、土方", 40, "6", False, _BUILDER),
            ("桩基及地下结构", 60, "7压50%", True, _BUILDER),
            ("主体结构封顶", 120, "8", True, _BUILDER),
            ("二次结构、砌筑", 70, "9压50%", False, _BUILDER),
            ("机电安装", 110, "9压60%", False, _BUILDER),
            ("外立面、幕墙", 70, "9压80%", False, _BUILDER),
            ("室内装修", 90, "10压60%、11压40%", False, _BUILDER),
            ("室外工程、绿化", 50, "12压60%", False, _BUILDER),
            ("专项验收（消防、人防、节能）", 25, "11、13、14压80%", False, _OWNER),
            ("竣工验收、交付", 15, "14、15", True, _OWNER),
        ),
    ),
    _shipped(
        "road",
        "市政道路",
        (
            ("可研、初步设计批复", 40, "", False, _OWNER),
            ("施工图设计及审查", 30, "1", False, _OWNER),
            ("征地拆迁、管线迁改", 60, "1", True, _SITE),
            ("施工招标及合同签订", 28, "2压70%", False, _OWNER),
            ("施工许可、进场", 10, "2、4", True, _BUREAU),
            ("清表、路基土石方", 50, "3压70%、5", True, _BUILDER),
            ("雨污水及综合管线", 55, "6压40%", False, _BUILDER),
            ("桥涵结构", 80, "5、3压80%", True, _BUILDER),
            ("水稳基层", 30, "6、7压70%", False, _BUILDER),
            ("沥青面层", 18, "8、9压60%", True, _BUILDER),
            ("人行道、绿化、照明", 35, "9压50%", False, _BUILDER),
            ("交通标志标线、信号", 12, "10、11压60%", False, _BUILDER),
            ("验收通车", 8, "10、11、12", True, _OWNER),
        ),
    ),
    _shipped(
        "water",
        "水利工程",
        (
            ("初步设计批复", 30, "", True, _OWNER),
            ("征地移民", 60, "1", False, _SITE),
            ("施工图设计、招标", 45, "1", False, _OWNER),
            ("开工备案、临时工程", 25, "2压50%、3", True, _BUREAU),
            ("导流、围堰", 30, "4", False, _BUILDER),
            ("河道清淤、基础处理", 50, "5压60%", False, _BUILDER),
            ("堤防、坝体主体（汛前形成度汛面貌）", 90, "6压50%", True, _BUILDER),
            ("水闸、泵站土建", 80, "6", True, _BUILDER),
            ("金属结构及机电安装", 40, "8压70%", False, _BUILDER),
            ("护坡、生态修复", 45, "7压60%", False, _BUILDER),
            ("管理设施、信息化", 30, "9压50%、10压50%", False, _BUILDER),
            ("阶段及完工验收", 15, "7、9、10、11", True, _OWNER),
        ),
    ),
    _shipped(
        "resettlement",
        "棚改、征迁",
        (
            ("摸底调查、方案公示", 30, "", False, _SITE),
            ("社会稳定风险评估、征收决定", 25, "1", True, _SITE),
            ("评估机构选定、入户评估", 35, "2", False, _SITE),
            ("签约（达到约定比例）", 60, "3压40%", True, _SITE),
            ("补偿资金兑付", 40, "4压30%", False, "财政部门"),
            ("腾空交房", 45, "4压50%", True, _SITE),
            ("司法强制（确需时）", 60, "4", False, _SITE),
            ("房屋拆除", 30, "6压50%", False, _SITE),
            ("场地清运、净地移交", 15, "5、7、8", True, _SITE),
        ),
    ),
    _shipped(
        "standard_plant",
        "标准厂房",
        (
            ("立项备案、规划方案", 15, "", False, _OWNER),
            ("标准地出让、交地", 30, "1", True, "自然资源部门"),
            ("施工图设计及审查", 30, "1", False, _OWNER),
            ("施工招标及合同签订", 25, "3压60%", False, _OWNER),
            ("施工许可（拿地即开工）", 5, "2、3、4", True, _BUREAU),
            ("场平及基础", 35, "5", False, _BUILDER),
            ("钢结构、主体结构", 55, "6压60%", True, _BUILDER),
            ("屋面、墙面围护", 30, "7压60%", False, _BUILDER),
            ("地坪、机电、消防", 35, "8压50%", False, _BUILDER),
            ("园区道路及配套", 30, "7压70%", False, _BUILDER),
            ("验收、移交招商", 12, "9、10", True, _OWNER),
        ),
    ),
)
