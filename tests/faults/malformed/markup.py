"""XML that attacks its reader, as a schedule, as a map, and inside archives."""

from collections.abc import Iterator
from functools import partial

from tests.faults.malformed.bases import good_docx, good_xlsx, kml, parts_of, project_xml, zip_of
from tests.faults.malformed.case import Case, fixed

EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ATTACKS = {
    "entity-file": EXTERNAL,
    "entity-network": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://example.invalid/e">]>',
    "entity-parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.invalid/p"> %p;<!ENTITY e "1">]>',
    "dtd-network": '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd"[<!ENTITY e "1">]>',
    "entity-device": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///dev/zero">]>',
    "entity-itself": '<!DOCTYPE x [<!ENTITY e "&e;">]>',
    "entity-in-circle": '<!DOCTYPE x [<!ENTITY e "&f;"><!ENTITY f "&e;">]>',
    "billion-laughs": '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    + '<!ENTITY e "&a10;">]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY e "{"a" * 200_000}">]>',
}


def cases() -> Iterator[Case]:
    for name, head in ATTACKS.items():
        use = "&e;" * (2_000 if name == "quadratic" else 1)
        yield fixed(f"markup/{name}-kml", "地块.kml", kml(head=head).replace("LS-001", use))
        yield fixed(f"markup/{name}-schedule", "计划.xml", project_xml(head=head, name=use))
        yield Case(f"markup/{name}-kmz", "地块.kmz", partial(_kmz, kml(head=head).replace("LS-001", use)))
        yield Case(f"markup/{name}-workbook", "台账.xlsx", partial(_inside, "xl/sharedStrings.xml", head, use))
        yield Case(f"markup/{name}-document", "台账.docx", partial(_document, head, use))
    yield from _damaged()


def _kmz(content: str) -> bytes:
    return zip_of({"doc.kml": content})


def _inside(part: str, head: str, use: str) -> bytes:
    """Put the declaration behind the prolog, and its use into the first text."""
    parts = parts_of(good_xlsx())
    text = parts[part].decode()
    prolog, mark, rest = text.partition("?>")
    parts[part] = (prolog + mark + head + rest.replace("<t>", f"<t>{use}", 1)).encode()
    return zip_of(parts)


def _document(head: str, use: str) -> bytes:
    parts = parts_of(good_docx())
    prolog, mark, rest = parts["word/document.xml"].decode().partition("?>")
    parts["word/document.xml"] = (prolog + mark + head + rest.replace("<w:t>", f"<w:t>{use}", 1)).encode()
    return zip_of(parts)


def _damaged() -> Iterator[Case]:
    for name, build, file_name in (("kml", kml, "地块.kml"), ("schedule", project_xml, "计划.xml")):
        whole = build()
        for share in (1, 3, 5, 7, 9):
            yield fixed(f"markup/{name}-cut-{share}", file_name, whole.encode()[: len(whole) * share // 10])
        yield fixed(f"markup/{name}-encoding-lies", file_name, whole.replace("UTF-8", "UTF-16").encode())
        yield fixed(f"markup/{name}-encoding-unknown", file_name, whole.replace("UTF-8", "KOI-77").encode())
        yield fixed(f"markup/{name}-deep", file_name, whole[:38] + "<a>" * 50_000)
        yield fixed(f"markup/{name}-deep-closed", file_name, whole[:38] + "<a>" * 50_000 + "</a>" * 50_000)
        yield fixed(
            f"markup/{name}-attributes",
            file_name,
            f"{whole[:38]}<a {' '.join(f'x{n}={chr(34)}1{chr(34)}' for n in range(50_000))}/>",
        )
        yield fixed(
            f"markup/{name}-zeros",
            file_name,
            whole.replace("<Name>", "<Name>\0").replace("<name>", "<name>\0").encode(),
        )
        yield fixed(f"markup/{name}-root-only", file_name, whole[:38] + "<x/>")
        yield fixed(
            f"markup/{name}-include",
            file_name,
            whole[:38] + '<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></x>',
        )
        yield fixed(
            f"markup/{name}-stylesheet",
            file_name,
            whole[:38] + '<?xml-stylesheet href="http://example.invalid/x.xsl"?><x/>',
        )
    for name, points in {
        "nan": "NaN,NaN NaN,1 1,1 NaN,NaN",
        "huge": "1e308,1e308 1e308,0 0,0 1e308,1e308",
        "words": "甲,乙 丙,丁",
        "none": "",
        "one": "118.3,35.0",
        "commas": ",,,,,,,,",
        "swapped": "35.05,118.30 35.06,118.30 35.06,118.31 35.05,118.30",
        "far": "500,500 501,500 501,501 500,500",
    }.items():
        yield fixed(f"markup/kml-points-{name}", "地块.kml", kml(points))
    yield fixed(
        "markup/kml-link",
        "地块.kml",
        kml()
        .replace(
            "<Placemark>",
            "<NetworkLink><Link><href>http://example.invalid/x.kml</href></Link></NetworkLink><Placemark>",
            1,
        )
        .replace("Polygon", "Point"),
    )
    for name, start in (
        ("no-date", ""),
        ("bad-date", "2026-99-99"),
        ("far-date", "99999-01-01T00:00:00"),
        ("word", "明天"),
    ):
        yield fixed(
            f"markup/schedule-{name}", "计划.xml", project_xml(start=start).replace("2026-03-01T17:00:00", start)
        )
