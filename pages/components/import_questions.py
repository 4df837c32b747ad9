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
_MARKS = {"": _AS_FILE, ".": "小数点（1,234.5）", ",": "小数逗号（1.234,5）"}


def draw(frame: Frame, shown: Preview) -> Preview | None:
    """Ask what *shown* leaves open; return the new preview when it was answered."""
    codes = _codes(shown)
    asked = [ask for ask, reasons in _QUESTIONS if codes & reasons]
    if not asked:
        return None
    with st.form(state.variant(Key.IMPORT_QUESTIONS, shown.batch_id)):
        st.markdown("**文件没有写明，请确认**")
        answers: dict[str, object] = {}
        for column, ask in zip(st.columns(max(len(asked), 3)), asked, strict=False):
            with column:
                answers |= ask(frame)
        if not st.form_submit_button("按此重新检查", icon=":material/refresh:"):
            return None
    return imports.recheck(frame.actor, shown.batch_id, Answers(**answers))  # type: ignore[arg-type]


def _codes(shown: Preview) -> set[str]:
    codes = {problem.code for problem in shown.problems}
    # Whoever declared a system and was led astray is asked again.
    if "crs_declared" in codes and codes & {"wrong_zone", "outside_counties"}:
        codes.add("crs_unknown")
    return codes


def profile(frame: Frame, shown: Preview) -> Preview | None:
    """Say which profile was recognised; return the new preview when it was refused."""
    if not shown.profile:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(plain(f"已按方案“{shown.profile}”识别各列，请在“列对应”中核对。"), width="stretch")
        refused = st.button("不用方案", key=state.variant(Key.IMPORT_PROFILE, "drop"))
    return imports.recheck(frame.actor, shown.batch_id, Answers(profile_id=0)) if refused else None


def _month(_frame: Frame) -> dict[str, object]:
    chosen = st.selectbox(
        "累计截至月份", (0, *range(1, 13)), format_func=lambda number: f"{number}月" if number else _AS_FILE
    )
    return {"month": chosen or None}


def _unit(_frame: Frame) -> dict[str, object]:
    chosen = st.selectbox("金额单位", _UNITS)
    return {"money_unit": "" if chosen == _AS_FILE else chosen}


def _large(_frame: Frame) -> dict[str, object]:
    return {"accept_large_amounts": st.checkbox("大额已核对", help="数额过大被拒的行，核对无误后勾选再检查。")}


def _order(_frame: Frame) -> dict[str, object]:
    return {"date_order": st.selectbox("日期写法", tuple(_ORDERS), format_func=_ORDERS.__getitem__)}


def _mark(_frame: Frame) -> dict[str, object]:
    return {"decimal_mark": st.selectbox("数字写法", tuple(_MARKS), format_func=_MARKS.__getitem__)}


def _system(frame: Frame) -> dict[str, object]:
    names = dict(imports.list_systems(frame.actor))
    help_text = "请向出图单位确认。横坐标前带不带带号都能读取。"
    chosen = st.selectbox(
        "坐标系", tuple(names), index=None, placeholder="请选择", format_func=names.__getitem__, help=help_text
    )
    return {"crs": chosen or ""}


def _review(_frame: Frame) -> dict[str, object]:
    return {"review_number": st.text_input("审图号", max_chars=60, placeholder="例如 GS（2024）0650号")}


def _project(_frame: Frame) -> dict[str, object]:
    return {"project": st.text_input("所属项目", max_chars=200, placeholder="项目代码或名称")}


def _level(_frame: Frame) -> dict[str, object]:
    chosen = st.selectbox(
        "摘要任务作为节点", range(10), format_func=lambda number: f"第{number}级" if number else "不作为节点"
    )
    return {"outline_level": chosen or None}


def _baseline(_frame: Frame) -> dict[str, object]:
    return {"baseline": st.selectbox("以哪条基线为准", range(11), format_func=lambda number: f"基线 {number}")}


# Question → codes of the problems that it settles.
_QUESTIONS: tuple[tuple[Callable[[Frame], dict[str, object]], frozenset[str]], ...] = (
    (_unit, frozenset({"unit_unknown", "unit_assumed"})),
    (_month, frozenset({"month_unknown"})),
    (_large, frozenset({"magnitude", "column_magnitude"})),
    (_order, frozenset({"date_order_unknown"})),
    (_mark, frozenset({"number_format_unknown"})),
    (_system, frozenset({"crs_unknown", "zone_unknown", "old_datum"})),
    (_review, frozenset({"review_number_missing"})),
    (_project, frozenset({"project_unknown", "project_ambiguous"})),
    (_level, frozenset({"schedule_no_milestones"})),
    (_baseline, frozenset({"schedule_several_baselines", "schedule_baseline_missing"})),
)
