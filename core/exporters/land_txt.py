"""
Plots as 勘测定界 / 报盘 txt: north before east, zone before the easting, closing points, 公顷 with 4 decimals.

A file has one zone, so a city across a zone border gets one file per zone, each plot where its middle lies, unless
one zone is wanted for all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from core.domain.units import round_exact, sqm_to_ha
from core.domain.zones import Zone
from core.exporters.land_plot import ExportPlot, project, zone_of

_ENCODING = "gb18030"
_UNSAFE = str.maketrans({",": "，", "@": "＠", "\r": " ", "\n": " "})


def build_txt(plots: Sequence[ExportPlot], made_by: str, made_on: date, zone: Zone | None = None) -> dict[str, bytes]:
    """
    Return file name → content, one per 3° zone that the plots need.

    Args:
        made_by: 数据产生单位.
        made_on: 数据产生日期.
        zone: Write all plots in this zone; None = each in the zone where its middle lies.
    """
    zones: dict[int, list[ExportPlot]] = defaultdict(list)
    for plot in plots:
        zones[(zone or zone_of(plot)).number].append(plot)
    return {
        f"勘测定界_{number}带.txt": _text(Zone(number), zones[number], made_by, made_on).encode(_ENCODING)
        for number in sorted(zones)
    }


def _text(zone: Zone, plots: Sequence[ExportPlot], made_by: str, made_on: date) -> str:
    head = [
        "[属性描述]",
        "格式版本号=1.01版本",
        f"数据产生单位={_clean(made_by)}",
        f"数据产生日期={made_on.isoformat()}",
        "坐标系=2000国家大地坐标系",
        f"几度分带={zone.width}",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zone.number}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]
    shapes = project([plot.geometry for plot in plots], zone)
    body = [line for plot, shape in zip(plots, shapes, strict=True) for line in _plot(plot, shape)]
    return "\r\n".join([*head, *body, ""])


def _plot(plot: ExportPlot, shape: BaseGeometry) -> Iterator[str]:
    """Yield the plot line and its points; every ring has its own 圈号 and closing point, numbers run on."""
    rings = [list(ring.coords) for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    area = plot.declared_area_sqm if plot.declared_area_sqm is not None else plot.area_sqm
    count = sum(len(ring) for ring in rings)
    hectares = round_exact(sqm_to_ha(area), 4)
    fields = (count, hectares, plot.code, plot.name, "面", "", plot.use_name, plot.use_code)
    yield ",".join(_clean(str(field)) for field in fields) + ",@"
    number = 1
    for circle, ring in enumerate(rings, 1):
        for index, (east, north) in enumerate(ring):
            label = number if index == len(ring) - 1 else number + index
            yield f"J{label},{circle},{north:.3f},{east:.3f}"
        number += len(ring) - 1


def _clean(text: str) -> str:
    """Return *text* without what would end a field, a line or a plot."""
    return text.translate(_UNSAFE)
