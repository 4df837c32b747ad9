"""From what went wrong in the settings to one Chinese message that names the field and the fix."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.domain.errors import SettingsError

PREFIX = "WR_"
_NOT_FIELDS = (f"{PREFIX}CONFIG", f"{PREFIX}TEST_")
_SENTENCES = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "string_type": '应为文字，请加英文引号，例如 "……"',
    "string_too_short": "不能为空",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "只能用小写英文字母和下划线",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少填一项",
    "tuple_type": '应为列表，例如 ["a", "b"]',
    "path_type": "应为文件夹路径",
}


def read_toml(path: Path) -> dict[str, Any]:
    """
    Return the content of a settings file; a byte order mark (Windows Notepad) is accepted.

    Raises:
        SettingsError: The file is not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"配置文件 {path.name} 不是 UTF-8 编码。请用记事本“另存为”，编码选 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f'配置文件 {path.name} 写法有误（{error}）。每行应为 名称 = 值，文字加英文引号，例如 city_name = "云岭市"。'
        ) from error


def refuse_unknown_variables(environment: Mapping[str, str], fields: Iterable[str]) -> None:
    """Raise ``SettingsError`` for a ``WR_…`` variable that is no setting: most likely a slip of the pen."""
    known = {f"{PREFIX}{field}".upper() for field in fields}
    unknown = sorted(
        name
        for name in environment
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.upper().startswith(_NOT_FIELDS)
    )
    if unknown:
        lines = [f"环境变量 {name}：没有这个设置项。{_guess(name.upper(), known)}" for name in unknown]
        raise SettingsError("\n".join(["系统配置有误，无法启动：", *lines]))


def translate(error: ValidationError, fields: Iterable[str], path: Path) -> SettingsError:
    """Return the ``SettingsError`` that lists every refused field of *error*. Typed values are not repeated."""
    names = list(fields)
    lines = [_line(problem, names) for problem in error.errors()]
    return SettingsError("\n".join([f"系统配置有误，无法启动。请修改 {path.name} 或 {PREFIX} 环境变量：", *lines]))


def _line(problem: Any, fields: list[str]) -> str:
    field = ".".join(str(part) for part in problem["loc"])
    kind = problem["type"]
    if kind == "extra_forbidden":
        return f"{field}：没有这个设置项。{_guess(field, fields)}"
    if kind == "value_error":
        sentence = str(problem["ctx"]["error"])
    else:
        sentence = _SENTENCES.get(kind, "值不符合要求，请对照 docs/settings.md").format(**problem.get("ctx", {}))
    return f"{field}：{sentence}" if field else sentence


def _guess(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"您要写的可能是 {close[0]}。" if close else "请对照 docs/settings.md 删除或改正。"
