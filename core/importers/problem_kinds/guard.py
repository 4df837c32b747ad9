"""What can be dangerous in a file."""

from core.importers.problem_kinds.base import ProblemKind, refuse, warn

GUARD: dict[str, ProblemKind] = {
    "formula_text": warn("“{value}”像一段公式，已按文字登记，不会被执行。请核对是否误粘。"),
    "plots_piled": refuse("大量地块叠在同一处（相邻的已超过 {pairs} 对），无法逐一核对。请删除重复的地块后重新上传。"),
    "file_carries": warn("文件还带有{kinds}，系统没有读取，也不会执行。如不需要，请另存为不含这些内容的 xlsx。"),
}
