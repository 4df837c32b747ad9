"""Make and keep ``.venv``: standard library only, since nothing else is there yet.

The stamp file inside ``.venv`` holds the SHA-256 of each lock that is installed; another hash means install again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.commands import DEV_LOCK, RUNTIME_LOCK

STAMP_NAME = "warroom-stamp.json"
WHEELHOUSE = "wheelhouse"
_TAIL_LINES = 25


class SetupError(Exception):
    """The environment could not be made; the text is Chinese and says what to type."""


@dataclass(frozen=True, slots=True)
class Environment:
    """
    The virtual environment of one project folder.

    Attributes:
        root: The folder of ``manage.py``.
        windows: Whether paths follow Windows (``Scripts\\python.exe``).
    """

    root: Path
    windows: bool = os.name == "nt"

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """Where the environment keeps its programs."""
        return self.folder / ("Scripts" if self.windows else "bin")

    @property
    def python(self) -> Path:
        return self.program("python")

    def program(self, name: str) -> Path:
        """Return the path of an installed program, e.g. ``lint-imports``."""
        return self.scripts / (f"{name}.exe" if self.windows else name)

    def is_active(self) -> bool:
        """Whether this very process runs inside the environment."""
        return Path(sys.prefix).resolve() == self.folder.resolve()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment holds: its Python ("3.11") and the hash of each installed lock."""

    python: str
    locks: dict[str, str]


def lock_hash(root: Path, lock: str) -> str:
    """Return the SHA-256 of a lock, the same whatever line ends the checkout has."""
    return hashlib.sha256((root / lock).read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_stamp(environment: Environment) -> Stamp:
    """Return what is installed; without locks when the installation was never finished."""
    try:
        content = json.loads((environment.folder / STAMP_NAME).read_text(encoding="utf-8"))
        return Stamp(str(content["python"]), {str(name): str(digest) for name, digest in content["locks"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Stamp("", {})


def write_stamp(environment: Environment, lock: str) -> None:
    """Record that *lock* is installed; the developers' lock contains the runtime one."""
    names = (RUNTIME_LOCK, DEV_LOCK) if lock == DEV_LOCK else (RUNTIME_LOCK,)
    content = {
        "python": installed_series(environment),
        "locks": {name: lock_hash(environment.root, name) for name in names},
    }
    (environment.folder / STAMP_NAME).write_text(json.dumps(content, indent=1), encoding="utf-8")


def installed_series(environment: Environment) -> str:
    """Return the Python of the environment as "3.11"; empty when it does not start."""
    if environment.is_active():
        return _series(sys.version_info)
    if not environment.python.exists():
        return ""
    probe = [str(environment.python), "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(probe, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def is_synced(environment: Environment, lock: str) -> bool:
    """Whether *lock*, as it is now, is what the environment holds, under the Python it was made with."""
    stamp = read_stamp(environment)
    if stamp.locks.get(lock) != lock_hash(environment.root, lock):
        return False
    return installed_series(environment) == stamp.python


def ensure(environment: Environment, lock: str) -> None:
    """
    Make or re-sync the environment so that it holds *lock*.

    Raises:
        SetupError: ``python3-venv`` is missing, or a package could not be installed.
    """
    if is_synced(environment, lock):
        return
    _require_venv_module()
    if not _is_usable(environment):
        _say("正在创建运行环境 .venv（creating .venv）…")
        _run([sys.executable, "-m", "venv", "--clear", str(environment.folder)], "创建 .venv 失败。")
    elif not _has_pip(environment):
        _run([str(environment.python), "-m", "ensurepip", "--upgrade"], "补装 pip 失败。请删除 .venv 文件夹后重试。")
    _install(environment, lock)
    write_stamp(environment, lock)


def pip_arguments(environment: Environment, lock: str) -> list[str]:
    """Return the pip call for *lock*; with a ``wheelhouse`` folder nothing is asked of the network."""
    root = environment.root
    local = root / WHEELHOUSE
    source = ["--no-index", "--find-links", str(local)] if local.is_dir() else []
    pip = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--progress-bar", "off", *source, "--require-hashes", "-r", str(root / lock)]


def missing_venv_message(series: str, is_debian: bool) -> str:
    """Return what to type when the ``venv`` module is not complete."""
    if is_debian:
        line = "sudo apt-get install -y python3-venv"
        return f"缺少 python3-venv，无法创建运行环境。请执行下面一行，然后重新运行：\n    {line}"
    return f"这个 Python {series} 缺少 venv / ensurepip 组件。请安装带有该组件的 Python 3.11 或更新版本，然后重新运行。"


def _require_venv_module() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(missing_venv_message(_series(sys.version_info), Path("/etc/debian_version").exists()))


def _is_usable(environment: Environment) -> bool:
    series = installed_series(environment)
    made_with = read_stamp(environment).python
    return series != "" and series == (made_with or series)


def _has_pip(environment: Environment) -> bool:
    probe = [str(environment.python), "-m", "pip", "--version"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _install(environment: Environment, lock: str) -> None:
    local = (environment.root / WHEELHOUSE).is_dir()
    total = sum(1 for line in (environment.root / lock).read_text(encoding="utf-8").splitlines() if _is_pin(line))
    origin = f"本地 {WHEELHOUSE}/ 文件夹" if local else "软件源"
    _say(f"正在从{origin}安装 {total} 个组件（installing {lock}），首次约需 1–5 分钟…")
    hint = (
        f"请确认 {WHEELHOUSE}/ 收齐了 {lock} 中的全部文件（在可上网的电脑上执行：pip download -d {WHEELHOUSE} "
        f"--require-hashes -r {lock}）。"
        if local
        else f"请检查网络或软件源设置；不能上网的电脑请先准备 {WHEELHOUSE}/ 文件夹（见 README）。"
    )
    _run(pip_arguments(environment, lock), f"安装组件失败。{hint}", total)


def _is_pin(line: str) -> bool:
    return "==" in line and not line.startswith((" ", "#"))


def _run(command: Sequence[str], failure: str, total: int = 0) -> None:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    )
    tail: list[str] = []
    assert process.stdout is not None  # noqa: S101 (for the type checker: PIPE was asked for)
    for line in _counted(process.stdout, total):
        tail = [*tail[1 - _TAIL_LINES :], line.rstrip()]
    if process.wait() != 0:
        raise SetupError("\n".join([*tail, "", failure]))


def _counted(lines: Iterable[str], total: int) -> Iterator[str]:
    done = 0
    for line in lines:
        if total and line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            done += 1
            if done % 20 == 0 or done == total:
                _say(f"  已准备 {done}/{total}")
        elif line.startswith("Installing collected packages"):
            _say("  下载完成，正在写入 .venv…")
        yield line


def _series(version: Sequence[object]) -> str:
    return f"{version[0]}.{version[1]}"


def _say(text: str) -> None:
    print(text, flush=True)
