"""Close names: what is proposed, and that the quick search finds what a comparison of all pairs finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from core.importers.cells.text import match_key
from core.services.imports.near_names import LEAST_RATIO, Named, _marks, find_near

_NAMES = st.lists(st.text("园区路桥医院学校改造建设项目工程1二", min_size=2, max_size=14), min_size=1, max_size=14)


def named(name, county=1, code=""):
    return Named(name, county, "系统中", code)


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        (named("沂蒙路快速化改造工程项目"), named("沂蒙路快速化改造工程"), True),
        (named("沂蒙路快速化改造工程（一期）"), named("沂蒙路快速化改造工程（二期）"), False),
        (named("老旧小区改造配套设施项目", 1), named("老旧小区改造配套设施项目", 2), False),
        (named("老旧小区改造配套设施项目", None), named("老旧小区改造配套设施项目", 2), True),
        (named("沂蒙路快速化改造工程项目", 1, "A"), named("沂蒙路快速化改造工程", 1, "B"), False),
        (named("沂蒙路快速化改造工程", 1, "A"), named("沂蒙路快速化改造工程", 1, "B"), True),
        (named("东区污水处理厂提标改造"), named("西区污水处理厂提标改造"), False),
        (named("人民医院门诊楼"), named("污水处理厂扩建"), False),
    ],
)
def test_near_names_pair_is_proposed_or_not(one, other, is_near):
    assert find_near([one], [other]) == ({0: other} if is_near else {})


@settings(max_examples=200, deadline=None)
@given(_NAMES, _NAMES)
def test_near_names_search_misses_nothing_and_invents_nothing(new, stored):
    found = find_near([named(name) for name in new], [named(name) for name in stored])
    for position, name in enumerate(new):
        key = match_key(name)
        ratios = {
            fuzz.ratio(key, match_key(other))
            for other in [*stored, *new[:position]]
            if _marks(match_key(other)) == _marks(key)
        }
        best = max(ratios, default=0)
        assert (position in found) == (best >= LEAST_RATIO)
        if position in found:
            assert fuzz.ratio(key, match_key(found[position].name)) == best or int(best) == int(
                fuzz.ratio(key, match_key(found[position].name))
            )
