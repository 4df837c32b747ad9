"""Bodies of the robots a digest is posted to, as data; the ``custom`` one is written in the settings.

Marks in braces are filled in: {title} {text} {name} {login} {email} {link}. All shapes send plain text: names from the
ledger must not become mentions or links of a group chat.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Body: TypeAlias = "dict[str, Any]"
CUSTOM = "custom"
MARKS = ("title", "text", "name", "login", "email", "link")
_MARK = re.compile(r"\{(" + "|".join(MARKS) + r")\}")
_TEXT: Body = {"msgtype": "text", "text": {"content": "{text}"}}


@dataclass(frozen=True, slots=True)
class Shape:
    """
    What a kind of robot expects.

    Attributes:
        body: JSON object with marks.
        result: Field of the answer that is 0 when the message was taken; absent = the HTTP status alone decides.
        limit_bytes: Longest text it takes, in bytes of UTF-8.
    """

    label: str
    body: Body
    result: str
    limit_bytes: int


SHAPES: Mapping[str, Shape] = {
    "wecom": Shape("企业微信", _TEXT, "errcode", 2048),
    "dingtalk": Shape("钉钉", _TEXT, "errcode", 18_000),
    "feishu": Shape("飞书", {"msg_type": "text", "content": {"text": "{text}"}}, "code", 18_000),
    CUSTOM: Shape("自定义", {}, "errcode", 2048),
}


def shape_of(kind: str, custom_body: str) -> Shape:
    """Return the shape of *kind*; the custom one with the body of the settings."""
    known = SHAPES[kind]
    return Shape(known.label, parse_body(custom_body), known.result, known.limit_bytes) if kind == CUSTOM else known


def parse_body(text: str) -> Body:
    """
    Return a custom body.

    Raises:
        ValueError: It is no JSON object, or the text stands nowhere in it.
    """
    try:
        body = json.loads(text)
    except ValueError as error:
        raise ValueError("不是 JSON") from error
    if not isinstance(body, dict) or "{text}" not in text:
        raise ValueError(
            '应为 JSON 对象，且含有 {text}（提醒内容填在那里），例如 {"touser": "{login}", "content": "{text}"}'
        )
    return body


def filled(body: Body, values: Mapping[str, str], limit_bytes: int) -> bytes:
    """Return *body* as JSON with its marks filled in; values are never read as marks or as JSON."""
    safe = {name: _plain(value) for name, value in values.items()}
    safe["text"] = _cut(safe["text"], limit_bytes)
    return json.dumps(_fill(body, safe), ensure_ascii=False).encode()


def _fill(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return _MARK.sub(lambda found: values[found[1]], part)
    if isinstance(part, dict):
        return {key: _fill(value, values) for key, value in part.items()}
    return [_fill(value, values) for value in part] if isinstance(part, list) else part


def _plain(text: str) -> str:
    """Chats read tags such as ``<at user_id="all">`` out of plain text."""
    return text.replace("<", "＜").replace(">", "＞")


def _cut(text: str, limit_bytes: int) -> str:
    whole = text.encode()
    if len(whole) <= limit_bytes:
        return text
    end = "\n……（内容较长，其余请登录系统查看）"
    return whole[: limit_bytes - len(end.encode())].decode(errors="ignore") + end
