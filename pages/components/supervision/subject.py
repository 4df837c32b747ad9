"""The drawer of one subject of a round: reasons, history, process facts, and the override form."""

from collections.abc import Sequence
from fractions import Fraction

import streamlit as st

from core.domain.supervision_terms import SubjectKind
from core.domain.units import NOTHING, format_pct, format_pp, format_yi
from core.services.rounds import DecisionRow, DecisionView, HistoryRow, RoundView
from pages.components import markup, state, theme
from pages.components.page import Frame
from pages.components.state import Key
from pages.components.supervision import override_box, process_box, reads, words

Subject = tuple[SubjectKind, int]
ROUNDS_SHOWN = 8
PIXELS = 880


def show(frame: Frame, view: RoundView) -> None:
    """Draw the drawer of the subject that was opened, if any."""
    wanted: Subject | None = state.get(Key.ROUND_SUBJECT)
    if wanted is not None:
        found = reads.subject(frame, view.row.id, *wanted)
        title = f"{found.row.kind.label}督查依据"
        st.dialog(title, width=PIXELS, position="right", on_dismiss=_close)(_draw)(frame, view, found)


def _close() -> None:
    state.take(Key.ROUND_SUBJECT)


def _draw(frame: Frame, view: RoundView, found: DecisionView) -> None:
    row = found.row
    markup.show("supervision/style.html")
    _draw_steps((row.kind, row.subject_id))
    draw_reasons(found, is_first=view.previous is None)
    st.markdown("**人工调整**")
    override_box.draw(frame, view, found)
    st.markdown("**督查记录**")
    process_box.draw(frame, row.kind, row.subject_id, reads.processes_of(frame, row.kind, row.subject_id))


def _draw_steps(shown: Subject) -> None:
    """Lead on to the subjects beside this one in the lane or table it was opened from."""
    among: tuple[Subject, ...] = state.get(Key.ROUND_AMONG) or ()
    if shown not in among or len(among) < 2:
        return
    place = among.index(shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        for word, icon, to, key in (
            ("上一个", "chevron_left", place - 1, "Alt+ArrowLeft"),
            ("下一个", "chevron_right", place + 1, "Alt+ArrowRight"),
        ):
            if st.button(
                word,
                icon=f":material/{icon}:",
                key=state.variant(Key.ROUND_STEP, word),
                disabled=not 0 <= to < len(among),
                shortcut=key,
            ):
                state.put(Key.ROUND_SUBJECT, among[to])
                st.rerun()
        st.caption(f"第 {place + 1} 个，共 {len(among)} 个")


def draw_reasons(found: DecisionView, *, is_first: bool) -> None:
    """Draw level, figures, history and every rule hit of a flag; *is_first* = there was no round before."""
    row = found.row
    is_project = row.kind is SubjectKind.PROJECT
    markup.show(
        "supervision/subject.html",
        mark=theme.flag_mark(row.level),
        text=words.text(row.level),
        name=row.name,
        change="" if is_first else words.change(row.previous_level, row.level),
        streak=words.streak(row.streak),
        computed=words.text(row.computed_level) if row.computed_level is not row.level else "",
        address=f"/project?id={row.subject_id}" if is_project else "",
        facts=_facts(row),
    )
    if found.history:
        markup.show("supervision/past.html", past=past_marks(found.history))
    markup.show("supervision/hits.html", rows=words.hit_rows(row.hits, row.subject_id if is_project else None))


def _facts(row: DecisionRow) -> list[tuple[str, str]]:
    facts = row.facts
    plan = facts.annual_plan_yuan
    done = Fraction(facts.ytd_done_yuan, plan) if plan else None
    gap = None if row.gap_milli_pp is None else Fraction(row.gap_milli_pp, 1000)
    pairs = [
        ("编号", facts.code),
        ("县区", facts.county),
        ("指挥部", facts.headquarters),
        ("责任单位", facts.unit),
        ("包保领导", facts.leader),
        ("项目数", str(facts.projects) if row.kind is not SubjectKind.PROJECT else ""),
        ("完成 / 年计划", f"{format_yi(facts.ytd_done_yuan, 2)} / {format_yi(plan, 2)} 亿元" if plan else NOTHING),
        ("完成率", format_pct(done)),
        ("序时差", f"{format_pp(gap)} 个百分点" if gap is not None else NOTHING),
        ("本期完成", f"{format_yi(facts.period_done_yuan, 2)} 亿元"),
    ]
    return [(label, text) for label, text in pairs if text and text != row.name]


def past_marks(history: Sequence[HistoryRow]) -> list[dict[str, object]]:
    """Return the flags of the last rounds as marks, the earliest first."""
    return [
        {
            "mark": theme.flag_mark(item.level),
            "text": words.text(item.level),
            "label": f"{item.year}-{item.number} 轮",
            "reasons": "；".join(item.reasons) or "未触发任何规则",
        }
        for item in reversed(history[:ROUNDS_SHOWN])
    ]
