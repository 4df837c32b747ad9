"""One campaign: head with the next steps, four clarities, task tree, timetable, road map, results, acceptance."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.domain.campaigns.words import CampaignStatus
from core.domain.evidence import EvidenceOwner
from core.domain.permissions import Permission
from core.services import attachments, campaigns
from core.services.campaigns import CampaignView, TaskLine
from pages.components import evidence, markup, state
from pages.components.campaigns import accept_box, charts, deploy_box, seen, task_box, words
from pages.components.moments import local
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

CLEAR, TREE, TIME, ROAD, RESULTS, ACCEPT, ASSESS, STORY = (
    "四个清晰", "任务清单", "时间表", "路线图", "成效", "验收与销号", "第三方评估", "过程",
)  # fmt: skip
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def draw(frame: Frame, view: CampaignView) -> None:
    """Draw the campaign."""
    _draw_head(view)
    _draw_verbs(frame, view)
    part = st.segmented_control(
        "内容",
        list(_PARTS),
        default=TREE if view.lines else CLEAR,
        required=True,
        label_visibility="collapsed",
        key=state.variant(Key.CAMPAIGN_PART, view.card.row.id),
    )
    _PARTS[part or TREE](frame, view)


def _draw_head(view: CampaignView) -> None:
    row, sums = view.card.row, view.card.sums
    moved = f"（首次 {row.first_finish_on}，调整 {row.moves} 次）" if row.moves else ""
    score = view.card.score_milli
    known = f"（已填报部分占权重 {words.pct(100 * sums.known_weight)}）" if 0 < sums.known_weight < 1 else ""
    markup.show(
        "campaigns/head.html",
        card=words.card(view.card, view.today),
        facts=[
            ("类别", f"{row.kind.label} {row.code}"),
            ("进度", f"{words.pct(sums.percent, 1)}{known}"),
            ("序时", words.pct(sums.expected, 1)),
            ("", words.gap(sums.gap_pp)),
            ("销号", f"{sums.closed_out}/{sums.tasks}"),
            ("起止", f"{row.start_on} 至 {row.finish_on}{moved}"),
            ("验收", str(row.accepted_on or row.acceptance_due_on)),
            ("牵头领导", row.leader),
            ("牵头单位", row.lead_unit),
            ("归属", " · ".join(part for part in (row.headquarters, row.county) if part) or "全市"),
            ("填报", row.report_period.label),
            ("评估", "" if score is None else f"{words.plain_number(Decimal(score) / 1000)} 分"),
        ],
    )


def _draw_verbs(frame: Frame, view: CampaignView) -> None:
    row = view.card.row
    version = seen.version(f"launch {row.id}", row.version)
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.manages and row.status is CampaignStatus.DRAFT and st.button("启动", type="primary"):
            with telling():
                campaigns.launch(frame.actor, row.id, version)
                notify(f"“{row.name}”已启动。")
                st.rerun()
        if view.manages and row.status is not CampaignStatus.ACCEPTED:
            st.button("分解任务", on_click=deploy_box.open_, args=(deploy_box.TASKS, row.id))
            st.button("修改", on_click=deploy_box.open_, args=(deploy_box.EDIT, row.id))
            st.button("路线图", on_click=deploy_box.open_, args=(deploy_box.ROAD, row.id), key=_key("road", row.id))
            st.button("关联项目", on_click=deploy_box.open_, args=(deploy_box.PROJECTS, row.id))
        if view.manages:
            st.button("沿用到其他年度", on_click=deploy_box.open_, args=(deploy_box.COPY, row.id))
        if frame.actor.can(Permission.EXPORT) and view.lines:
            _draw_letters(frame, view)


def _draw_letters(frame: Frame, view: CampaignView) -> None:
    row = view.card.row
    units = {line.row.lead_unit_id: line.row.lead_unit for line in view.lines if line.row.lead_unit_id is not None}
    with st.popover("责任书"):
        unit = st.selectbox(
            "签订单位",
            [None, *units],
            format_func=lambda key: units[key] if key else "牵头单位（全部任务）",
            key=_key("letter", row.id),
        )
        name = f"{row.name}责任书" + (f"（{units[unit]}）" if unit else "")
        st.download_button(
            "下载 Word",
            frame.later(lambda: campaigns.duty_letter_word(frame.actor, row.id, unit)),
            file_name=f"{name}.docx",
            mime=_WORD,
            key=state.variant(Key.CAMPAIGN_FILE, "word", row.id),
            on_click="ignore",
        )
        st.download_button(
            "下载 PDF",
            frame.later(lambda: campaigns.duty_letter_pdf(frame.actor, row.id, unit)),
            file_name=f"{name}.pdf",
            mime="application/pdf",
            key=state.variant(Key.CAMPAIGN_FILE, "pdf", row.id),
            on_click="ignore",
        )


def _draw_clear(_frame: Frame, view: CampaignView) -> None:
    row = view.card.row
    parts = [("标准", row.standard), ("思路", row.approach), ("任务", row.duties), ("成效", row.results)]
    markup.show("campaigns/clear.html", parts=parts)
    if view.projects:
        st.markdown(f"**关联项目 {len(view.projects)}**")
        table = pd.DataFrame(
            [(f"/project?id={link.project_id}", link.code, link.name) for link in view.projects],
            columns=["查看", "编号", "项目"],
        )
        st.dataframe(
            table,
            hide_index=True,
            width="stretch",
            column_config={"查看": st.column_config.LinkColumn(display_text="打开", width="small")},
        )


def _draw_tree(_frame: Frame, view: CampaignView) -> None:
    if not view.lines:
        st.info("还没有任务。" + ("点“分解任务”，从 Excel 粘贴任务清单。" if view.manages else ""))
        return
    st.caption("点选一行查看、填报、核验；含下级的任务按权重汇总，逾期不因平均而隐去。")
    columns = [
        "编号", "任务", "灯", "状态", "进度", "序时", "时限", "牵头单位", "配合单位", "责任人", "开始", "完成",
        "首次期限", "调整", "权重",
    ]  # fmt: skip
    picked = st.dataframe(
        pd.DataFrame([_cells(line) for line in view.lines], columns=columns),
        hide_index=True,
        width="stretch",
        height=min(640, 38 + 35 * len(view.lines)),
        column_config={
            "任务": st.column_config.TextColumn(width="medium"),
            "时限": st.column_config.TextColumn(width=110),
        },
        on_select="rerun",
        selection_mode="single-row",
        key=state.variant(Key.CAMPAIGN_TABLE, "tree", view.card.row.id),
    )
    for place in picked["selection"]["rows"]:
        if place < len(view.lines):
            st.button(
                "查看办理",
                type="primary",
                on_click=task_box.open_,
                args=(view.card.row.id, view.lines[place].row.id),
            )


def _cells(line: TaskLine) -> tuple[object, ...]:
    row, facts = line.row, line.row.facts
    return (
        line.place.number,
        "　" * line.place.depth + row.name,
        words.light(line),
        line.state.label,
        words.pct(line.percent),
        words.pct(line.expected),
        words.late(line) or ("上期漏报" if line.is_missing else ""),
        row.lead_unit,
        row.supporting_units,
        row.responsible_person,
        str(facts.planned_start_on),
        str(facts.planned_finish_on),
        str(facts.first_finish_on),
        f"{row.moves} 次" if row.moves else "",
        facts.weight,
    )


def _draw_time(_frame: Frame, view: CampaignView) -> None:
    if not view.lines:
        st.info("分解任务后在这里看时间表。")
        return
    st.plotly_chart(charts.timetable(view.lines, view.today), config=charts.CONFIG, theme=None)


def _draw_road(_frame: Frame, view: CampaignView) -> None:
    if not view.phases:
        st.info("还没有路线图。" + ("点“路线图”填写动员、攻坚、巩固等阶段。" if view.manages else ""))
        return
    phases = [
        {
            "name": phase.name,
            "span": f"{phase.start_on} 至 {phase.finish_on}",
            "goal": phase.goal,
            **_stretch(phase.start_on, phase.finish_on, view.today),
        }
        for phase in view.phases
    ]
    markup.show("campaigns/road.html", phases=phases)


def _stretch(start: date, finish: date, today: date) -> dict[str, str]:
    if finish < today:
        return {"state": "is-done", "word": "已过"}
    return {"state": "is-now", "word": "进行中"} if start <= today else {"state": "", "word": "未到"}


def _draw_results(frame: Frame, view: CampaignView) -> None:
    measured = [line for line in view.lines if line.row.measure]
    if measured:
        rows = [
            (
                line.row.name,
                line.row.measure,
                words.amount(line.row.target_milli, line.row.measure_unit),
                words.amount(line.row.actual_milli, line.row.measure_unit),
                _share(line),
                line.state.label,
            )
            for line in measured
        ]
        st.dataframe(
            pd.DataFrame(rows, columns=["任务", "成效指标", "目标", "实际", "完成率", "状态"]),
            hide_index=True,
            width="stretch",
            column_config={"完成率": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f%%")},
        )
    else:
        st.caption("任务还没有量化的成效指标。")
    st.markdown("**成效图片**")
    files = attachments.list_for(frame.actor, EvidenceOwner.CAMPAIGN_TASK.value, [line.row.id for line in view.lines])
    evidence.gallery(files, empty="任务办理中上传的图片汇总在这里。")


def _share(line: TaskLine) -> float | None:
    share = words.reached_pct(line)
    return None if share is None else float(share)


def _draw_story(_frame: Frame, view: CampaignView) -> None:
    for event in view.events:
        moved = f"　期限 {event.old_due_on} 调整为 {event.new_due_on}" if event.old_due_on and event.new_due_on else ""
        task = f"　{event.task}" if event.task else ""
        st.caption(plain(f"{local(event.happened_at)}　{event.kind.label}{task}　{event.actor}{moved}　{event.note}"))


_PARTS: dict[str, Callable[[Frame, CampaignView], None]] = {
    TREE: _draw_tree,
    CLEAR: _draw_clear,
    TIME: _draw_time,
    ROAD: _draw_road,
    RESULTS: _draw_results,
    ACCEPT: accept_box.draw_acceptance,
    ASSESS: accept_box.draw_assessment,
    STORY: _draw_story,
}


def _key(*parts: object) -> str:
    return state.variant(Key.CAMPAIGN_ACT, *parts)
