"""Several people in one cell: `张三、李四`, `县委副书记 王五 13900000000`, padded `金  菊`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.importers.cells.text import PLACEHOLDERS, cell_text, match_key
from core.importers.sheet import Cell

_MARKS = re.compile(r"[、,，;；/\n\r|]+")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|(?<!\d)\d{7,8}(?!\d)")
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]|[:：]")
_DUTY = re.compile(
    r"(书记|市长|县长|区长|镇长|乡长|局长|主任|主席|部长|常委|委员|政委|处长|科长|院长|校长|经理|总监|董事长|专员|调研员|干部|负责人|同志)$"
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as named in a ledger."""

    name: str
    duty: str = ""
    phone: str = ""


@lru_cache(maxsize=10_000)
def person_key(name: str) -> str:
    """Return the form in which two spellings of one person are equal; marks that part people in a cell do not count."""
    return match_key(_MARKS.sub("", name))


def parse_people(value: Cell) -> tuple[PersonName, ...]:
    """Return the people of a cell in order; a duty belongs to the name after it, a phone to the one before."""
    text = cell_text(value)
    if text in PLACEHOLDERS:
        return ()
    found: list[PersonName] = []
    for part in _MARKS.split(text):
        found.extend(_people_in(part))
    return tuple(found)


def _people_in(part: str) -> list[PersonName]:
    phones = _PHONE.findall(part)
    bracketed = " ".join(match for match in _BRACKETS.findall(part) if match and not _PHONE.fullmatch(match))
    bare = _BRACKETS.sub(" ", _PHONE.sub(" ", part)).strip()
    duty, names = bracketed, []
    for token in _joined_tokens(bare):
        if _DUTY.search(token) and len(token) > 2:
            duty = f"{duty} {token}".strip()
        else:
            names.append(token)
    if not names:
        return [PersonName(duty or phones[0], "", "")] if duty else []
    same = len(phones) == len(names)
    return [
        PersonName(name, duty, phones[place] if same else (phones[0] if phones and place == 0 else ""))
        for place, name in enumerate(names)
    ]


def _joined_tokens(text: str) -> list[str]:
    """Split at blanks, but join single characters again: `金  菊` is one name."""
    tokens: list[str] = []
    single = False
    for token in _BLANKS.split(text):
        if not token:
            continue
        if len(token) == 1 and single:
            tokens[-1] += token
            single = len(tokens[-1]) < 2
        else:
            tokens.append(token)
            single = len(token) == 1
    return tokens
