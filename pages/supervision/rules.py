"""规则: rule sets in words and as tables; what a change would move now; a new version with a reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.flag_codec import parse_rule_set, rule_set_to_dict, sequence_to_dict
from core.domain.flag_rules import CatchUp, Escalation, FlagRuleSet, ScheduleBasis
from core.domain.flag_words import rule_set_in_words
from core.domain.permissions import Permission
from core.domain.terms import FlagLevel
from core.domain.units import YUAN_PER_WAN
from core.services import rule_sets
from core.services.rule_sets import KnownRuleSet, Preview
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, notify, page, plain, telling
from pages.components.state import Key
from pages.components.supervision import rule_grid, words

_NOTE = "阈值、等级和说法都是数据：修改后先看“本轮会变什么”，再连同原因保存为新版本。已发布的轮次保留当时的规则。"
_MERGES = {None: "单独显示", FlagLevel.OK: "并入正常", FlagLevel.WARN: "并入滞后"}


def _draw_words(chosen: KnownRuleSet) -> None:
    rules = chosen.rules
    with card("rules_words"):
        st.markdown("\n".join(f"- {plain(line)}" for line in rule_set_in_words(rules)))
        if rules.source or rules.note:
            st.caption(plain(f"来源：{rules.source or '未注明'}。{rules.note}"))


def _draw_form(chosen: KnownRuleSet) -> tuple[dict[str, Any], str, str]:
    """Draw the form; return the edited set as a row, the reason, and which button was pressed."""
    rules, key = chosen.rules, f"{chosen.id or chosen.rules.code}_{chosen.rules.version}"
    with st.form(state.variant(Key.RULES_FORM, key), border=False):
        name, basis, merge, smallest = st.columns([3, 3, 2, 2])
        row = rule_set_to_dict(rules)
        row["name"] = name.text_input("名称", rules.name, max_chars=60)
        bases = list(ScheduleBasis)
        chosen_basis = basis.selectbox(
            "序时口径", bases, index=bases.index(rules.basis), format_func=lambda item: item.label
        )
        merges = list(_MERGES)
        merged = merge.selectbox(
            "“提示”等级", merges, index=merges.index(rules.merge_notice_into), format_func=lambda item: _MERGES[item]
        )
        floor = smallest.number_input(
            "评价起点（年计划，万元）", min_value=0, step=100, value=rules.min_annual_plan_yuan // YUAN_PER_WAN
        )
        st.markdown("**项目规则**")
        projects = rule_grid.draw(rules.rules, state.variant(Key.RULES_FORM, key, "rules"), for_groups=False)
        st.markdown("**县区、指挥部、单位规则**")
        groups = rule_grid.draw(rules.group_rules, state.variant(Key.RULES_FORM, key, "groups"), for_groups=True)
        run, catch, retention = st.columns([3, 3, 2], vertical_alignment="bottom")
        escalation = rules.escalation
        rounds = run.number_input(
            "连续几轮黄旗转红旗（0 = 不升级）", 0, 12, escalation.rounds if escalation else 0, step=1
        )
        caught = catch.checkbox("上轮逾期节点本轮补完的亮黄旗、不升级", rules.catch_up is not None)
        kept = retention.number_input("专项债质保金（%）", 0, 20, rules.retention_pct, step=1)
        reason = st.text_input(
            "修改原因（保存时必填）", max_chars=400, placeholder="如 按市委督查室 2026 年第 3 号通知调整"
        )
        with st.container(horizontal=True):
            pressed = {
                "preview": st.form_submit_button("本轮会变什么"),
                "save": st.form_submit_button("保存为新版本"),
                "use": st.form_submit_button("保存并启用", type="primary"),
            }
    row |= {
        "basis": chosen_basis.value,
        "merge_notice_into": merged.value if merged else None,
        "min_annual_plan_yuan": int(floor) * YUAN_PER_WAN,
        "rules": rule_grid.rows_of(projects, for_groups=False),
        "group_rules": rule_grid.rows_of(groups, for_groups=True),
        "escalation": sequence_to_dict(_escalation(rules, int(rounds))),
        "catch_up": sequence_to_dict((rules.catch_up or CatchUp("SEQ-DONE")) if caught else None),
        "retention_pct": int(kept),
    }
    return row, reason, next((verb for verb, is_pressed in pressed.items() if is_pressed), "")


def _escalation(rules: FlagRuleSet, rounds: int) -> Escalation | None:
    if rounds == 0:
        return None
    return replace(rules.escalation, rounds=rounds) if rules.escalation else Escalation("SEQ-01", rounds)


def _draw_preview(found: Preview) -> None:
    with card("rules_preview"):
        st.subheader("本轮会变什么", anchor=False)
        if not found.projects:
            st.info("还没有列入年度计划的项目，暂时没有可对照的旗色。")
            return
        st.caption(
            f"按当前数据对 {found.projects:,} 个在册项目逐一比较在用规则与修改后的规则（未计连续升级和人工调整）。"
        )
        if not found.moved:
            st.success("旗色没有变化。")
            return
        share = Decimal(100 * found.moved) / Decimal(found.projects)
        told = "、".join(f"{words.word(old)}转{words.word(new)} {count}" for old, new, count in found.moves)
        st.markdown(plain(f"共 {found.moved:,} 个项目旗色变化（{share:.1f}%）：{told}。"))
        rows = [
            (item.name, words.text(item.before), words.text(item.after), "；".join(item.reasons))
            for item in found.movers
        ]
        st.dataframe(
            pd.DataFrame(rows, columns=["项目", "在用规则", "修改后", "依据"]), hide_index=True, width="stretch"
        )
        if len(found.movers) < found.moved:
            st.caption(f"先列出变化最重的 {len(found.movers)} 项。")


def _preview(frame: Frame, edited: FlagRuleSet) -> Preview:
    bar = st.progress(0.0, "正在逐项比较…")
    try:
        return rule_sets.preview(frame.actor, edited, lambda done, whole: bar.progress(done / max(whole, 1)))
    finally:
        bar.empty()


def _act(frame: Frame, row: dict[str, Any], reason: str, pressed: str) -> None:
    with telling():
        edited = parse_rule_set(row)
        if pressed == "preview":
            state.put(Key.RULES_PREVIEW, _preview(frame, edited))
            return
        with st.spinner("正在保存并重新测算…"):
            rule_sets.save(frame.actor, edited, reason, put_in_force=pressed == "use")
        state.take(Key.RULES_PREVIEW)
        state.take(Key.RULES_CHOSEN)
        notify(f"“{edited.name}”已保存为新版本{'并启用，实时旗色已按新规则测算' if pressed == 'use' else ''}。")
        st.rerun()


def _draw_switch(frame: Frame, chosen: KnownRuleSet) -> None:
    """Offer to put another set in force as it is; what is shipped is kept as a version first, the default apart."""
    with st.popover("启用这套规则"):
        reason = st.text_input("启用原因", key=state.variant(Key.RULES_FORM, "use"), max_chars=400)
        if st.button("确认启用", type="primary", key=state.variant(Key.RULES_FORM, "confirm")):
            with telling():
                with st.spinner("正在按新规则重新测算…"):
                    if chosen.id is None and chosen.rules.code != "default":
                        rule_sets.save(frame.actor, chosen.rules, reason, put_in_force=True)
                    else:
                        rule_sets.put_in_force(frame.actor, chosen.id, reason)
                state.take(Key.RULES_CHOSEN)
                notify(f"已启用“{chosen.rules.name}”，实时旗色已按新规则测算。")
                st.rerun()


with page("督查规则", Permission.MANAGE_RULES, note=_NOTE, live=True) as frame:
    known = rule_sets.list_rule_sets(frame.actor)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "规则集",
            range(len(known)),
            key=Key.RULES_CHOSEN.value,
            format_func=lambda number: known[number].label,
            width=460,
            on_change=state.take,
            args=(Key.RULES_PREVIEW,),
        )
        chosen = known[place or 0]
        if not chosen.is_active:
            _draw_switch(frame, chosen)
    _draw_words(chosen)
    with card("rules_edit"):
        edited_row, why, verb = _draw_form(chosen)
    if verb:
        _act(frame, edited_row, why, verb)
    shown = state.get(Key.RULES_PREVIEW)
    if shown is not None:
        _draw_preview(shown)
