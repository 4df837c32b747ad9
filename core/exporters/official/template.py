"""An office's own Word template (红头模板): examined before it is kept, filled in a sandbox; and a starter."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateAssertionError, TemplateError, TemplateSyntaxError, UndefinedError

from core.domain.errors import Invalid, Problem
from core.exporters.official.blocks import (
    Addressee,
    Align,
    Attachments,
    Block,
    Column,
    Heading,
    Letterhead,
    Paragraph,
    Table,
    Title,
)
from core.exporters.official.packing import repack
from core.exporters.official.template_language import FILTERS, OfficeEnvironment
from core.exporters.official.word import write_word
from core.importers.problems import UnreadableFile
from core.importers.safe_xml import read_xml

MAX_BYTES = 5 * 1024**2
_MAX_UNPACKED = 60 * 1024**2
_MAX_MEMBERS = 500
_DOCUMENT = "word/document.xml"
_CARRIED = {
    "vbaproject": "宏",
    "word/embeddings/": "嵌入的文件",
    "word/activex/": "控件",
    "word/afchunk": "嵌入的文档",
    "attachedtoolbars": "宏",
}
_MISSING = re.compile(r"'([^']+)' is undefined|no attribute '([^']+)'")
_STARTER_MARK_POINTS = 34.0  # thirteen characters in a line
_STARTER_AT = datetime(2026, 1, 1, tzinfo=UTC)


def examine(data: bytes) -> None:
    """
    Stop unless *data* is a plain Word document that a template may be: bounded, no macros, nothing from elsewhere.

    Raises:
        Invalid: What it carries and what to do.
    """
    if len(data) > MAX_BYTES:
        raise _refused("size", f"模板不能超过 {MAX_BYTES // 1024**2} MB，请压缩其中的图片。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename.lower() for entry in entries]
            if len(entries) > _MAX_MEMBERS or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
                raise _refused("size", "模板解压后过大，请删去多余内容后重新上传。")
            if _DOCUMENT not in names or len(set(names)) < len(names):
                raise _refused("kind", "这不是 Word 文档（.docx）。旧格式（.doc）请先在 Word 中另存为 .docx。")
            parts = {name: _read(archive, entry) for name, entry in zip(names, entries, strict=True)}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused("kind", "文件无法打开，可能已损坏或加了密码。请在 Word 中另存为 .docx 后重新上传。") from error
    _refuse_carried(parts)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a member, at most as long as the directory says it is."""
    with archive.open(entry) as member:
        data = member.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise _refused("size", "模板解压后过大，请删去多余内容后重新上传。")
    return data


def _refuse_carried(parts: Mapping[str, bytes]) -> None:
    carried = sorted({word for mark, word in _CARRIED.items() if any(mark in name for name in parts)})
    if b"macroenabled" in parts.get("[content_types].xml", b"").lower():
        carried.append("宏")
    if carried:
        raise _refused("carried", f"模板带有{'、'.join(dict.fromkeys(carried))}，请去掉后重新上传。")
    for name, body in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        if b"<!doctype" in body.lower() or b"<!entity" in body.lower():
            raise _refused("kind", "模板内容不合规范，请在 Word 中新建文档，复制内容后重新上传。")
        if name.endswith(".rels") and _leads_outside(body):
            raise _refused("external", "模板引用了外部文件或网址，请把图片改为嵌入、删去超链接后重新上传。")


def _leads_outside(relationships: bytes) -> bool:
    found: list[str] = []
    try:
        read_xml(
            relationships,
            lambda _name, values: found.append(values.get("TargetMode", "")),
            lambda _name: None,
            lambda _text: None,
        )
    except UnreadableFile as error:
        raise _refused("kind", "模板已损坏，请在 Word 中另存为 .docx 后重新上传。") from error
    return any(mode.lower() == "external" for mode in found)


def fill(template: bytes, context: Mapping[str, Any]) -> bytes:
    """
    Return *template* filled with *context*; equal arguments give equal bytes.

    Raises:
        Invalid: The placeholder or construct that cannot be filled, by name.
    """
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.render(dict(context), OfficeEnvironment(), autoescape=True)
    except UndefinedError as error:
        found = _MISSING.search(str(error))
        name = (found[1] or found[2]) if found else str(error)
        raise _refused("unknown", f"模板里的“{name}”没有对应的数据，请对照模板说明核对名称。") from error
    except TemplateAssertionError as error:
        raise _refused("filter", f"模板里的写法不能使用：{_near(error)}可用的过滤器：{'、'.join(FILTERS)}。") from error
    except TemplateSyntaxError as error:
        raise _refused("syntax", f"模板里的占位符写法有误：{_near(error)}请检查花括号是否成对。") from error
    except TemplateError as error:
        raise _refused("template", "模板里有不允许的写法，请只使用占位符、循环和条件。") from error
    except (KeyError, ValueError, SyntaxError) as error:
        raise _refused("kind", "模板填入数据后不成文档，请用起始模板重新制作。") from error
    target = io.BytesIO()
    document.save(target)
    return repack(target.getvalue())


def _near(error: TemplateSyntaxError) -> str:
    lines = [str(line).strip() for line in getattr(error, "docx_context", ())]
    near = next((line for line in lines if "{" in line), "")
    return f"“{near[:60]}”附近。" if near else ""


def _refused(code: str, message: str) -> Invalid:
    return Invalid([Problem("template", code, message)])


def starter() -> bytes:
    """Return a template in official layout with every placeholder a bulletin usually has: a place to begin."""
    return write_word(_starter_blocks(), title="督查通报模板", made_at=_STARTER_AT)


def _starter_blocks() -> Sequence[Block]:
    return (
        Letterhead("{{ 版头 }}", "{{ 期号 }}", points=_STARTER_MARK_POINTS),
        Title("{{ 标题 }}"),
        Addressee("{{ 主送 }}"),
        *_each("缘由", "{{ 段 }}"),
        *(part for name in ("总体情况", "亮旗情况") for part in (Heading(1, name), *_each(name, _SECTION))),
        _rows("红旗项目"),
        _rows("黄旗项目"),
        *(part for name in ("存在问题",) for part in (Heading(1, name), *_each(name, _SECTION))),
        Heading(1, "下步要求"),
        *_each("下步要求", "{% if 段.序 %}{{ 段.序 }}{% endif %}{{ 段.内容 }}"),
        Attachments(("{{ 附件|join('；') }}",)),
        Paragraph("{{ 发文机关 }}　{{ 成文日期 }}"),
    )


_SECTION = "{{ 段.标题 }}{{ 段.内容 }}"
_FLAG_COLUMNS = ("序号", "项目", "责任单位", "包保领导", "完成率", "序时差", "亮旗原因", "连续次数")
_WIDTHS = (7, 28, 18, 13, 12, 12, 34, 10)


def _each(name: str, words: str) -> tuple[Block, ...]:
    return Paragraph(f"{{%p for 段 in {name} %}}"), Paragraph(words), Paragraph("{%p endfor %}")


def _rows(name: str) -> Table:
    blanks = ("",) * (len(_FLAG_COLUMNS) - 1)
    return Table(
        tuple(Column(heading, width, Align.LEFT) for heading, width in zip(_FLAG_COLUMNS, _WIDTHS, strict=True)),
        (
            (f"{{%tr for 行 in {name} %}}", *blanks),
            tuple(f"{{{{ 行.{heading} }}}}" for heading in _FLAG_COLUMNS),
            ("{%tr endfor %}", *blanks),
        ),
        name,
        points=9.0,
    )
