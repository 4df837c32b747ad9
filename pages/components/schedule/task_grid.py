"""Tasks as a table to edit: rows of cells ↔ tasks, so that an office can paste from Excel or MS Project."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.domain.backward_network import MAX_NAME, MAX_RESPONSIBLE, Task, parse_links
from core.domain.backward_schedule import Placed
from core.domain.errors import Invalid, Problem

CODE, NAME, DAYS, BEFORE, KEY, WHO = "序号", "任务", "工期", "前置", "关键", "责任单位"
EARLIEST, FIXED, DONE = "不早于", "不晚于", "已完成"
START, FINISH, FLOAT = "最迟开始", "最迟完成", "机动"
_COMPUTED = (START, FINISH, FLOAT)
TYPED = (CODE, NAME, DAYS, BEFORE, KEY, WHO, EARLIEST, FIXED, DONE)
_DATED = (EARLIEST, FIXED, DONE)
_ROW_PIXELS, _TALLEST = 35, 640
LINKS_HELP = "前置任务的序号，用顿号隔开。“3”= 3 完成后开始；“3压10天”“3压50%”= 3 做完 10 天或一半即可开始（压茬）"

Row = dict[str, Any]


def rows_of_tasks(tasks: Sequence[Task]) -> tuple[Row, ...]:
    """Return *tasks* as rows of the table."""
    return tuple(
        {
            CODE: task.code,
            NAME: task.name,
            DAYS: task.duration_days,
            BEFORE: task.links_text,
            KEY: task.is_key,
            WHO: task.responsible,
            EARLIEST: task.earliest_on,
            FIXED: task.must_finish_on,
            DONE: task.done_on,
        }
        for task in tasks
    )


def tasks_of_rows(rows: Sequence[Row]) -> tuple[Task, ...]:
    """
    Return the rows as tasks; a row without number gets the next one.

    Raises:
        Invalid: Cells that cannot be read, all of them named.
    """
    problems: list[Problem] = []
    taken = {str(row[CODE]) for row in rows if row[CODE]}
    # A number that others still wait for is not given to another task: that would tie them to it unseen.
    taken |= {link.predecessor for row in rows for link in parse_links(row[BEFORE]) or ()}
    tasks = []
    for row in rows:
        code = row[CODE] or _free(taken)
        taken.add(code)
        links, days = parse_links(row[BEFORE]), row[DAYS]
        if links is None:
            text = f"任务 {code} 的前置“{row[BEFORE][:40]}”看不懂。请写成“3、4压10天、5压50%”的样子。"
            problems.append(Problem(code, "links", text))
        if days is None:
            problems.append(Problem(code, "duration", f"任务 {code} 没有工期，请填工作日数。"))
        dates = {name: row[name] for name in _DATED}
        tasks.append(
            Task(
                code,
                row[NAME],
                days or 1,
                links or (),
                bool(row[KEY]),
                row[WHO],
                dates[EARLIEST],
                dates[FIXED],
                dates[DONE],
            )
        )
    if problems:
        raise Invalid(problems)
    return tuple(tasks)


def draw(rows: Sequence[Row], placed: Mapping[str, Placed], key: str, *, with_dates: bool = True) -> tuple[Row, ...]:
    """
    Draw the table to edit and return it as typed; blank rows are left out.

    Args:
        placed: Computed days by task number, shown beside; empty = none.
        with_dates: Also the days that belong to a project (a template has none).
    """
    edited: pd.DataFrame = st.data_editor(
        _frame(rows, placed, with_dates=with_dates),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height=min(_TALLEST, _ROW_PIXELS * (len(rows) + 2) + 3),
        disabled=list(_COMPUTED),
        column_config=_columns(),
        placeholder="",
    )
    return rows_of_frame(edited)


def show(rows: Sequence[Row], placed: Mapping[str, Placed]) -> None:
    """Draw the table for those who may not change it."""
    height = min(_TALLEST, _ROW_PIXELS * (len(rows) + 1) + 3)
    table = _frame(rows, placed, with_dates=True)
    st.dataframe(table, hide_index=True, width="stretch", height=height, column_config=_columns(), placeholder="")


def rows_of_frame(edited: pd.DataFrame) -> tuple[Row, ...]:
    """Return the edited table as clean cells."""
    rows = []
    for cells in edited.to_dict("records"):
        row: Row = {
            name: _date(cells.get(name)) if name in _DATED else _text(cells.get(name))
            for name in TYPED
            if name not in (DAYS, KEY)
        }
        row[DAYS] = _whole(cells.get(DAYS))
        row[KEY] = bool(cells.get(KEY)) and not pd.isna(cells.get(KEY))
        if any(value not in (None, "", False) for value in row.values()):
            rows.append(row)
    return tuple(rows)


def _frame(rows: Sequence[Row], placed: Mapping[str, Placed], *, with_dates: bool) -> pd.DataFrame:
    computed = [placed.get(str(row[CODE])) for row in rows]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in (CODE, NAME)}
    columns[DAYS] = pd.array([row[DAYS] for row in rows], dtype="Int64")
    columns[BEFORE] = [row[BEFORE] for row in rows]
    if with_dates:
        columns[START] = [item.start_on if item else None for item in computed]
        columns[FINISH] = [item.finish_on if item else None for item in computed]
        columns[FLOAT] = [_float_text(item) for item in computed]
    columns[KEY] = [row[KEY] for row in rows]
    columns[WHO] = [row[WHO] for row in rows]
    if with_dates:
        columns |= {name: [row[name] for row in rows] for name in _DATED}
    table = pd.DataFrame(columns)
    table[KEY] = table[KEY].astype(bool)
    for name in (CODE, NAME, BEFORE, WHO):
        table[name] = table[name].astype("object")
    for name in (START, FINISH, *_DATED):
        if name in table:
            table[name] = pd.to_datetime(table[name])
    return table


def _float_text(item: Placed | None) -> str:
    """Return the float in words and shape: who cannot see colours must find what is missing."""
    if item is None:
        return ""
    if item.task.done_on is not None:
        return "已完成"
    if item.float_days < 0:
        return f"■ 差 {-item.float_days}"
    return f"◆ {item.float_days}" if item.is_critical else str(item.float_days)


def _columns() -> dict[str, Any]:
    day = {"format": "YYYY-MM-DD", "width": 86}
    config = st.column_config
    return {
        CODE: config.TextColumn(width=62, max_chars=16, help="不填自动编号；前置按序号引用"),
        NAME: config.TextColumn(width=196, max_chars=MAX_NAME, required=True),
        DAYS: config.NumberColumn(width=70, min_value=1, max_value=1500, step=1, help="工作日，不含休息日"),
        BEFORE: config.TextColumn(width=118, max_chars=200, help=LINKS_HELP),
        START: config.DateColumn(**day, help="晚于这一天开始就赶不上完成日期"),
        FINISH: config.DateColumn(**day, help="计划日期，定为基线时取这一天"),
        FLOAT: config.TextColumn(width=68, help="机动时间（工作日）；◆ 在关键线路上，■ 来不及"),
        KEY: config.CheckboxColumn(width=62, help="关键节点：定为基线时建成节点"),
        WHO: config.TextColumn(width=90, max_chars=MAX_RESPONSIBLE),
        EARLIEST: config.DateColumn(**day, help="如汛后、交地后才能开始"),
        FIXED: config.DateColumn(**day, help="已定死的节点：必须在这一天前完成"),
        DONE: config.DateColumn(**day, help="已经完成的任务填实际完成日，不再占用工期"),
    }


def _free(taken: set[str]) -> str:
    return str(max((int(code) for code in taken if code.isascii() and code.isdigit()), default=0) + 1)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _date(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    stamp: pd.Timestamp = pd.to_datetime(value)
    return stamp.date()
