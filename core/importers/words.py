"""Words in ledger cells that stand for a closed set of terms."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from core.domain.terms import ProjectLevel, Stage, Term, YearClass
from core.importers.cells.refused import Refused
from core.importers.cells.text import parse_name
from core.importers.sheet import Cell

T = TypeVar("T", bound=Term)

# First pattern found wins: 未开工 before 开工, 新开工 before 开工.
YEAR_CLASS_WORDS: tuple[tuple[str, YearClass], ...] = (
    (r"新开工|新建|拟开工|计划开工|新增|拟建", YearClass.NEW_START),
    (r"续建|在建|结转|跨年", YearClass.CONTINUING),
    (r"竣工|投产|收尾|完工|建成", YearClass.FINISHING),
    (r"预备|前期|储备|谋划|筹备", YearClass.RESERVE),
)
STAGE_WORDS: tuple[tuple[str, Stage], ...] = (
    (r"终止|取消|撤销|(?i:cancelled|canceled|terminated|abandoned)", Stage.TERMINATED),
    (r"调出|退出|(?i:withdrawn)", Stage.WITHDRAWN),
    (r"整合|并入", Stage.MERGED),
    (r"停工|停建|缓建|停滞|(?i:suspended|on hold|paused|stalled)", Stage.SUSPENDED),
    (
        r"未开工|前期|筹建|手续|签约|未动工|拟开工|待开工|预备"
        r"|(?i:not (?:yet )?started|prepar|planning|planned|procure|design)",
        Stage.PREPARATION,
    ),
    (r"达产|达效", Stage.FULL_CAPACITY),
    (r"投产|投运|投用|交付|运营|(?i:operational|in operation|commissioned|in service)", Stage.COMMISSIONED),
    (r"竣工|完工|建成|(?i:complete|finished|delivered|closed)", Stage.COMPLETED),
    (r"谋划", Stage.IDEA),
    (r"储备", Stage.RESERVE),
    (
        r"在建|开工|续建|施工|建设|复工|主体|基础|装修|安装"
        r"|(?i:construction|in progress|ongoing|underway|started|delivery)",
        Stage.CONSTRUCTION,
    ),
)
LEVEL_WORDS: tuple[tuple[str, ProjectLevel], ...] = (
    (r"国家|中央|国重", ProjectLevel.NATIONAL),
    (r"省", ProjectLevel.PROVINCE),
    (r"市", ProjectLevel.CITY),
    (r"县|区", ProjectLevel.COUNTY),
)
# Of a project outside this year's list; our own exports write it.
NOT_LISTED = "未列入"
_YES = re.compile(r"^(?:是|已.*|√|✓|Y|YES|TRUE|开工|入统|入库|1)$", re.IGNORECASE)
_NO = re.compile(r"^(?:否|未.*|没有|×|✗|N|NO|FALSE|0|不.*)$", re.IGNORECASE)
# Words that only the plan of a year uses; 新建 alone may be the statistical nature.
ONLY_YEAR_CLASS = re.compile(
    r"^(?:计划)?(?:续建|新开工|拟开工|收尾|竣工投产|竣工|投产|预备|前期|储备|拟建|结转)(?:项目|类)?$"
)
NEW_BUILD = re.compile(r"^新建(?:项目|类)?$")


def term_parser(words: tuple[tuple[str, T], ...]) -> Callable[[Cell], T | None]:
    """Return the parser of a column of terms; it refuses a word that is none of them."""
    patterns = tuple((re.compile(pattern), term) for pattern, term in words)
    allowed = "、".join(dict.fromkeys(term.label for _, term in words))

    @lru_cache(maxsize=2_000)
    def find(text: str) -> T:
        for pattern, term in patterns:
            if pattern.search(text):
                return term
        raise Refused("unknown_word", value=text, allowed=allowed)

    def parse(value: Cell) -> T | None:
        text = parse_name(value)
        return None if text is None else find(text)

    return parse


def parse_yes_no(value: Cell) -> bool | None:
    """
    Return 是 / 否.

    Raises:
        Refused: Neither.
    """
    text = parse_name(value)
    if text is None:
        return None
    if _YES.match(text):
        return True
    if _NO.match(text):
        return False
    raise Refused("unknown_word", value=text, allowed="是、否")


def year_class_in(text: str) -> YearClass | None:
    """Return the year class that a group heading names (续建项目(597个))."""
    return next((term for pattern, term in YEAR_CLASS_WORDS if re.search(pattern, text)), None)
