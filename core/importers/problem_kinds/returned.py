"""What is said about a file that went out of this system and comes back."""

from core.importers.problem_kinds.base import ProblemKind, note, warn

RETURNED: dict[str, ProblemKind] = {
    "heading_restored": note("表头被改动，本列仍按下发时的“{heading}”读取。如要改作他用，请写清含义；否则不必处理。"),
    "still_listed": warn("年度类别写“未列入”，但该项目仍在{year}年清单内，未调出。如需调出，请在项目详情中办理。"),
    "shared_national_code": warn("项目代码与第{other}行相同，但项目编号不同，已按两个项目处理。请核对。"),
}
