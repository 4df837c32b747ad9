"""Rules as tables to edit: rules ↔ rows with Chinese words, so that an office can paste from Excel."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from core.domain.flag_rules import FlagMeasure, FlagRule, GroupMeasure, GroupRule, Operator
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel, Term, YearClass

LEVELS = (FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE)
GROUPS = tuple(kind for kind in SubjectKind if kind is not SubjectKind.PROJECT)
CODE, MEASURE, OPERATOR, THRESHOLD, LEVEL, REASON, APPLIES = (
    "代码",
    "指标",
    "比较",
    "阈值",
    "等级",
    "亮旗原因",
    "适用对象",
)
_ALL = "全部"
T = TypeVar("T", bound=Term)


def draw(rules: Sequence[FlagRule | GroupRule], key: str, *, for_groups: bool) -> pd.DataFrame:
    """Draw the table and return it as edited."""
    measures = GroupMeasure if for_groups else FlagMeasure
    members = GROUPS if for_groups else tuple(YearClass)
    rows = [_row(rule) for rule in rules]
    columns = [CODE, MEASURE, OPERATOR, THRESHOLD, LEVEL, REASON, APPLIES]
    # A text column keeps 10.50 as it was typed; a number column would hand back a float.
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    edited: pd.DataFrame = st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        height="content",
        hide_index=True,
        width="stretch",
        column_config={
            CODE: st.column_config.TextColumn(width=90, required=True, max_chars=32),
            MEASURE: st.column_config.SelectboxColumn(width=230, required=True, options=_labels(tuple(measures))),
            OPERATOR: st.column_config.SelectboxColumn(width=80, required=True, options=_labels(tuple(Operator))),
            THRESHOLD: st.column_config.TextColumn(width=60, required=True, max_chars=20),
            LEVEL: st.column_config.SelectboxColumn(width=90, required=True, options=_labels(LEVELS)),
            REASON: st.column_config.TextColumn(width=260, required=True, max_chars=200),
            APPLIES: st.column_config.TextColumn(
                width=150, help=f"“{_ALL}”，或用顿号隔开：{'、'.join(_labels(members))}"
            ),
        },
    )
    return edited


def rows_of(edited: pd.DataFrame, *, for_groups: bool) -> list[dict[str, Any]]:
    """Return the edited table as rule rows for ``parse_rule_set``; unknown words stay, so that they are named there."""
    measures: tuple[Term, ...] = tuple(GroupMeasure) if for_groups else tuple(FlagMeasure)
    members: tuple[Term, ...] = GROUPS if for_groups else tuple(YearClass)
    rows = []
    for cells in edited.to_dict("records"):
        words = {
            name: "" if cells[name] is None or pd.isna(cells[name]) else str(cells[name]).strip() for name in cells
        }
        if not any(words.values()):
            continue
        applies = [word.strip() for word in words[APPLIES].replace("，", "、").replace(",", "、").split("、")]
        rows.append(
            {
                "code": words[CODE],
                "measure": _code(words[MEASURE], measures),
                "operator": _code(words[OPERATOR], tuple(Operator)),
                "threshold": words[THRESHOLD],
                "level": _code(words[LEVEL], LEVELS),
                "reason_template": words[REASON],
                "applies": [_code(word, members) for word in applies if word and word != _ALL],
            }
        )
    return rows


def _row(rule: FlagRule | GroupRule) -> tuple[str, ...]:
    applies = "、".join(member.label for member in rule.applies) or _ALL
    threshold = f"{Decimal(rule.threshold):f}"
    level = rule.level.label
    return rule.code, rule.measure.label, rule.operator.label, threshold, level, rule.reason_template, applies


def _labels(terms: Sequence[Term]) -> list[str]:
    return [term.label for term in terms]


def _code(label: str, terms: Sequence[T]) -> str:
    return next((term.value for term in terms if term.label == label), label)
