"""旗色回测: did red and yellow predict the later delay, rule by rule, and with other thresholds."""

import streamlit as st

from core.domain.permissions import Permission
from core.services import backtests
from core.services.backtests import BacktestRequest
from pages.components import state
from pages.components.layout import card
from pages.components.page import Frame, page
from pages.components.state import Key
from pages.components.supervision import backtest_form, backtest_view

_NOTE = "把过去各月的旗色与后来的事实对照：黄旗、红旗说中了多少，误报、漏报了多少，提前多久，换一个阈值会怎样。"
_FEW_PROJECTS = 2_000  # so many are answered while the page opens; more wait for the button
_LEAST_MONTHS = 2


def _answer(frame: Frame, request: BacktestRequest) -> None:
    bar = st.empty()

    def tell(done: int, total: int) -> None:
        bar.progress(done / total, text=f"正在回测：已读 {done:,} / {total:,} 个项目")

    found = backtests.run(frame.actor, request, tell)
    bar.empty()
    backtest_view.draw(frame, found)


with page("旗色回测", Permission.MANAGE_ROUNDS, also=Permission.APPROVE_OVERRIDE, note=_NOTE) as frame:
    known = backtests.choices(frame.actor)
    if len(known.months) < _LEAST_MONTHS:
        st.info("历史太短：至少要有两个月的月报才能回测。请先填报或导入以往各月的投资月报。")
    else:
        with card("question"):
            request = backtest_form.draw(known)
            pressed = st.button("开始回测", type="primary", icon=":material/history:")
        if pressed or (state.get(Key.BACKTEST_ASKED) is None and known.projects <= _FEW_PROJECTS):
            state.put(Key.BACKTEST_ASKED, request)
        asked = state.get(Key.BACKTEST_ASKED)
        if asked is None:
            st.info("项目较多，回测需要一些时间。选好条件后点击“开始回测”。")
        else:
            if asked != request:
                st.caption("条件已改动，下面仍是上一次的结果；点击“开始回测”按新条件重算。")
            _answer(frame, asked)
