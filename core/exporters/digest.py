"""A digest in words: plain text, HTML for mail (sandboxed template, everything escaped), and the mail itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.domain.digest import Digest, clean_line
from core.domain.todo import Todo, TodoGroup

_TEMPLATE = Path(__file__).parent / "digest.html"


@dataclass(frozen=True, slots=True)
class Sender:
    """
    Who sends.

    Attributes:
        address: What readers type into the browser, without a trailing slash.
        most: Lines of a section; the rest is told as a number.
    """

    city: str
    address: str
    email: str
    most: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits, in words."""

    due: str
    left: str
    step: str
    title: str
    place: str
    link: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its first lines and how many more there are."""

    title: str
    lines: tuple[Line, ...]
    more: int


def build_text(digest: Digest, sender: Sender) -> str:
    """Return the digest as plain text."""
    parts = [f"{clean_line(digest.name)}，您好：", _summary(digest)]
    for section in _sections(digest, sender):
        parts.append(f"\n【{section.title}】")
        parts += [_plain(number, line) for number, line in enumerate(section.lines, start=1)]
        if section.more:
            parts.append(f"另有 {section.more} 项，请登录系统查看。")
    return "\n".join([*parts, f"\n办理：{sender.address}/todo"])


def build_html(digest: Digest, sender: Sender) -> str:
    """Return the digest as an HTML page; every value is escaped."""
    return _template().render(
        name=clean_line(digest.name),
        summary=_summary(digest),
        sections=_sections(digest, sender),
        link=f"{sender.address}/todo",
        city=sender.city,
    )


def build_mail(digest: Digest, sender: Sender) -> EmailMessage:
    """
    Return the mail of a digest.

    Its Message-ID is made of reader, day and content: a mail that is sent twice carries the same one.

    Raises:
        ValueError: The reader's or the sender's address is none.
    """
    mail = EmailMessage()
    mail["Subject"] = clean_line(f"【{sender.city}挂图作战】{digest.subject}")
    mail["From"] = Address(f"{sender.city}挂图作战", addr_spec=sender.email)
    mail["To"] = Address(clean_line(digest.name), addr_spec=digest.email)
    mail["Message-ID"] = f"<{digest.day:%Y%m%d}.{digest.user_id}.{digest.content_hash[:32]}@{_domain(sender.email)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(build_text(digest, sender))
    mail.add_alternative(build_html(digest, sender), subtype="html")
    return mail


def _domain(email: str) -> str:
    return email.rpartition("@")[2]


def _summary(digest: Digest) -> str:
    counts, words = digest.counts, list[str]()
    for group in TodoGroup:
        if counts.of(group):
            words.append(f"{group.label} {counts.of(group)} 项")
    mine = f"您有待办 {counts.total} 项（{'，'.join(words)}）" if words else "您没有待办"
    below = f"；下属逾期超过 {digest.patience} 个工作日的 {digest.below_count} 项" if digest.below else ""
    return f"截至 {digest.day}，{mine}{below}。"


def _sections(digest: Digest, sender: Sender) -> list[Section]:
    sections, left = [], sender.most
    for group in TodoGroup:
        items = [todo for todo in digest.items if todo.group(digest.day) is group]
        if items:
            shown = items[: max(0, left)]
            left -= len(shown)
            sections.append(
                Section(f"{group.label} {len(items)} 项", _lines(shown, digest.day, sender), _rest(items, shown))
            )
    for one in digest.below:
        shown = list(one.items[: sender.most])
        # A superior is told, not asked to do it himself: no links.
        lines = _lines(shown, digest.day, None)
        sections.append(
            Section(f"下属逾期：{clean_line(one.name)} {len(one.items)} 项", lines, _rest(one.items, shown))
        )
    return sections


def _rest(items: Iterable[Todo], shown: Iterable[Todo]) -> int:
    return len(list(items)) - len(list(shown))


def _lines(items: Iterable[Todo], day: date, sender: Sender | None) -> tuple[Line, ...]:
    return tuple(
        Line(
            due=str(todo.due_on or "无期限"),
            left=_left(todo.days_left(day)),
            step=f"{todo.kind.label}·{todo.step}",
            title=clean_line(todo.title),
            place=clean_line(todo.place or todo.owner),
            link=f"{sender.address}{todo.link}" if sender else "",
            is_late=todo.group(day) is TodoGroup.OVERDUE,
        )
        for todo in items
    )


def _left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return f"逾期 {-days} 天"
    return f"剩 {days} 天" if days else "今天到期"


def _plain(number: int, line: Line) -> str:
    place = f"（{line.place}）" if line.place else ""
    left = f"，{line.left}" if line.left else ""
    return f"{number}. {line.step}：{line.title}{place}，期限 {line.due}{left}"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
