"""What can be dangerous in a file."""

from core.importers.problem_kinds.base import ProblemKind, refuse, warn

GUARD: dict[str, ProblemKind] = {
    "formula_text": refuse("“{value}”是一段公式，不是文字，可能会在别人打开导出的表格时被执行。请改为普通文字。"),
    "file_carries": warn("文件还带有{kinds}，系统没有读取，也不会执行。如不需要，请另存为不含这些内容的 xlsx。"),
}
