"""部署 and 修改 of a campaign, tasks typed or pasted, the road map, the projects: the dialogs of who deploys."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.campaigns.words import CampaignKind, CampaignStatus, ReportPeriod
from core.services import campaigns
from core.services.campaigns import CampaignDraft, CampaignRow, PhaseDraft
from pages.components import state
from pages.components.campaigns import cells, seen
from pages.components.page import Frame, notify, telling
from pages.components.state import Key
from pages.components.supervision import reads

NEW, EDIT, TASKS, ROAD, PROJECTS, COPY = "new", "edit", "tasks", "road", "projects", "copy"
_CLARITIES = (
    ("standard", "标准", "达到什么标准才算打赢"),
    ("approach", "思路", "用什么办法推进"),
    ("duties", "任务", "主要做哪几件事"),
    ("results", "成效", "到期看得见的结果"),
)
_BLANK_ROWS, _PHASE_ROWS = 8, 4


def open_(name: str, campaign_id: int | None = None) -> None:
    """Have a dialog drawn at the next run."""
    seen.forget()
    state.put(Key.CAMPAIGN_DIALOG, (name, campaign_id))


def show(frame: Frame) -> bool:
    """Draw the dialog that was asked for; return whether there was one."""
    asked = state.get(Key.CAMPAIGN_DIALOG)
    if asked is None:
        return False
    name, campaign_id = asked
    title, draw = _DIALOGS[name]
    st.dialog(title, width="large", on_dismiss=_close)(draw)(frame, campaign_id)
    return True


def _close() -> None:
    state.take(Key.CAMPAIGN_DIALOG)
    seen.forget()


def _done(message: str, campaign_id: int | None = None) -> None:
    _close()
    if campaign_id is not None:
        st.query_params["id"] = str(campaign_id)
    notify(message)
    st.rerun()


def _key(*parts: object) -> str:
    return state.variant(Key.CAMPAIGN_FORM, *parts)


def _row(frame: Frame, campaign_id: int) -> tuple[CampaignRow, int]:
    row = campaigns.read_campaign(frame.actor, campaign_id).card.row
    return row, seen.version(f"campaign {campaign_id}", row.version)


def _draw_new(frame: Frame, _campaign_id: int | None) -> None:
    today = frame.version.on
    sent = _form(frame, None, date(today.year, 1, 1), date(today.year, 12, 31))
    if sent is not None:
        with telling():
            key = campaigns.create(frame.actor, sent)
            _done(f"已部署“{sent.name.strip()}”，请分解任务后启动。", key)


def _draw_edit(frame: Frame, campaign_id: int) -> None:
    row, version = _row(frame, campaign_id)
    sent = _form(frame, row, row.start_on, row.finish_on)
    if sent is not None:
        with telling():
            campaigns.edit(frame.actor, campaign_id, sent, version)
            _done(f"已修改“{sent.name.strip()}”。")


def _form(frame: Frame, row: CampaignRow | None, start: date, finish: date) -> CampaignDraft | None:
    """Draw the form and return what was sent."""
    place = row.id if row else 0
    units = dict(campaigns.unit_names(frame.actor))
    teams = dict(reads.choices(frame).headquarters)
    counties = dict(reads.choices(frame).counties)
    with st.form(_key("campaign", place)):
        name = st.text_input("名称", row.name if row else "", max_chars=200, key=_key("name", place))
        left, middle, right = st.columns(3)
        kinds = list(CampaignKind)
        kind = left.selectbox(
            "类别", kinds, kinds.index(row.kind) if row else 0,
            format_func=lambda item: item.label, disabled=row is not None, key=_key("kind", place),
        )  # fmt: skip
        year = middle.number_input(
            "年度", 2000, 2099, row.year if row else start.year, disabled=row is not None, key=_key("year", place)
        )
        periods = list(ReportPeriod)
        period = right.selectbox(
            "填报周期", periods, periods.index(row.report_period) if row else 0,
            format_func=lambda item: item.label, key=_key("period", place),
        )  # fmt: skip
        start_on = left.date_input("开始时间", start, format="YYYY-MM-DD", key=_key("start", place))
        finish_on = middle.date_input("完成时间", finish, format="YYYY-MM-DD", key=_key("finish", place))
        leader = right.text_input("牵头领导", row.leader if row else "", max_chars=64, key=_key("leader", place))
        lead = _choice(left, "牵头单位", units, row.lead_unit_id if row else None, _key("lead", place))
        own = next(iter(sorted(frame.actor.scope.headquarters_ids)), None) if row is None else row.headquarters_id
        team = _choice(middle, "所属指挥部", teams, own, _key("team", place))
        county = _choice(right, "所属县区", counties, row.county_id if row else None, _key("county", place))
        columns = st.columns(2)
        texts = {
            field: columns[number % 2].text_area(
                label, getattr(row, field) if row else "", height=90, max_chars=4000, placeholder=hint,
                key=_key(field, place),
            )
            for number, (field, label, hint) in enumerate(_CLARITIES)
        }  # fmt: skip
        reason = ""
        if row is not None and row.status is CampaignStatus.RUNNING:
            hint = "调整完成时间时必填"
            reason = st.text_input("调整原因", max_chars=400, placeholder=hint, key=_key("reason", place))
        sent = st.form_submit_button("保存" if row else "部署", type="primary")
    if not sent:
        return None
    return CampaignDraft(
        kind=kind,
        year=int(year),
        name=name,
        start_on=start_on,
        finish_on=finish_on,
        leader=leader,
        lead_unit_id=lead,
        headquarters_id=team,
        county_id=county,
        report_period=period,
        reason=reason,
        **texts,
    )


def _choice(column: DeltaGenerator, label: str, names: dict[int, str], chosen: int | None, key: str) -> int | None:
    keys = list(names)
    found: int | None = column.selectbox(
        label,
        keys,
        keys.index(chosen) if chosen in names else None,
        format_func=names.__getitem__,
        placeholder="可不选",
        key=key,
    )
    return found


def _draw_tasks(frame: Frame, campaign_id: int) -> None:
    _, version = _row(frame, campaign_id)
    st.caption(
        "编号写成 1、1.1、1.2，点号前为上级任务，留空为一级任务；"
        "日期写成 2026-03-01 或 2026年3月1日；有一行不对就都不添加。"
    )
    typed, pasted = st.tabs(["表格填写", "粘贴文本"])
    with typed, st.form(_key("grid", campaign_id), border=False):
        blank = pd.DataFrame([[""] * len(cells.COLUMNS)] * _BLANK_ROWS, columns=list(cells.COLUMNS))
        table = st.data_editor(
            blank, num_rows="dynamic", hide_index=True, width="stretch", key=_key("editor", campaign_id)
        )
        by_grid = st.form_submit_button("添加任务", type="primary")
    with pasted, st.form(_key("paste", campaign_id), border=False):
        text = st.text_area(
            "任务清单",
            height=220,
            placeholder="从 Excel 复制任务行粘贴到这里，列的顺序：" + "、".join(cells.COLUMNS),
            key=_key("text", campaign_id),
        )
        by_text = st.form_submit_button("添加粘贴的任务", type="primary")
    if by_grid or by_text:
        rows = cells.split(text) if by_text else table.fillna("").astype(str).to_numpy().tolist()
        with telling():
            drafts = cells.drafts(rows)
            campaigns.add_tasks(frame.actor, campaign_id, drafts, version)
            _done(f"已添加 {len(drafts)} 项任务。")


def _draw_road(frame: Frame, campaign_id: int) -> None:
    view = campaigns.read_campaign(frame.actor, campaign_id)
    row, version = _row(frame, campaign_id)
    known = [(phase.name, phase.start_on, phase.finish_on, phase.goal) for phase in view.phases]
    known += [("", None, None, "")] * max(0, _PHASE_ROWS - len(known))
    table = pd.DataFrame(known, columns=["阶段", "开始", "完成", "目标"])
    st.caption(f"各阶段应在 {row.start_on} 至 {row.finish_on} 之间。")
    with st.form(_key("road", campaign_id), border=False):
        edited = st.data_editor(
            table,
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_config={
                "开始": st.column_config.DateColumn(format="YYYY-MM-DD"),
                "完成": st.column_config.DateColumn(format="YYYY-MM-DD"),
            },
            key=_key("phases", campaign_id),
        )
        sent = st.form_submit_button("保存路线图", type="primary")
    if sent:
        phases = [
            PhaseDraft(str(name or "").strip(), _day(start), _day(finish), str(goal or ""))
            for name, start, finish, goal in edited.itertuples(index=False)
            if str(name or "").strip()
        ]
        with telling():
            campaigns.save_phases(frame.actor, campaign_id, phases, version)
            _done("路线图已保存。")


def _day(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]


def _draw_projects(frame: Frame, campaign_id: int) -> None:
    view = campaigns.read_campaign(frame.actor, campaign_id)
    _, version = _row(frame, campaign_id)
    st.caption("每行一个项目编号或完整名称。督查轮次按这些项目汇总本行动的投资进度。")
    with st.form(_key("projects", campaign_id), border=False):
        text = st.text_area(
            "项目", "\n".join(link.code for link in view.projects), height=240, key=_key("links", campaign_id)
        )
        sent = st.form_submit_button("保存", type="primary")
    if sent:
        with telling():
            campaigns.link_projects(frame.actor, campaign_id, text.splitlines(), version)
            _done("关联项目已保存。")


def _draw_copy(frame: Frame, campaign_id: int) -> None:
    row, _ = _row(frame, campaign_id)
    st.caption("任务、路线图和目标值沿用，起止时间顺延，进展从零开始；新行动为谋划状态，可再修改。")
    with st.form(_key("copy", campaign_id), border=False):
        year = st.number_input("年度", 2000, 2099, row.year + 1, key=_key("copy_year", campaign_id))
        sent = st.form_submit_button("沿用", type="primary")
    if sent:
        with telling():
            key = campaigns.copy(frame.actor, campaign_id, int(year))
            _done(f"已沿用为{int(year)}年行动，请核对后启动。", key)


_DIALOGS: dict[str, tuple[str, Callable[..., None]]] = {
    NEW: ("部署行动", _draw_new),
    EDIT: ("修改行动", _draw_edit),
    TASKS: ("分解任务", _draw_tasks),
    ROAD: ("路线图", _draw_road),
    PROJECTS: ("关联项目", _draw_projects),
    COPY: ("沿用到其他年度", _draw_copy),
}
