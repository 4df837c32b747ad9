"""The small part of Jinja that a template of the office may use: names, loops, conditions, a few filters.

No calls, no arithmetic, no attribute that begins with an underscore, loops at most two deep, and a ceiling on what
comes out: whatever a template says, it ends soon and reaches nothing but the names it is given.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.environment import Template
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.domain.errors import Invalid, Problem

FILTERS = ("default", "first", "join", "last", "length")
DEPTH = 2
MAX_OUTPUT = 40_000_000  # characters of XML; a thousand rows need three millions
MAX_PIECES = 2_000_000
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Keyword),
)
_WORDS = {
    nodes.Call: "调用",
    nodes.Add: "加法",
    nodes.Mul: "乘法",
    nodes.Pow: "乘方",
    nodes.Assign: "赋值（set）",
    nodes.Macro: "宏（macro）",
    nodes.Include: "包含（include）",
    nodes.Import: "导入（import）",
    nodes.FromImport: "导入（import）",
    nodes.Extends: "继承（extends）",
}


class _Metered(Template):
    """A template that stops when it has written too much."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_OUTPUT or len(pieces) > MAX_PIECES:
                raise Invalid([Problem("template", "too_long", "模板生成的内容过多，请检查循环是否写重。")])
        return "".join(pieces)


class OfficeEnvironment(ImmutableSandboxedEnvironment):
    """Sandbox with autoescape that refuses whatever is not in the small language, before anything runs."""

    template_class = _Metered

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined", "undefined", "none")}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a value of a row, or what a loop knows of itself; nothing else has attributes here."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """Return the template of *source*; see ``check``."""
        check(self.parse(source))
        return super().from_string(source, *args, **kwargs)


def check(tree: nodes.Template) -> None:
    """
    Stop unless *tree* keeps to the small language.

    Raises:
        Invalid: Naming every construct that is not allowed.
    """
    problems = list(_problems(tree, 0))
    if problems:
        raise Invalid(problems)


def _problems(node: nodes.Node, depth: int) -> Iterator[Problem]:
    if not isinstance(node, _ALLOWED):
        word = _WORDS.get(type(node), type(node).__name__)
        yield Problem("template", "construct", f"模板里不能使用{word}，只能写占位符、循环、条件。")
        return
    if isinstance(node, nodes.For):
        depth += 1
        if depth > DEPTH or node.recursive:
            yield Problem("template", "depth", f"模板里的循环最多嵌套 {DEPTH} 层。")
            return
    name = _name_of(node)
    if name.startswith("_") or name == "self":
        yield Problem("template", "name", f"模板里不能使用名称“{name}”。")
    for child in node.iter_child_nodes():
        yield from _problems(child, depth)


def _name_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return str(node.arg.value)
    return ""
