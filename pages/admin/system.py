"""系统状态: store, version, the as-of point of the figures, and a button to make all roll-ups anew."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import figures, system
from core.settings import get_settings
from pages.components.layout import card
from pages.components.moments import local
from pages.components.page import notify, page, telling
from pages.http.health import product_version

_COUNTED = {
    "projects": "项目",
    "milestones": "节点",
    "parcels": "地块",
    "users": "账号",
    "audit_events": "审计记录",
}
_MIB = 1024 * 1024

with page("系统状态", Permission.MANAGE_SYSTEM, live=True) as frame:
    status = system.status(frame.actor)
    settings = get_settings()
    cells = st.columns(len(_COUNTED))
    for cell, (name, label) in zip(cells, _COUNTED.items(), strict=True):
        cell.metric(label, f"{status.counts[name]:,}", border=True)

    left, right = st.columns(2)
    with left, card("store", height="stretch"):
        st.subheader("程序与数据库", anchor=False)
        is_newest = status.schema == status.newest_schema
        st.table(
            {
                "程序版本": product_version(),
                "数据库": status.library,
                "结构版本": status.schema if is_newest else f"{status.schema}（应为 {status.newest_schema}，请升级）",
                "占用空间": f"{status.size_bytes / _MIB:,.1f} MB",
                "数据版本": f"{status.seq:,}",
                "最近写入": local(status.changed_at),
                "访问地址": settings.address,
                "会话时限": f"闲置 {settings.session_idle_minutes} 分钟，最长 {settings.session_absolute_hours} 小时",
            },
            border="horizontal",
        )
    with right, card("figures", height="stretch"):
        st.subheader("汇总数据", anchor=False)
        point = status.figures
        st.table(
            {
                "汇总截至": f"{point.on:%Y-%m-%d}" if point else "—",
                "投资数据月份": str(point.month) if point else "—",
                "今天": f"{status.today.on:%Y-%m-%d}",
                "状态": "与今天一致" if point == status.today else "待重算（下一次打开大屏或台账时自动重算）",
                "月报截止日": f"每月 {settings.report_due_day} 日",
                "时区": settings.timezone,
            },
            border="horizontal",
        )
        st.caption("汇总表随每次保存自动更新、每天自动重算。怀疑数字有误时可手工重算，结果应与原来一致。")
        if st.button("重新计算汇总", type="primary"):
            with telling(), st.spinner("正在重新计算…"):
                notify(f"已重新计算 {figures.recount(frame.actor):,} 个项目的汇总。")
                st.rerun()
