"""Attributes of a feature: which field of a plot each one fills, by its name."""

import re
from collections.abc import Iterable, Mapping

# Field codes are also the attribute names that exports write, so that what goes out comes back.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("use_code", r"^(use_?code|dlbm|地类编码|地类代码|用途代码|ydlbbm)$"),
        ("use_name", r"^(use_?name|dlmc|tdyt|ydxz|yt|地类名称|(规划|土地|地块)?用途|用地性质)$"),
        ("review_number", r"^(review_?number|审图号|sth)$"),
        ("map_source", r"^(map_?source|source|来源|数据来源)$"),
        ("county", r"^(county|xzqmc|qxmc|(所属|所在)?(县区|区县|县|行政区)(名称)?)$"),
        ("code", r"^(code|adcode|gb|xzqdm|dkbh|dkbm|zddm|bdcdyh|(parcel|plot)_?(id|no|code))$"),
        ("code", r"^(地块|宗地|不动产单元|标准地)?(编号|编码|代码|号)$"),
        ("code", r"^(行政)?区划代码$"),
        ("name", r"^(name|dkmc|mc|parcel_?name|plot_?name|(地块|宗地|项目)?名称|地块)$"),
        ("declared", r"^(declared(_sqm|_area)?|area(_(sqm|m2|ha|mu))?|dkmj|zdmj|mj|tdmj)$"),
        ("declared", r"^(地块|宗地|土地|用地|占地)?面积"),
        ("location", r"^(location|zl|tdzl|(土地|地块)?(坐落|座落|位置|地址))$"),
        ("status", r"^(status|zt|(地块|土地)?状态)$"),
        ("shape", r"^(记录图形属性|图形类型|shape_?type)$"),
    )
)  # fmt: skip
_UNITS = (
    ("㎡", re.compile(r"sqm|_?m2|㎡|m²|平方米|平米", re.IGNORECASE)),
    ("公顷", re.compile(r"_ha\b|公顷|hm2|hm²", re.IGNORECASE)),
    ("亩", re.compile(r"_mu\b|亩", re.IGNORECASE)),
)


def field_of(attribute: str) -> str:
    """Return the code of the field that *attribute* fills; empty when it fills none."""
    name = re.sub(r"[(（].*?[)）]|\s", "", attribute)
    return next((code for code, pattern in _PATTERNS if pattern.match(name)), "")


def area_unit(text: str) -> str:
    """Return ㎡, 公顷 or 亩 when *text* names one, else empty."""
    return next((unit for unit, pattern in _UNITS if pattern.search(text)), "")


def choose(attributes: Iterable[str]) -> dict[str, str]:
    """Return field code → attribute; the first attribute that fits wins, a known one is never filled twice."""
    chosen: dict[str, str] = {}
    for attribute in attributes:
        code = field_of(attribute)
        if code:
            chosen.setdefault(code, attribute)
    return chosen


def values_of(attributes: Mapping[str, object], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return field code → text of one feature; blanks are left out, an area column's unit goes with the figure."""
    values = {}
    for code, attribute in chosen.items():
        text = _text(attributes.get(attribute))
        if text:
            values[code] = text
    if "declared" in values and not area_unit(values["declared"]):
        values["declared_unit"] = area_unit(chosen["declared"])
    return values


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float):
        return "" if value != value else f"{value:.15g}"
    return " ".join(str(value).replace("\x00", "").split())
