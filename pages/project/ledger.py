"""项目台账: filter, totals, the list with 序时 columns, the workbook of what is seen; a row opens its project."""

import streamlit as st

from core.domain.ledger import Listing, ProjectFilter, ProjectSort
from core.domain.permissions import Actor, Permission
from core.services import flags_of_record, projects
from core.services.projects import FigureOrigin, LedgerChoices, LedgerPage
from core.services.rounds import RoundRow
from pages.components import export_button, ledger_table, markup, state
from pages.components import project_filters as filters
from pages.components.cached import cached_view
from pages.components.page import Frame, page, plain
from pages.components.project_filters import LEDGER
from pages.components.state import Key


@cached_view()
def _choices(actor: Actor) -> LedgerChoices:
    return projects.choices(actor)


@cached_view()
def _search(actor: Actor, wanted: ProjectFilter, sort: ProjectSort, number: int) -> LedgerPage:
    return projects.search(actor, wanted, sort, number)


@cached_view()
def _origin(actor: Actor, wanted: ProjectFilter, rate: str) -> FigureOrigin | None:
    return projects.origin(actor, wanted, rate or None)


@cached_view()
def _record(actor: Actor) -> RoundRow | None:
    return flags_of_record.standing(actor)


def _draw_filters(choices: LedgerChoices) -> ProjectFilter:
    """Draw the bar and return the filter it stands for."""
    first = st.columns([1.5, 1.15, 1.35, 1.1, 1.1, 1.05, 0.62], vertical_alignment="bottom")
    with first[0]:
        text = st.text_input(
            "查找", key=LEDGER.text.value, placeholder="名称、拼音首字母、编号或项目代码", max_chars=100
        )
    with first[1]:
        counties = filters.choose("县区", LEDGER.counties, dict(choices.counties))
    with first[2]:
        headquarters = filters.choose("指挥部", LEDGER.headquarters, filters.headquarters_options(choices))
    with first[3]:
        record_flags = filters.choose("督查旗色", LEDGER.record_flags, filters.flag_labels())
    with first[4]:
        flags = filters.choose("实时旗色", LEDGER.flags, filters.flag_labels())
    with first[5]:
        stages = filters.choose("状态", LEDGER.stages, filters.STAGES)
    with first[6], st.popover("更多", width="stretch"):
        levels = filters.choose("级别", LEDGER.levels, filters.LEVELS)
        categories = filters.choose("类别", LEDGER.categories, {name: name for name in choices.categories})
        classes = filters.choose("年度类别", LEDGER.classes, filters.CLASSES)
        listing = st.selectbox("范围", list(Listing), key=LEDGER.listing.value, format_func=filters.LISTINGS.get)
    carried = filters.read_filter(st.query_params)
    return ProjectFilter(
        text=text.strip(),
        county_ids=counties,
        headquarters_ids=headquarters,
        levels=levels,
        categories=categories,
        stages=stages,
        flags=flags,
        record_flags=record_flags,
        year_classes=classes,
        measure=carried.measure,
        chain_steps=carried.chain_steps,
        sources=carried.sources,
        listing=listing,
    )


def _draw_carried(wanted: ProjectFilter, choices: LedgerChoices) -> None:
    """Say by what the list is narrowed that no widget shows, and offer to drop it."""
    if wanted.chain_steps or wanted.sources:
        with st.container(horizontal=True, vertical_alignment="center"):
            only = ProjectFilter(chain_steps=wanted.chain_steps, sources=wanted.sources)
            st.caption(plain(filters.words(only, choices)))
            if st.button("不限链条和来源", type="tertiary"):
                filters.drop("chain", "source")
                st.rerun()


def _draw_foot(frame: Frame, found: LedgerPage, wanted: ProjectFilter, sort: ProjectSort, note: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(ledger_table.page_note(found, projects.PAGE_SIZE))
        st.space("stretch")
        if found.pages > 1:
            st.pagination(found.pages, key=Key.LEDGER_PAGE.value)
        if frame.actor.can(Permission.EXPORT):
            st.download_button(
                "导出 Excel",
                frame.later(lambda: projects.export_ledger(frame.actor, wanted, sort, note).content),
                file_name=projects.export_name(frame.version),
                mime=projects.XLSX,
                icon=":material/download:",
                on_click="ignore",
                help="与屏幕所见相同：旗色、序时、下一节点。",
            )
            export_button.draw(frame, "ledger", wanted, note, label="导出可回导台账")


def _draw_empty(wanted: ProjectFilter, frame: Frame) -> None:
    if wanted != ProjectFilter():
        st.info("没有符合条件的项目。请放宽筛选条件，或清空筛选后重新查找。")
        if st.button("清空筛选"):
            filters.clear(LEDGER)
            st.rerun()
    elif frame.actor.can(Permission.IMPORT):
        st.info("台账中还没有项目。请到“导入中心”上传项目台账（Excel），核对无误后导入。")
        st.page_link("pages/admin/imports.py", label="前往导入中心")
    else:
        st.info("您的管理范围内还没有项目。如应有项目，请联系督查部门导入台账或安全管理员核对授权范围。")


def _draw_sort(frame: Frame, found: LedgerPage) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        month, published = found.version.month, _record(frame)
        flags = f"督查旗色为{published.label}，截至 {published.window.cut_off_on}；" if published else ""
        st.caption(
            f"{flags}数据截至 {found.version.on:%Y-%m-%d}，投资统计期 {month.span_label}。点击任意一行打开项目。"
        )
        st.space("stretch")
        st.selectbox(
            "排序",
            list(ProjectSort),
            key=LEDGER.sort.value,
            format_func=filters.SORTS.get,
            label_visibility="collapsed",
            width=210,
        )


with page("项目台账", Permission.VIEW_PROJECTS) as frame:
    markup.show("project/style.html")
    choices = _choices(frame)
    filters.follow_address(LEDGER, choices)
    wanted = _draw_filters(choices)
    sort = state.get(LEDGER.sort) or ProjectSort.URGENCY
    rate = filters.carried("rate")
    filters.write_address(
        LEDGER,
        wanted,
        {"rate": rate if wanted.measure else "", "sort": "" if sort is ProjectSort.URGENCY else sort.value},
    )
    found = _search(frame, wanted, sort, state.get(Key.LEDGER_PAGE) or 1)
    origin = _origin(frame, wanted, rate) if wanted.measure else None
    if origin is not None:
        ledger_table.draw_origin(origin, found.version)
    _draw_carried(wanted, choices)
    if found.rows:
        ledger_table.draw_totals(found.totals, wanted)
        _draw_sort(frame, found)
        chosen = ledger_table.draw_rows(found)
        _draw_foot(frame, found, wanted, sort, filters.words(wanted, choices))
        if chosen is not None:
            st.switch_page("pages/project/detail.py", query_params={"id": str(chosen)})
    else:
        _draw_empty(wanted, frame)
