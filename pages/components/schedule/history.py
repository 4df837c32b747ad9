"""Every saved plan of a project: none is lost."""

import pandas as pd
import streamlit as st

from core.services.schedules import PlanHead, ScheduleView
from pages.components.moments import local
from pages.components.schedule.chooser import verdict

_COLUMNS = ["稿次", "状态", "要求完成", "最迟开工", "保存时结论", "编制", "保存时间", "定为基线", "说明"]


def draw(view: ScheduleView) -> None:
    """Draw the plans, the latest first."""
    if not view.plans:
        return
    with st.expander(f"历史版本（{len(view.plans)} 稿）"):
        table = pd.DataFrame([_cells(plan) for plan in view.plans], columns=_COLUMNS)
        st.dataframe(table, hide_index=True, width="stretch", height=min(400, 38 + 35 * len(table)))


def _cells(plan: PlanHead) -> tuple[str, ...]:
    adopted = f"{plan.adopted_by} {local(plan.adopted_at)}" if plan.adopted_at else "—"
    return (
        f"第 {plan.number} 稿",
        plan.status.label,
        str(plan.wanted_on),
        str(plan.start_on),
        verdict(plan),
        plan.made_by,
        local(plan.made_at),
        adopted,
        plan.reason,
    )
