"""What can be wrong with a schedule (MS Project, Primavera) or an OC4IDS file, and with its nodes against the store."""

from core.importers.problem_kinds.base import ProblemKind, note, refuse, warn

SCHEDULES: dict[str, ProblemKind] = {
    # The file
    "schedule_kind": refuse("不是进度计划文件。可导入 MS Project 另存的 XML、Primavera 导出的 XER 或 XML。"),
    "schedule_binary": refuse(
        "这是 MS Project 的 mpp 文件，不能直接读取。请在软件中“另存为”，类型选“XML 格式”后上传。"
    ),
    "schedule_damaged": refuse("文件在第 {line} 行中断或损坏，没有读取任何节点。请从进度软件重新导出。"),
    "schedule_unsafe": refuse("文件在第 {line} 行含有实体声明或异常嵌套，进度计划不会这样写，已拒绝读取。请重新导出。"),
    "schedule_tasks": refuse("文件有 {count} 个任务，超过 {limit} 个的上限。请按项目分开导出。"),
    # What is taken
    "schedule_empty": warn("文件里没有任务。请确认导出时选中了项目。"),
    "schedule_no_milestones": warn(
        "{count} 个任务中没有里程碑。请在软件中把节点标记为里程碑，或选择把第几级摘要任务当作节点（现有：{levels}）。"
    ),
    "schedule_tasks_left": note("另有 {count} 个普通任务不是里程碑，未作为节点导入。"),
    "schedule_inactive": note("{count} 个停用、空白或属于其他文件的任务，未导入。"),
    "schedule_several_baselines": warn(
        "文件存有多条基线（{known}），计划日期取基线 {value}。如以另一条为准，请选择后重新导入。"
    ),
    "schedule_baseline_missing": warn(
        "文件没有基线 {value}（现有：{known}），计划日期取当前计划。请核对后重新选择基线。"
    ),
    "schedule_baseline_unknown": warn("文件带有多条基线（{value}），没有写明以哪一条为准，未采用。请只导出现行基线。"),
    # OC4IDS
    "oc4ids_kind": refuse("不是 OC4IDS 项目文件。请上传含有 projects 列表的 JSON 文件。"),
    "oc4ids_damaged": refuse("文件（JSON）在第 {line} 行有错误，没有读取任何项目。请重新导出，或用校验工具检查该行。"),
    "oc4ids_bad_id": refuse("项目没有可用的 id（“{value}”）。请补填项目标识，例如 oc4ids-local0-ZD-0001。"),
    "oc4ids_cancelled": note(
        "状态为 cancelled（取消）；已有项目的阶段不变。如确已取消，请在项目详情中办理调出或终止。"
    ),
    "oc4ids_bad_point": warn("“{value}”不是国内的经纬度，未登记位置。请写成 [经度, 纬度]。"),
    "oc4ids_parties": note("{role} 有多个单位，取第一个“{value}”。其余请在项目详情中登记，未导入。"),
    # A node
    "node_name_missing": refuse("任务 {place} 没有名称。请在进度软件中补填任务名称。"),
    "schedule_bad_date": refuse("“{value}”不是日期（{place}）。请改为 2026-06-30 这样的日期。"),
    "schedule_no_date": refuse("任务 {place} 没有任何日期。请在进度软件中排定日期，或补填计划日期。"),
    "schedule_key_doubled": refuse("文件中有多个任务的标识都是 {value}，无法判断是哪一个。请在软件中重新编号后导出。"),
    "schedule_done_undated": warn("任务 {place} 写明已完成 100%，但没有实际完成日期，未登记完成。请补填实际日期。"),
    # Against the store
    "schedule_project_unknown": refuse(
        "没有找到项目“{value}”。请把文件中的项目名称改为系统中的名称或代码，或导入时指定项目代码。"
    ),
    "project_near": note("系统中有名称相近的项目“{value}”（{code}）。如是同一项目，请在导入时指定该项目代码。"),
    "schedule_project_ambiguous": refuse("系统中有多个项目叫“{value}”，无法判断是哪一个。请在导入时指定项目代码。"),
    "node_ambiguous": refuse("该项目有多个节点叫“{value}”，无法判断更新哪一个。请把节点名称改得可以区分。"),
    "node_renamed": warn("任务 {place} 原来叫“{value}”，按改名处理。如是另一个节点，请在软件中新建任务。"),
    "node_gone": note("文件中不再有节点“{value}”，系统中的节点和记录保留不动。如已取消，请在节点填报中说明。"),
    "node_done_kept": warn("节点已于 {value} 登记完成，文件写未完成，完成登记保留。如需撤销，请在节点填报中办理。"),
    "node_actual_future": refuse("实际完成日期 {value} 还没有到。请核对；尚未完成的请填预计日期。"),
    "node_forecast_past": warn("预计日期 {value} 已经过去，未登记。请更新进度后重新导出，已完成的请填实际日期。"),
    "node_baseline_kept": note("文件的基线 {value} 与首次基线 {first} 不同。首次基线不变，计划按调整登记。"),
}
