"""What a file leaves open, asked only where it does; one click checks again with the answers."""

from collections.abc import Callable

import streamlit as st

from core.services import imports
from core.services.imports import Answers, Preview
from pages.components import state
from pages.components.page import Frame, plain
from pages.components.state import Key

_AS_FILE = "以文件为准"
_UNITS = (_AS_FILE, "万元", "亿元", "元")
_ORDERS = {"": _AS_FILE, "day_first": "日在前（31/12/2025）", "month_first": "月在前（12/31/2025）"}
_SYSTEMS = (
    _AS_FILE,
    *("EPSG:4490", "EPSG:4326", "GCJ-02", "BD-09"),
    *(f"EPSG:{number}" for number in range(4513, 4555)),
)
_NAMES = {"EPSG:4490": "CGCS2000 经纬度（EPSG:4490）", "EPSG:4326": "WGS 84 经纬度（EPSG:4326）"}


def draw(frame: Frame, shown: Preview) -> Preview | None:
    """Ask what *shown* leaves open; return the new preview when it was answered."""
    codes = {problem.code for problem in shown.problems}
    asked = [ask for ask, reasons in _QUESTIONS if codes & reasons]
    if not asked:
        return None
    with st.form(state.variant(Key.IMPORT_QUESTIONS, shown.batch_id)):
        st.markdown("**文件没有写明，请确认**")
        answers: dict[str, object] = {}
        for column, ask in zip(st.columns(max(len(asked), 3)), asked, strict=False):
            with column:
                answers |= ask()
        if not st.form_submit_button("按此重新检查", icon=":material/refresh:"):
            return None
    return imports.recheck(frame.actor, shown.batch_id, Answers(**answers))  # type: ignore[arg-type]


def profile(frame: Frame, shown: Preview) -> Preview | None:
    """Say which profile was recognised; return the new preview when it was refused."""
    if not shown.profile:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(plain(f"已按方案“{shown.profile}”识别各列，请在“列对应”中核对。"), width="stretch")
        refused = st.button("不用方案", key=state.variant(Key.IMPORT_PROFILE, "drop"))
    return imports.recheck(frame.actor, shown.batch_id, Answers(profile_id=0)) if refused else None


def _month() -> dict[str, object]:
    chosen = st.selectbox(
        "累计截至月份", (0, *range(1, 13)), format_func=lambda number: f"{number}月" if number else _AS_FILE
    )
    return {"month": chosen or None}


def _unit() -> dict[str, object]:
    chosen = st.selectbox("金额单位", _UNITS)
    return {"money_unit": "" if chosen == _AS_FILE else chosen}


def _large() -> dict[str, object]:
    return {"accept_large_amounts": st.checkbox("大额已核对", help="数额过大被拒的行，核对无误后勾选再检查。")}


def _order() -> dict[str, object]:
    return {"date_order": st.selectbox("日期写法", tuple(_ORDERS), format_func=_ORDERS.__getitem__)}


def _system() -> dict[str, object]:
    chosen = st.selectbox("坐标系", _SYSTEMS, format_func=lambda code: _NAMES.get(code, code))
    return {"crs": "" if chosen == _AS_FILE else chosen}


def _project() -> dict[str, object]:
    return {"project": st.text_input("所属项目", max_chars=200, placeholder="项目代码或名称")}


def _level() -> dict[str, object]:
    chosen = st.selectbox(
        "摘要任务作为节点", range(10), format_func=lambda number: f"第{number}级" if number else "不作为节点"
    )
    return {"outline_level": chosen or None}


def _baseline() -> dict[str, object]:
    return {"baseline": st.selectbox("以哪条基线为准", range(11), format_func=lambda number: f"基线 {number}")}


# Question → codes of the problems that it settles.
_QUESTIONS: tuple[tuple[Callable[[], dict[str, object]], frozenset[str]], ...] = (
    (_unit, frozenset({"unit_unknown", "unit_assumed"})),
    (_month, frozenset({"month_unknown"})),
    (_large, frozenset({"magnitude", "column_magnitude"})),
    (_order, frozenset({"date_order_unknown"})),
    (_system, frozenset({"crs_unknown"})),
    (_project, frozenset({"project_unknown", "project_ambiguous"})),
    (_level, frozenset({"schedule_no_milestones"})),
    (_baseline, frozenset({"schedule_several_baselines", "schedule_baseline_missing"})),
)
