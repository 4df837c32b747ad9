"""What the batch engine itself finds, whatever the kind of file."""

from core.importers.problem_kinds.base import ProblemKind, warn

BATCHES: dict[str, ProblemKind] = {
    "near_duplicate": warn(
        "与{where}的“{other}”名称相近，按新项目导入。如是同一项目，请改为相同的名称或代码后重新检查。"
    ),
    "mapped_column_missing": warn("文件中没有“{value}”这一列，该列的指定没有生效。请核对表头写法。"),
}
