"""Charts of a bulletin as PNG: still readable in grey (hatches and words beside colours), same snapshot, same bytes."""

import io
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.domain.flag_colours import DESK_FLAGS
from core.domain.flag_schemes import Scheme
from core.domain.round_snapshot import GroupFigures, RoundSnapshot
from core.domain.terms import FlagLevel
from core.domain.units import YUAN_PER_YI, Rounding
from core.exporters.official.blocks import Picture
from core.exporters.official.bulletin.figures import Figures, count, flag_word

_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "DejaVu Sans")
_HATCHES = {"severe": "xxx", "warn": "///", "notice": "...", "ok": "", "no_data": "---", "exempt": "ooo"}
_PLAN, _DONE = "#b9c4d0", "#1a6fc4"
_WIDTH_INCHES, _DPI = 6.14, 200  # 156 mm
_MOST_GROUPS = 40


def draw_charts(snapshot: RoundSnapshot, scheme: Scheme) -> tuple[Picture, ...]:
    """Return the charts in the order of the bulletin; none for a city without counties."""
    counties = snapshot.groups_of("county")[:_MOST_GROUPS]
    if not counties:
        return ()
    figures = Figures(Rounding.HALF_UP, scheme)
    # hatch.linewidth and fonts are read while drawing; the context keeps other users of matplotlib out of it.
    with rc_context(
        {"font.family": chart_fonts(), "font.size": 9, "hatch.linewidth": 0.6, "axes.unicode_minus": False}
    ):
        drawn = (_money(counties), _flags(counties, figures))
        return (*drawn, _movement(snapshot, figures)) if snapshot.city.previous_levels else drawn


def _money(counties: Sequence[GroupFigures]) -> Picture:
    figure, axes = _open(3.0)
    places = range(len(counties))
    axes.bar(places, [_yi(c.annual_plan_yuan) for c in counties], 0.72, color=_PLAN, label="年度计划")
    axes.bar(places, [_yi(c.done_yuan) for c in counties], 0.42, color=_DONE, hatch="///", ec="white", label="累计完成")
    axes.scatter(places, [_yi(c.due_yuan) for c in counties], marker="_", s=160, color="black", label="序时应完成")
    axes.set_ylabel("亿元")
    _name_counties(axes, counties)
    axes.legend(loc="upper right", ncols=3, frameon=False)
    words = "；".join(f"{c.name}计划{_yi(c.annual_plan_yuan):.1f}、完成{_yi(c.done_yuan):.1f}亿元" for c in counties)
    return Picture(_png(figure), "各县区年度计划与累计完成", words)


def _flags(counties: Sequence[GroupFigures], figures: Figures) -> Picture:
    figure, axes = _open(3.0)
    bottoms = [0] * len(counties)
    for mark, levels in figures.marks():
        counts = [count(county.levels, levels) for county in counties]
        if FlagLevel.EXEMPT in levels or not any(counts):
            continue
        look = {"color": DESK_FLAGS[mark.colour].shape, "hatch": _HATCHES[mark.colour], "ec": "white"}
        axes.bar(range(len(counties)), counts, 0.66, bottom=bottoms, label=f"{mark.shape} {flag_word(mark)}", **look)
        bottoms = [low + high for low, high in zip(bottoms, counts, strict=True)]
    axes.set_ylabel("项目个数")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, max(bottoms, default=0) * 1.25 + 1)
    _name_counties(axes, counties)
    axes.legend(loc="upper right", ncols=5, frameon=False)
    words = "；".join(
        f"{c.name}红{count(c.levels, (FlagLevel.SEVERE,))}、黄{count(c.levels, (FlagLevel.WARN,))}" for c in counties
    )
    return Picture(_png(figure), "各县区亮旗项目", words)


def _movement(snapshot: RoundSnapshot, figures: Figures) -> Picture:
    figure, axes = _open(1.9)
    city = snapshot.city
    rows = (("上轮", city.previous_levels), ("本轮", city.levels))
    lefts = [0, 0]
    for mark, levels in figures.marks():
        counts = [count(found, levels) for _, found in rows]
        if FlagLevel.EXEMPT in levels or not any(counts):
            continue
        look = {"color": DESK_FLAGS[mark.colour].shape, "hatch": _HATCHES[mark.colour], "ec": "white"}
        bars = axes.barh((1, 0), counts, 0.6, left=lefts, label=f"{mark.shape} {flag_word(mark)}", **look)
        axes.bar_label(
            bars,
            [str(number) if number else "" for number in counts],
            label_type="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
        lefts = [low + high for low, high in zip(lefts, counts, strict=True)]
    axes.set_yticks((1, 0), [name for name, _ in rows])
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(-0.5, 2.2)
    axes.legend(loc="upper center", ncols=5, frameon=False)
    words = "；".join(
        f"{flag_word(mark)}由{count(city.previous_levels, levels)}个变为{count(city.levels, levels)}个"
        for mark, levels in figures.marks()
    )
    return Picture(_png(figure), "本轮与上轮亮旗对比", words)


def chart_fonts() -> list[str]:
    """Return the known fonts that this machine has; naming others costs a warning for every letter."""
    have = {font.name for font in font_manager.fontManager.ttflist}
    return [name for name in _FONTS if name in have]


def _open(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(_WIDTH_INCHES, height), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _name_counties(axes: Any, counties: Sequence[GroupFigures]) -> None:
    crowded = len(counties) > 8
    axes.set_xticks(
        range(len(counties)), [county.name for county in counties], rotation=45 if crowded else 0,
        ha="right" if crowded else "center", rotation_mode="anchor",
    )  # fmt: skip
    _, top = axes.get_ylim()
    axes.set_ylim(0, top * 1.15)


def _yi(yuan: int) -> float:
    return float(Fraction(yuan, YUAN_PER_YI))


def _png(figure: Figure) -> bytes:
    target = io.BytesIO()
    # No program version, no time: equal pictures must be equal bytes.
    figure.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()
