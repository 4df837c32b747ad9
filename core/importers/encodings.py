"""Bytes of a text file → text: the byte order mark decides, else what the bytes can be."""

import re
from dataclasses import dataclass

from core.importers.problems import UnreadableFile

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LOOKED_AT = 20_000
# GB2312 holds the characters of daily use and has two high bytes each; text of another encoding that happens to
# decode as GB18030 pairs a high byte with an ASCII letter.
_TWO_HIGH_BYTES = re.compile(rb"[\xa1-\xfe][\xa1-\xfe]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_WESTERN = "Latin-1"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """``assumed`` names the encoding when the bytes left a choice; empty when they did not."""

    text: str
    assumed: str = ""


def decode(data: bytes) -> DecodedText:
    """
    Return the text of *data* and what was assumed.

    In this order: byte order mark, UTF-16 without mark, UTF-8, Latin-1 where it is plausible, GB18030 (with it GBK).
    Latin-1 fits any bytes, so it is believed only where single accented letters stand between ASCII ones.

    Raises:
        UnreadableFile: None of them fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return DecodedText(_try(data, encoding))
    # ASCII digits, separators and line ends make every second byte of UTF-16 zero; no other text holds zeros.
    head = data[:_LOOKED_AT]
    zeros = head.count(0)
    if zeros > len(head) // 50:
        return DecodedText(_try(data, "utf-16-le" if head[1::2].count(0) >= zeros / 2 else "utf-16-be"))
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _is_western(head):
        return DecodedText(_try(data, "cp1252"), _WESTERN)
    return DecodedText(_try(data, "gb18030"))


def decode_text(data: bytes) -> str:
    """
    Return the text of *data*, however it is encoded; see ``decode``.

    Raises:
        UnreadableFile: Unknown encoding.
    """
    return decode(data).text


def _is_western(head: bytes) -> bool:
    """Whether high bytes stand alone, as accented letters do, and all of them are printable letters and signs."""
    high = len(_HIGH_BYTE.findall(head))
    paired = 2 * len(_TWO_HIGH_BYTES.findall(head))
    if paired > high / 2:
        return False
    try:
        return _printable(head.decode("cp1252"))
    except UnicodeDecodeError:
        return False


def _printable(text: str) -> bool:
    return all(letter.isprintable() or letter in "\t\r\n\x00" for letter in text)


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("file_encoding") from error
