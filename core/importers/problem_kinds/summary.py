"""What can be wrong with a summary table: figures that do not follow from the table's own figures."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

SUMMARY: dict[str, ProblemKind] = {
    "summary_total": warn("“{label}”填 {printed}，{parts}相加为 {computed}，相差 {gap}。请核对本行和各分项。"),
    "summary_total_rounding": note(
        "“{label}”填 {printed}，{parts}相加为 {computed}，尾差 {gap}，在四舍五入范围内。如要求一致，请调整尾数。"
    ),
    "summary_across": warn("本格填 {printed}，同行“{parts}”相加为 {computed}，相差 {gap}。请核对本行各栏。"),
    "summary_across_rounding": note(
        "本格填 {printed}，同行“{parts}”相加为 {computed}，尾差 {gap}，在四舍五入范围内。如要求一致，请调整尾数。"
    ),
    "summary_part": warn("“{label}”填 {printed}，大于所属“{whole}”的 {all}。请核对两行。"),
    "summary_count": warn("“{label}”写明 {declared} 项，表中为 {counted} 项。请核对是否漏行或多行。"),
    "summary_rate": warn("“{label}”填 {printed}，按 {formula} 应为 {computed}。请核对比率和两个数额。"),
    "summary_rate_mean": warn(
        "“{label}”的比率 {printed} 是各行比率的平均；按 {formula} 应为 {computed}。请改为合计数相除。"
    ),
    "summary_growth": warn("“{label}”填 {printed}，按 {formula} 应为 {computed}。请核对增速和两期数额。"),
    "summary_difference": warn("“{label}”填 {printed}，按 {formula} 应为 {computed}。请核对差额和两个数额。"),
    "summary_rounding": note(
        "“{label}”填 {printed}，按 {formula} 为 {computed}，取舍方式与本列其他各行不同。请统一为四舍五入或截尾。"
    ),
    "summary_unrounded": note(
        "“{label}”填 {printed}，按 {formula} 为 {computed}，像是用未取整的数额计算。请保留原始数额备查；无误可不改。"
    ),
    "summary_zero_base": warn("“{label}”填 {printed}，但 {formula} 的分母为 0，没有比率。请改为“—”。"),
    "summary_gap": warn("本格填 {printed}，{rate} 减 {target} 应为 {computed} 个百分点。请核对进度差和截止月份。"),
    "summary_gap_rounded": note(
        "本格填 {printed}，是先取整再相减；按未取整的数相减为 {computed} 个百分点。请先相减、再取整。"
    ),
    "summary_gap_rounding": note(
        "本格填 {printed}，按表中数字相减为 {computed} 个百分点，差异在取整范围内。请统一取舍方式；无误可不改。"
    ),
    "summary_rank": warn("“{label}”排第 {printed}，按 {by}（{value}）应排第 {computed}。请核对名次和数值。"),
    "summary_unexplained": note("表中没有能推出本列的栏目，未核对。如需核对，请把分子、分母或基数列入表中。"),
    "summary_no_figure": note("本格不是数字（文字、约数或出错的公式），涉及它的合计未核对。请改为数字，或留空。"),
    "summary_hidden_row": note("本行在文件中被隐藏，已计入核对。如不应计入，请删除该行后重新核对。"),
    "summary_hidden_sheet": note("隐藏的工作表没有核对。如需核对，请取消隐藏后重新上传。"),
    "summary_too_long": note("工作表有 {rows} 行，超过 {limit} 行，未核对。台账请用导入中心检查，汇总表请拆分。"),
    "summary_nothing": refuse("没有找到带表头和数字的表格。请确认文件是汇总表，且表头在数字上方。"),
}
