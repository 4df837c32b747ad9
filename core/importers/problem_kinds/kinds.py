"""What can be wrong with the tables beside the project ledger (月报、节点、地块、清单、三资、争资、人员、用户)."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

KINDS: dict[str, ProblemKind] = {
    # Cells
    "required_missing": refuse("必填的“{label}”为空或无法认读。请补填后重新导入本行。"),
    "bad_month": refuse("“{value}”不能认作月份。请写成 2026年8月 或 2026-08。"),
    "bad_count": warn("“{value}”不是个数，已留空。请填写不带小数的数字。"),
    "bad_number": warn("“{value}”不是数字，已留空。请填写数字，例如 1.8。"),
    "code_as_number": refuse("编号以数字存放，末几位已经丢失。请把本列设为文本格式，重新填写完整的编号。"),
    "bad_parcel_code": warn(
        "“{value}”不符合宗地代码（19位）或不动产单元号（28位）的格式，已按原样登记。请与不动产登记资料核对。"
    ),
    "bad_login": refuse("用户名“{value}”不合规。请用 2–32 位小写字母、数字、点、横线，以字母开头。"),
    "area_unit_missing": refuse("本列没有注明面积单位。请在表头写明亩、公顷或平方米，例如“面积（亩）”。"),
    "percent_as_ratio": note("本列都是 2 以下的小数，按比值理解（0.35 即 35%）。如不对，请填写百分数并注明 %。"),
    # Rows
    "reference_missing": refuse("没有写明是哪个项目。请补填项目名称、项目编号或项目代码。"),
    "carried_over": note("项目名称为空的行，按上一行的项目读取。如不对，请在每行写明项目名称。"),
    "duplicate_row": refuse("与第{other}行是同一条（{label}相同）。请合并为一行，或改正其中一行。"),
    "hidden_data_row": warn("本行在文件中被隐藏，已照常读取。如不应导入，请删除该行后重新导入。"),
    "part_over_whole": warn("{part} {given} 大于{whole} {limit}。请核对是否填错列或单位。"),
    "magnitude_doubt": warn("数额约为{amount}，是本列常见数额的{times}倍，像是把元填进了{unit}。请核对单位。"),
    "net_over_original": warn("账面净值 {net} 大于账面原值 {original}。净值是扣除折旧后的数额，请核对。"),
    "forecast_of_done": warn("节点已于 {actual_on} 完成，预计完成时间不再需要，未登记。请核对实际完成时间。"),
    # Sheets
    "table_header_not_found": warn("工作表没有找到“{label}”的表头（至少要有{anchors}和另一列）。请对照模板调整表头。"),
    "no_rows": warn("工作表有表头，但没有读到数据行。请确认数据在表头下方。"),
    "no_table_found": refuse("没有读到“{label}”。请下载空白模板，对照表头整理后重新上传。"),
    "report_month_unknown": refuse("没有写明是哪个月的月报。请在标题、表头或“月份”列写明，或在导入时选择月份。"),
    # Against the store
    "project_unknown": refuse("系统中没有项目“{value}”。请核对名称或代码，或先在项目台账中登记。"),
    "project_ambiguous": refuse("系统中有多个项目叫“{value}”，无法判断是哪一个。请补填项目编号、项目代码或县区。"),
    "row_ambiguous": refuse("系统中有多条与本行相符的记录，无法判断更新哪一条。请补填{label}以区分。"),
    "code_taken": refuse("编号“{value}”已用于系统中的另一条记录。请更换编号，或核对是否填错。"),
    "row_county_missing": refuse("没有写明县区。请补填“县区”一列，或写明所属项目。"),
    "row_outside_scope": refuse("本行不在您的管理范围内，未导入。请联系主管的督查人员导入。"),
    "row_headquarters_unknown": refuse("没有找到指挥部“{value}”。请改为系统中的指挥部名称。"),
    "same_row": refuse("与第{other}行对应系统中的同一条记录。请合并为一行，或写明编号以区分。"),
    "date_today": note("没有写明{label}，按导入当天登记。如需更正，请补填后重新导入。"),
    "amount_missing": refuse("该月没有登记过月报，本行也没有完成投资。请补填“本月完成投资”，没有完成的填 0。"),
    "absurd_amount": refuse(
        "{label} {amount}，而项目总投资为 {total}，像是把元填成了万元。请核对单位；确认无误可勾选“大额已核对”再导入。"
    ),
    "date_future": refuse("{label} {value} 晚于今天。尚未发生的不能登记为已发生，请写明实际日期。"),
    "first_baseline_kept": warn("首次计划 {given} 与系统中的 {stored} 不同，首次计划不变。请在项目详情中核对。"),
    "rebaselined": note("计划完成时间由 {old} 改为 {new}，将记为一次基线调整。请确认已按程序批准。"),
    "done_plan_kept": warn("节点已完成，计划完成时间 {given} 与系统中的 {stored} 不同，未改。请在项目详情中核对。"),
    "unit_unknown_for_user": refuse("没有找到单位“{value}”，不能授予单位角色。请改为系统中的单位名称，或先导入单位。"),
    "account_taken": refuse("用户名“{value}”已属于{name}。请换一个用户名，或改正姓名。"),
    "grants_refused": refuse("角色不能这样授予。{reason}请改正后重新导入。"),
    "own_account": refuse("不能导入自己的账号。请由另一位安全管理员办理。"),
}
