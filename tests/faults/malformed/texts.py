"""Delimited text, land txt and everything that is neither, under names that say otherwise."""

import random
from collections.abc import Iterator
from functools import partial

from tests.faults.malformed.bases import SURVEY, XER, good_csv, good_docx, good_xls, good_xlsx
from tests.faults.malformed.case import Case, fixed

NAMES = (
    "台账.xlsx",
    "台账.xls",
    "台账.csv",
    "地块.txt",
    "地块.geojson",
    "地块.kml",
    "地块.zip",
    "地块.dxf",
    "计划.xml",
    "计划.xer",
)


def cases() -> Iterator[Case]:
    yield from _nothing()
    yield from _wrong_encoding()
    yield from _shapes()
    yield from _survey()
    yield from _schedules()


def _noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def _nothing() -> Iterator[Case]:
    """Empty, blank, random, or another format under each name."""
    magics = (
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"MZ\x90\0",
        b"\x7fELF\2\1\1",
        b"SQLite format 3\0",
        b"RIFF....WAVE",
        b"{\\rtf1",
        b"\0asm",
    )
    for number, name in enumerate(NAMES):
        kind = name.rpartition(".")[2]
        yield fixed(f"text/zero-bytes-{kind}", name, b"")
        yield fixed(f"text/blanks-{kind}", name, b" \r\n\t" * 100)
        yield fixed(f"text/zeros-{kind}", name, bytes(5000))
        yield Case(f"text/noise-{kind}", name, partial(_noise, number, 5000))
        yield fixed(f"text/other-format-{kind}", name, magics[number] + _noise(number + 50, 2000))
        yield fixed(f"text/page-{kind}", name, "<html><body><table><tr><td>项目名称</td></tr></table></body></html>")
    yield Case("text/xls-as-csv", "台账.csv", partial(_cut, good_xls, 3000))
    yield Case("text/xlsx-as-xls-cut", "台账.xls", partial(_cut, good_xlsx, 3000))
    yield Case("text/docx-cut", "台账.docx", partial(_cut, good_docx, 3000))
    yield fixed("text/one-character", "台账.csv", "x")
    yield fixed("text/prose", "台账.csv", "今天天气很好。\n明天也是。\n" * 50)
    yield fixed("text/private-key", "台账.csv", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n")


def _cut(build: partial[bytes], size: int) -> bytes:
    return build()[:size]


def _wrong_encoding() -> Iterator[Case]:
    text = good_csv()
    yield fixed("text/utf16-odd-length", "台账.csv", text.encode("utf-16")[:-1])
    yield fixed("text/utf16-without-mark-odd", "台账.csv", text.encode("utf-16-le")[:-1])
    yield fixed("text/utf16-lone-surrogates", "台账.csv", b"\xff\xfe" + b"\x00\xd8" * 500)
    yield fixed("text/utf32", "台账.csv", text.encode("utf-32"))
    yield fixed("text/utf7", "台账.csv", text.encode("utf-7"))
    yield fixed("text/utf8-cut-in-character", "台账.csv", text.encode()[:-2] + b"\xe9\xa1")
    yield fixed("text/utf8-overlong", "台账.csv", b"\xc0\xaf" * 500)
    yield fixed("text/mixed-encodings", "台账.csv", text.encode() + text.encode("gb18030") + b"\xff\x80\xff")
    yield fixed("text/shift-jis", "台账.csv", "プロジェクト,金額\n工場,100\n".encode("shift_jis") * 20)
    yield fixed("text/wrong-mark", "台账.csv", b"\xfe\xff" + text.encode())
    yield fixed("text/three-marks", "台账.csv", b"\xef\xbb\xbf" * 3 + "甲,乙\n1,2\n".encode())


def _shapes() -> Iterator[Case]:
    head = good_csv().split("\n")[2]
    row = good_csv().split("\n")[3]
    whole = f"{head}\n{row}\n"
    yield Case("text/line-of-10-MB", "台账.csv", partial(_repeated, f"{head}\n", "长", 3_400_000))
    yield Case("text/cell-of-2-MB", "台账.csv", partial(_repeated, f'{head}\n"', "a", 2_000_000))
    yield Case("text/million-columns", "台账.csv", partial(_repeated, f"{head}\n", ",1", 1_000_000))
    yield Case("text/rows-130000", "台账.csv", partial(_repeated, f"{head}\n", "1,2\n", 130_000))
    yield Case("text/31-MB", "台账.csv", partial(_repeated, f"{head}\n", "0123456789" * 10, 330_000))
    yield Case("text/million-empty-lines", "台账.csv", partial(_repeated, f"{head}\n", "\n", 1_000_000))
    yield Case("text/million-quotes", "台账.csv", partial(_repeated, f"{head}\n", '"', 1_000_001))
    yield fixed("text/quote-never-closed", "台账.csv", f'{head}\n"{"a,b" * 400_000}')
    yield fixed("text/only-separators", "台账.csv", ",,,,;;;\t\t||\n" * 500)
    yield fixed("text/header-twice-nothing-else", "台账.csv", f"{head}\n{head}\n")
    yield fixed("text/zeros-between", "台账.csv", whole.replace("园", "\0园\0").replace("20100", "2\x000100x"))
    yield fixed("text/amounts-by-words", "台账.csv", whole.replace("20100", "两亿零一百万"))
    yield fixed("text/columns-shifted", "台账.csv", f"{head}\n,,{row}\n")
    yield fixed(
        "text/formula-rows", "台账.csv", f"{head}\n{row.replace('第1号', '=1+1').replace('智能装备产业园', '')}\n"
    )
    yield fixed("text/header-only-numbers", "台账.csv", "1,2,3\n4,5,6\n" * 30)
    yield fixed("text/yaml-object", "台账.csv", "!!python/object/apply:os.system ['true']\n" * 10)
    yield fixed(
        "text/pickle",
        "台账.csv",
        b"\x80\x04\x95\x1a\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94.",
    )


def _repeated(head: str, piece: str, times: int) -> bytes:
    return (head + piece * times).encode()


def _survey() -> Iterator[Case]:
    """Plots as numbered corner points: the text form of land surveys."""
    changes = {
        "no-crs": ("坐标系=2000国家大地坐标系\n", ""),
        "nan": ("39500000.000", "NaN"),
        "infinite": ("39500000.000", "1e999"),
        "huge": ("39500000.000", "1e308"),
        "words": ("39500000.000", "东经"),
        "no-points": ("J1,1,", "K,"),
        "two-points": ("J3,1,3880100.000,39500100.000\n", ""),
        "count-lies": ("4,1.2345", "900000000,1.2345"),
        "negative-count": ("4,1.2345", "-4,1.2345"),
        "zone-lies": ("带号=39", "带号=99"),
        "degree-lies": ("几度分带=3", "几度分带=5"),
        "area-nan": ("4,1.2345", "4,NaN"),
        "other-datum": ("2000国家大地坐标系", "火星坐标系"),
        "no-section": ("[地块坐标]\n", ""),
        "swapped": ("3880000.000,39500000.000", "39500000.000,3880000.000"),
        "ring-zero": ("J1,1,", "J1,0,"),
        "far-away": ("3880000.000", "-9880000.000"),
    }
    for name, (old, new) in changes.items():
        yield fixed(f"survey/{name}", "地块.txt", SURVEY.replace(old, new))
    yield fixed("survey/no-plot", "地块.txt", SURVEY.partition("4,1.2345")[0])
    yield Case("survey/100000-points", "地块.txt", partial(_many_points, 100_000))
    yield Case("survey/20000-plots", "地块.txt", partial(_many_plots, 20_000))
    yield fixed("survey/section-10000-times", "地块.txt", "[地块坐标]\n" * 10_000)


def _many_points(count: int) -> bytes:
    head, _, _ = SURVEY.partition("J1,1,")
    return (head + "".join(f"J{n},1,{3880000 + n % 977}.000,{39500000 + n % 613}.000\n" for n in range(count))).encode()


def _many_plots(count: int) -> bytes:
    head, _, plot = SURVEY.partition("4,1.2345")
    return (head + ("4,1.2345" + plot.replace("J3", "J2")) * count)[: 12 * 2**20].encode()


def _schedules() -> Iterator[Case]:
    changes = {
        "bad-date": ("2026-03-01 17:00", "2026-13-99"),
        "no-tasks": ("%T\tTASK", "%T\tOTHER"),
        "no-fields": ("%F\ttask_id", "%X\ttask_id"),
        "short-rows": ("%R\t1\t1\tA1\t开工\tTT_FinMile\t2026-03-01 17:00", "%R\t1"),
        "unknown-project": ("%R\t1\t1\tA1", "%R\t1\t77\tA1"),
        "header-only": (XER.partition("\n")[2], ""),
    }
    for name, (old, new) in changes.items():
        yield fixed(f"schedule/{name}", "计划.xer", XER.replace(old, new))
    yield fixed("schedule/tables-100000", "计划.xer", XER.partition("\n")[0] + "\n" + "%T\tX\n" * 100_000)
