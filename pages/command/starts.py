"""开工与储备: lists made by rule, readiness to start, the reserve, the statistics library."""

import streamlit as st

from core.domain.permissions import Permission
from core.domain.start_terms import WatchList
from pages.components.page import page
from pages.components.starts import entry_box, pool_box, procedure_box, readiness_box, rule_box, watch_box
from pages.components.state import Key

READINESS, POOL, ENTRY, RULES = "开工条件", "项目储备", "入库入统", "规则"
_LISTS = {kind.label: kind for kind in WatchList}
_PARTS = {"not_started": "未开工清单", "lagging": "滞后清单", "negative": "负面清单", "readiness": READINESS}

with page("开工与储备", Permission.VIEW_PROJECTS) as frame:
    parts = [*_LISTS, READINESS, POOL, ENTRY, *([RULES] if frame.actor.can(Permission.MANAGE_RULES) else [])]
    asked = _PARTS.get(st.query_params.get("view", ""), parts[0])
    seen = st.segmented_control(
        "视图", parts, default=asked, required=True, label_visibility="collapsed", key=Key.START_VIEW.value
    )
    if seen in _LISTS:
        watch_box.draw(frame, _LISTS[seen])
    elif seen == READINESS:
        procedure_box.open_from_address()
        readiness_box.draw(frame)
    elif seen == POOL:
        pool_box.draw(frame)
    elif seen == ENTRY:
        entry_box.draw(frame)
    elif seen == RULES:
        rule_box.draw(frame)
