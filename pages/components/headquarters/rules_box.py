"""组建清单: the checklist a new headquarters begins with, edited as a table, kept as versions."""

from typing import Any

import pandas as pd
import streamlit as st

from core.domain.headquarters import MAX_NAME, MAX_WORKDAYS, Post, SetUpList, SetUpStep
from core.services import headquarters as service
from pages.components.page import Frame, notify, telling
from pages.components.state import Key

_POSTS = {post.label: post for post in Post}


def draw(frame: Frame) -> None:
    """Draw the table and its save."""
    rules = service.read_set_up(frame.actor)
    st.caption("新成立的指挥部按此清单排期；工作日自成立之日起算。已在组建的指挥部不受影响。")
    cells = [(step.name, step.workdays, step.post.label if step.post else None) for step in rules.steps]
    with st.form(Key.HQ_RULES.value):
        typed = st.data_editor(
            pd.DataFrame(cells, columns=["事项", "工作日", "任命后自动完成"]),
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_config={
                "事项": st.column_config.TextColumn(max_chars=MAX_NAME, required=True),
                "工作日": st.column_config.NumberColumn(min_value=1, max_value=MAX_WORKDAYS, step=1, required=True),
                "任命后自动完成": st.column_config.SelectboxColumn(options=list(_POSTS)),
            },
        )
        reason = st.text_input("修改原因和依据", max_chars=200)
        sent = st.form_submit_button("保存为新版本", type="primary")
    if sent:
        with telling():
            number = service.save_set_up(frame.actor, rules_of(rules, typed), reason)
            notify(f"组建清单第 {number} 版已生效。")
            st.rerun()


def rules_of(before: SetUpList, typed: pd.DataFrame) -> SetUpList:
    """Return the typed list; a step that keeps its name keeps its code."""
    codes = {step.name: step.code for step in before.steps}
    steps = []
    for number, row in enumerate(typed.to_dict("records"), start=1):
        name = _text(row["事项"])
        if name:
            days = row["工作日"]
            post = _POSTS.get(_text(row["任命后自动完成"]))
            steps.append(SetUpStep(codes.get(name, f"own{number}"), name, 0 if pd.isna(days) else int(days), post))
    return SetUpList(before.name, tuple(steps))


def _text(cell: Any) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell).strip()
