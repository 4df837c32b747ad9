"""The audit in plain Chinese: actions, entities and fields beyond those of a project."""

import json
import re
from datetime import datetime

from core.domain.terms import Role
from core.services import project_history
from core.settings import get_settings

ACTIONS = {
    **project_history.ACTIONS,
    "signed_in": "登录",
    "sign_in_failed": "登录失败",
    "locked_out": "账号锁定",
    "unlocked": "解锁",
    "signed_out": "退出",
    "session_revoked": "结束会话",
    "role_revoked": "收回角色",
    "audit_verified": "校验审计链",
    "recount": "重算汇总",
    "compute": "计算旗色",
    "publish": "发布督查结果",
    "reconcile": "核对汇总表",
    "remind": "发送提醒",
    "backup": "备份",
    "restore": "恢复",
    "seed": "生成演示数据",
    "clear": "清除演示数据",
}
ENTITIES = {
    **project_history.ENTITIES,
    "user_account": "账号",
    "user_role": "角色授权",
    "display_key": "大屏密钥",
    "reminder": "待办提醒",
    "feed_key": "日历订阅",
    "calendar": "节点日历",
    "oc4ids": "OC4IDS 项目文件",
    "audit_event": "审计",
    "store": "数据库",
    "store_head": "汇总",
    "setting": "设置",
    "rule_set": "规则",
    "supervision_round": "督查轮次",
    "flag_override": "旗色调整",
    "import_batch": "导入批次",
    "import_problem": "导入问题",
    "county": "县区",
    "unit": "单位",
    "person": "人员",
    "headquarters": "指挥部",
    "headquarters_member": "指挥部成员",
    "headquarters_step": "指挥部组建事项",
    "headquarters_schedule": "指挥部报送计划",
    "headquarters_report": "指挥部报告",
    "parcel": "地块",
    "map_feature": "底图要素",
    "milestone_baseline": "节点基线",
    "matter_event": "事项进展",
    "meeting": "会议",
    "meeting_item": "会议议题",
    "meeting_decision": "议定事项",
    "meeting_note": "会议补充说明",
    "ledger": "台账",
    "bulletin": "督查通报",
    "document_template": "公文模板",
    "schedule_task": "倒排任务",
    "summary_file": "汇总表",
    "campaign": "攻坚行动",
    "campaign_phase": "行动路线图",
    "campaign_task": "攻坚任务",
    "campaign_progress": "任务进展",
    "campaign_project": "行动关联项目",
    "campaign_acceptance": "行动验收",
    "campaign_assessment": "第三方评估",
    "campaign_event": "行动环节",
    "procedure": "前期手续",
    "watch_item": "预警清单",
}
FIELDS = {
    **project_history.FIELDS,
    "number": "序次",
    "template_name": "模板",
    "finish_on": "完成日",
    "start_on": "最迟开工",
    "missing_days": "差工作日",
    "duration_days": "工期（工作日）",
    "planned_start_on": "最迟开始",
    "planned_finish_on": "最迟完成",
    "milestone_id": "节点",
    "login": "用户名",
    "mission": "职责任务",
    "goals": "年度目标",
    "area": "责任范围",
    "office_address": "办公地点",
    "founded_on": "成立日期",
    "set_up_due_on": "组建期限",
    "post": "职务",
    "origin": "原单位",
    "from_on": "自",
    "to_on": "至",
    "done_on": "完成日期",
    "cycle": "周期",
    "workdays": "工作日",
    "since_on": "自",
    "sent_on": "报送日期",
    "outlook": "下步打算",
    "password_hash": "密码",
    "is_active": "启用",
    "must_change_password": "须改密码",
    "role": "角色",
    "email": "电子邮箱",
    "person_id": "对应人员",
    "superior_id": "上级账号",
    "digests": "提醒人数",
    "sent": "已发送",
    "failed": "未发出",
    "user_id": "账号",
    "unit_id": "单位",
    "address": "来源地址",
    "count": "次数",
    "until": "至",
    "sessions": "会话数",
    "label": "位置",
    "key_hash": "密钥",
    "bound_address": "绑定地址",
    "revoked_at": "吊销时间",
    "created_at": "生成时间",
    "broken_at": "断点",
    "projects": "项目数",
    "rows": "行数",
    "as_of": "截至",
    "month": "月份",
    "reason": "原因",
    "file_name": "文件",
    "tables": "表格数",
    "cells": "核对格数",
    "agreeing": "一致格数",
    "findings": "须核对",
    "issue_no": "期号",
    "texts": "通报文字",
    "issued_at": "印发时间",
    "issued_by": "印发人",
    "issued_sha256": "原件校验值",
    "size_bytes": "字节数",
    "held_on": "会期",
    "starts_at": "开始时间",
    "place": "地点",
    "chair": "主持人",
    "participants": "参加人员",
    "closed_by": "结束人",
    "minutes": "会议纪要",
    "minutes_sha256": "纪要原件校验值",
    "topic": "议题来源",
    "discussion": "讨论情况",
    "owner": "责任人",
    "owner_unit_id": "责任单位",
    "is_noted": "记入原事项",
    "is_withdrawn": "撤销",
    "matter_id": "事项",
    "item_id": "议题",
    "meeting_id": "会议",
    "previous_meeting_id": "上次会议",
}
_HIDDEN = frozenset({"version", "is_demo", "failed_attempts", "id"})
_EMPTY = "—"
_ROLES = {str(role): role.label for role in Role}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")


def action(code: str) -> str:
    """Return the word for an action; an unknown one stays as it is."""
    return ACTIONS.get(code, code)


def entity(code: str) -> str:
    """Return the word for what was acted on; an unknown one stays as it is."""
    return ENTITIES.get(code, code)


def change(old: str, new: str) -> str:
    """Return what changed, field by field: ``姓名：甲 → 乙``. Arguments are the JSON texts of the audit row."""
    before, after = json.loads(old), json.loads(new)
    parts = []
    for name, value in after.items():
        if name in _HIDDEN or (name not in before and value in (None, "")):
            continue
        shown = _in_words(name, value)
        if name in before:
            shown = f"{_in_words(name, before[name])} → {shown}"
        parts.append(f"{FIELDS.get(name, name)}：{shown}")
    return "；".join(parts)


def _in_words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in (None, ""):
        return _EMPTY
    if name == "role":
        return _ROLES.get(str(value), str(value))
    if isinstance(value, str) and _INSTANT.match(value):
        return datetime.fromisoformat(value).astimezone(get_settings().zone).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
