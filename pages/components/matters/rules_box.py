"""清单规则: deadlines and steps of every list in words and as a form; saved as a new version with the reason."""

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd
import streamlit as st

from core.domain.matters.rules import LADDER_LABELS, SHIPPED, MatterRules, parse_rules, rules_to_dict
from core.domain.matters.words import Difficulty
from core.domain.permissions import Permission
from core.domain.terms import MatterKind
from core.domain.units import YUAN_PER_WAN, format_whole_wan
from core.services import matters
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, notify, plain, telling
from pages.components.state import Key

_COLUMNS = 4
_GRID = ("类型", "编号前缀", "须签收", "可退办", "须报接办报告", "须回访", "提请审定（万元及以上）")
_ARROW = "→"


def draw(frame: Frame) -> None:
    """Draw the rules in force, the versions before them, and the form for who may change them."""
    rules = matters.read_rules(frame.actor)
    may_edit = frame.actor.can(Permission.MANAGE_RULES)
    with card("matter_rules_words"):
        st.markdown(f"**现行规则：{plain(rules.name)}**")
        st.markdown("\n".join(f"- {plain(line)}" for line in in_words(rules)))
    if may_edit:
        shipped = {"": rules, **{code: one for code, one in SHIPPED.items() if one != rules}}
        start = st.selectbox(
            "从哪套规则开始修改",
            list(shipped),
            format_func=lambda code: shipped[code].name if code else "现行规则",
            width=420,
            key=state.variant(Key.MATTER_RULES, "start"),
        )
        with card("matter_rules_form"):
            _draw_form(frame, shipped[start or ""], start or "current")
    _draw_versions(frame)


def in_words(rules: MatterRules) -> tuple[str, ...]:
    """Return the rules as sentences."""
    ladder = rules.ladder
    answers = "、".join(f"{level.label} {rules.answer_days[level]}" for level in Difficulty)
    steps = "、".join(
        f"{LADDER_LABELS[name]} {'当日' if value == 0 else f'{value} 个工作日'}"
        for name, value in asdict(ladder).items()
        if name not in ("extension_before", "extension_max", "extensions", "pressed")
    )
    return (
        f"办理时限（工作日，自交办次日起算）：{answers}。",
        f"各环节：{steps}。",
        f"延期：到期前至少 {ladder.extension_before} 个工作日申请，单次最长 {ladder.extension_max} 个工作日，"
        f"最多 {ladder.extensions} 次。",
        f"逾期：依次{_ARROW.join(rules.pressing)}，每隔 {ladder.pressed} 个工作日升一级；"
        f"回访不满意的最多重办 {rules.redos} 次。",
        *(f"{kind.label}：{_kind_words(rules, kind)}。" for kind in MatterKind),
    )


def _kind_words(rules: MatterRules, kind: MatterKind) -> str:
    own = rules.of(kind)
    parts = [
        "须签收" if own.is_signed_for else "交办即办理",
        "可退办" if own.can_object else "不能退办",
        "一事两报告" if own.needs_first_report else "只报结果",
        "须回访" if own.is_visited else "不回访",
    ]
    if own.committee_from_yuan is not None:
        parts.append(f"{format_whole_wan(own.committee_from_yuan)} 万元及以上提请市委市政府审定")
    return "，".join(parts)


def _draw_form(frame: Frame, rules: MatterRules, start: str) -> None:
    with st.form(state.variant(Key.MATTER_RULES, start, rules.name), border=False):
        name = st.text_input("名称", rules.name, max_chars=60)
        st.markdown("**办理时限（工作日）**")
        answers = {
            level: int(column.number_input(level.label, 1, 365, rules.answer_days[level], step=1))
            for level, column in zip(Difficulty, st.columns(len(Difficulty)), strict=True)
        }
        st.markdown("**环节时限（工作日；0 = 当日）**")
        ladder = _draw_ladder(rules)
        left, right = st.columns([3, 1])
        pressing = left.text_input(f"逾期后的督办方式（由轻到重，用“{_ARROW}”分隔）", _ARROW.join(rules.pressing))
        redos = right.number_input("不满意最多重办（次）", 0, 9, rules.redos, step=1)
        st.markdown("**各类事项**")
        table = _draw_kinds(rules, start)
        reason = st.text_input(
            "修改原因和依据（必填）", max_chars=400, placeholder="如 按市政府办 2026 年第 12 号通知调整"
        )
        sent = st.form_submit_button("保存为新版本并启用", type="primary")
    if sent:
        with telling():
            body = {
                **rules_to_dict(rules),
                "name": name.strip() or rules.name,
                "ladder": ladder,
                "answer_days": {level.value: days for level, days in answers.items()},
                "pressing": [word.strip() for word in pressing.split(_ARROW)],
                "redos": int(redos),
                "kinds": _read_kinds(rules, table),
            }
            number = matters.save_rules(frame.actor, parse_rules(body), reason)
            notify(f"清单规则第 {number} 版已启用。已交办事项的期限不变。")
            st.rerun()


def _draw_ladder(rules: MatterRules) -> dict[str, int]:
    found: dict[str, int] = {}
    values = list(asdict(rules.ladder).items())
    for first in range(0, len(values), _COLUMNS):
        for (name, value), column in zip(values[first : first + _COLUMNS], st.columns(_COLUMNS), strict=False):
            found[name] = int(column.number_input(LADDER_LABELS[name], 0, 365, int(value), step=1))
    return found


def _draw_kinds(rules: MatterRules, start: str) -> pd.DataFrame:
    rows = []
    for kind in MatterKind:
        own = rules.of(kind)
        wan = None if own.committee_from_yuan is None else own.committee_from_yuan / YUAN_PER_WAN
        rows.append(
            (
                kind.label,
                own.code_prefix,
                own.is_signed_for,
                own.can_object,
                own.needs_first_report,
                own.is_visited,
                wan,
            )
        )
    return st.data_editor(
        pd.DataFrame(rows, columns=list(_GRID)),
        column_config={
            "编号前缀": st.column_config.TextColumn(max_chars=8, required=True),
            _GRID[-1]: st.column_config.NumberColumn(min_value=0.01, step=100.0, help="空 = 不按金额提请"),
        },
        disabled=["类型"],
        hide_index=True,
        placeholder="",
        width="stretch",
        key=state.variant(Key.MATTER_RULES, "kinds", start),
    )


def _read_kinds(rules: MatterRules, table: pd.DataFrame) -> Mapping[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    for kind, row in zip(MatterKind, table.itertuples(index=False, name=None), strict=True):
        wan = row[6]
        found[kind.value] = {
            **asdict(rules.of(kind)),
            "code_prefix": str(row[1] or "").strip(),
            "is_signed_for": bool(row[2]),
            "can_object": bool(row[3]),
            "needs_first_report": bool(row[4]),
            "is_visited": bool(row[5]),
            "committee_from_yuan": None if pd.isna(wan) else round(float(wan) * YUAN_PER_WAN),
        }
    return found


def _draw_versions(frame: Frame) -> None:
    versions = matters.rule_versions(frame.actor)
    if not versions:
        st.caption("还没有修改过，使用随系统提供的默认规则。")
        return
    rows = [(one.number, one.name, "在用" if one.is_active else "", one.reason) for one in versions]
    st.dataframe(
        pd.DataFrame(rows, columns=["版本", "名称", "状态", "修改原因和依据"]), hide_index=True, width="stretch"
    )
