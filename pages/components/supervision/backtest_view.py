"""The result of a back-test: figures with their n, tables by level, rule and signal, the list behind each number."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.backtest import BacktestResult, Listed, Score, Signal, Verdict
from core.domain.terms import FlagLevel
from core.domain.units import format_pct
from core.services import backtests
from core.services.backtests import Backtest
from pages.components import state, theme
from pages.components.layout import PAGES_WIDTH, card
from pages.components.page import Frame, plain
from pages.components.state import Key
from pages.components.supervision import backtest_charts as charts
from pages.components.supervision import backtest_form, words
from pages.components.supervision import backtest_words as say

ROWS = 50
_ROW_PIXELS = 36


def draw(frame: Frame, found: Backtest) -> None:
    """Draw everything a result says."""
    with card("reading"):
        st.markdown(plain(say.reading(found)))
        _draw_figures(found.result)
        st.caption(plain(_origin(found)))
    if not found.result.score.total:
        return
    left, right = st.columns([1, 1.25], gap="medium")
    with left, card("levels"):
        _draw_levels(found.result)
    with right, card("signals"):
        _draw_signals(found.result)
    left, right = st.columns([1.25, 1], gap="medium")
    with left, card("sweep"):
        _draw_sweep(found)
    with right, card("leads"):
        _draw_leads(found.result)
    with card("rules"):
        _draw_rules(found)
    with card("listed"):
        _draw_list(frame, found.result)


def _draw_figures(result: BacktestResult) -> None:
    score, leads = result.score, result.leads
    quartiles = leads.quartiles
    spread = f"{len(leads.months)} 起"
    if quartiles:
        spread += f"；中间一半在 {say.months(quartiles[0])}—{say.months(quartiles[2])} 个月"
    middle = quartiles[1] if quartiles else None
    cells = (
        ("命中率", format_pct(score.precision), f"命中 {score.hits} / 亮旗 {score.alarms} 项次"),
        ("查全率", format_pct(score.recall), f"命中 {score.hits} / 后来滞后 {score.delayed} 项次"),
        ("误报率", format_pct(score.false_alarm_share), f"误报 {score.false_alarms} / 亮旗 {score.alarms} 项次"),
        ("基准滞后率", format_pct(score.base_rate), f"后来滞后 {score.delayed} / 全部 {score.total} 项次"),
        ("提前（月，中位数）", say.months(middle), spread),
    )
    for column, (label, value, note) in zip(st.columns(len(cells)), cells, strict=True):
        with column.container(gap=None):
            st.metric(label, value)
            st.caption(plain(note))


def _origin(found: Backtest) -> str:
    result = found.result
    source = f"旗色：{found.rule_set.name} 第 {found.rule_set.version} 版按当时已知数据测算"
    if found.published:
        source = f"旗色：{'、'.join(month.label for month in found.published)}取已发布轮次，其余月份按{source[3:]}"
    early = f"命中的 {result.score.hits} 项次中 {result.score.early} 项次在滞后成为事实之前的月份就已亮旗"
    return (
        f"一个项目一个月为一项次。“后来滞后”指{found.request.definition.label}。{source}。{early}。"
        f"另有 {result.exempt} 项次不评旗、{result.undecided} 项次后果未定或无从判定，不计入。"
    )


def _draw_levels(result: BacktestResult) -> None:
    st.subheader("各旗色后来怎样", anchor=False)
    levels = sorted(result.levels, key=lambda row: words.ORDER.index(row.level))
    table = pd.DataFrame(
        [
            (
                f"{theme.flag_mark(row.level).text}（{row.level.label}）",
                row.delayed,
                row.cases - row.delayed,
                row.cases,
                format_pct(Score(hits=row.delayed, false_alarms=row.cases - row.delayed).precision),
            )
            for row in levels
        ],
        columns=["旗色", "后来滞后", "未滞后", "合计", "滞后占比"],
    )
    _paint(table, [row.level for row in levels])


def _draw_signals(result: BacktestResult) -> None:
    st.subheader("谁说得准", anchor=False)
    rows = [
        (
            signal.label,
            score.alarms,
            score.hits,
            score.false_alarms,
            score.missed,
            format_pct(score.precision),
            format_pct(score.recall),
            score.total,
        )
        for signal, score in result.signals.items()
    ]
    _table(rows, ["信号", "亮旗", "命中", "误报", "漏报", "命中率", "查全率", "项次"])
    said = result.signals[Signal.SELF_REPORT].total
    changed = f"人工调整过 {result.overridden} 项次" if result.overridden else "本时段没有人工调整"
    st.caption(
        plain(f"{changed}。单位自报以当月月报是否填写“存在困难”为准，当时已报 {said} 项次。后两行是比较的尺子。")
    )


def _draw_sweep(found: Backtest) -> None:
    st.subheader("换一个阈值会怎样", anchor=False)
    rule = next((rule for rule in found.rule_set.rules if rule.code == found.request.sweep_rule), None)
    if rule is None:
        st.caption("在上方选择一条规则，试算不同阈值下的命中率和查全率。")
        return
    scores = found.result.sweep
    st.plotly_chart(charts.sweep_figure(rule, found.thresholds, scores), config=charts.CONFIG, theme=None)
    tried = list(zip(found.thresholds, scores, strict=True))
    old = next((pair for pair in tried if pair[0] == rule.threshold), None)
    new = next((pair for pair in tried if pair[0] >= rule.threshold * 3 / 2), tried[-1])
    if old is not None:
        st.caption(plain(f"{backtest_form.rule_label(rule)}。{say.other_threshold(old, new)}"))
    with st.expander("各阈值明细"):
        rows = [
            (
                say.number(value),
                score.alarms,
                score.hits,
                score.false_alarms,
                score.missed,
                format_pct(score.precision),
                format_pct(score.recall),
            )
            for value, score in tried
        ]
        _table(rows, ["阈值", "亮旗", "命中", "误报", "漏报", "命中率", "查全率"])


def _draw_leads(result: BacktestResult) -> None:
    st.subheader("提前多久预警", anchor=False)
    leads = result.leads
    if not (leads.months or leads.too_late or leads.never):
        st.caption("时段内没有项目后来滞后。")
        return
    st.plotly_chart(charts.lead_figure(leads), config=charts.CONFIG, theme=None)
    st.caption(
        plain(
            f"同一项目的同一次滞后为一起。亮旗不晚于滞后的 {len(leads.months)} 起，"
            f"滞后之后才亮旗 {leads.too_late} 起，时段内从未亮旗 {leads.never} 起。"
        )
    )


def _draw_rules(found: Backtest) -> None:
    st.subheader("哪条规则说得准", anchor=False)
    known = {rule.code: backtest_form.rule_label(rule).partition("　")[2] for rule in found.rule_set.rules}
    rows = [
        (
            rule.code,
            known.get(rule.code, "连续亮旗、补完等轮次规则"),
            rule.score.alarms,
            rule.score.hits,
            rule.score.false_alarms,
            format_pct(rule.score.precision),
            format_pct(rule.score.recall),
            rule.score.early,
            rule.alone,
        )
        for rule in found.result.rules
    ]
    if not rows:
        st.caption("时段内没有规则要求亮黄旗或红旗。")
        return
    _table(rows, ["规则", "内容", "亮旗", "命中", "误报", "命中率", "查全率", "提前命中", "仅此规则"])


def _draw_list(frame: Frame, result: BacktestResult) -> None:
    counts = {verdict: sum(row.verdict is verdict for row in result.listed) for verdict in list(Verdict)[:3]}
    verdict = st.segmented_control(
        "数字背后的项目",
        list(counts),
        key=Key.BACKTEST_VERDICT.value,
        default=Verdict.HIT,
        format_func=lambda verdict: f"{verdict.label}（{counts[verdict]}）",
        required=True,
    )
    rows = [row for row in result.listed if row.verdict is verdict][::-1]
    if not rows:
        st.caption("没有这样的项次。")
        return
    pages = -(-len(rows) // ROWS)
    number = min(state.get(Key.BACKTEST_PAGE) or 1, pages)
    shown = rows[(number - 1) * ROWS : number * ROWS]
    _draw_listed(shown, backtests.names(frame.actor, tuple(sorted({row.project_id for row in shown}))))
    with st.container(horizontal=True, vertical_alignment="center"):
        first = (number - 1) * ROWS
        st.caption(f"第 {first + 1}—{first + len(shown)} 项次，共 {len(rows)} 项次。点击“打开”查看项目。")
        st.space("stretch")
        if pages > 1:
            st.pagination(pages, key=Key.BACKTEST_PAGE.value, width=PAGES_WIDTH)


def _draw_listed(rows: list[Listed], names: dict[int, str]) -> None:
    column = st.column_config
    table = pd.DataFrame(
        [
            (
                row.month.label,
                theme.flag_mark(row.level).text,
                names.get(row.project_id, ""),
                "、".join(row.codes),
                row.fact_on,
                f"/project?id={row.project_id}",
            )
            for row in rows
        ],
        columns=["月份", "旗色", "项目", "亮旗规则", "滞后成为事实", "项目详情"],
    )
    _paint(
        table,
        [row.level for row in rows],
        height=min(420, (len(table) + 1) * _ROW_PIXELS + 3),
        column_config={
            "月份": column.TextColumn(width=100),
            "旗色": column.TextColumn(width=80),
            "项目": column.TextColumn(width=420),
            "亮旗规则": column.TextColumn(width=180),
            "滞后成为事实": column.DateColumn(format="YYYY-MM-DD", width=110),
            "项目详情": column.LinkColumn(display_text="打开", width=80),
        },
    )


def _paint(table: pd.DataFrame, levels: list[FlagLevel], **options: Any) -> None:
    """Draw a table whose column 旗色 bears the colour of each row's level."""

    def colours(column: "pd.Series[Any]") -> list[str]:
        return [f"color: {theme.flag_mark(level).colour.word}" for level in levels]

    styled = table.style.apply(colours, subset=["旗色"])
    st.dataframe(styled, hide_index=True, row_height=_ROW_PIXELS, **({"height": "content"} | options))


def _table(rows: list[tuple[object, ...]], columns: list[str]) -> None:
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, height="content", row_height=_ROW_PIXELS)
