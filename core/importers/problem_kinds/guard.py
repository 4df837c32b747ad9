"""What can be dangerous in a file."""

from core.importers.problem_kinds.base import ProblemKind, warn

GUARD: dict[str, ProblemKind] = {
    "formula_text": warn("“{value}”像一段公式，已按文字登记，不会被执行。请核对是否误粘。"),
    "file_carries": warn("文件还带有{kinds}，系统没有读取，也不会执行。如不需要，请另存为不含这些内容的 xlsx。"),
}
