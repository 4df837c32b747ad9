"""Zip archives of land files: what is inside, unpacked in memory after its names and sizes have been proved."""

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zlib import error as zlib_error

from core.importers.archive import check_bomb, unpack
from core.importers.problems import UnreadableFile

# Nothing else of an archive is unpacked: pictures, documents and indexes beside the data are left alone.
_WANTED = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".kml", ".txt", ".geojson", ".json", ".gpkg", ".dxf"})


def open_bundle(data: bytes) -> dict[str, bytes]:
    """
    Return member name → content of the land files in an archive; names are shown to people, never used as paths.

    Raises:
        UnreadableFile: Damaged, a bomb, encrypted, or a name that would lead outside.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
        check_bomb(entries, len(data))
        named = {_name_of(entry): entry for entry in entries if not entry.is_dir()}
        return {name: unpack(data, entry) for name, entry in named.items() if _is_wanted(name)}
    except (zipfile.BadZipFile, zlib_error, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableFile("file_damaged") from error


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows archivers write GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\x00" in name:
        raise UnreadableFile("zip_path", value=name)
    return path.as_posix()


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    is_litter = path.name.startswith(".") or "__MACOSX" in path.parts
    return path.suffix.lower() in _WANTED and not is_litter


def shapefile_layers(members: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """
    Return layer name → suffix → content for every Shapefile among *members*.

    Raises:
        UnreadableFile: One of .shx and .dbf is missing.
    """
    layers: dict[str, dict[str, bytes]] = {}
    by_stem: dict[str, dict[str, bytes]] = {}
    for name, content in members.items():
        path = PurePosixPath(name)
        by_stem.setdefault(path.with_suffix("").as_posix().lower(), {})[path.suffix.lower()] = content
        if path.suffix.lower() == ".shp":
            layers[path.with_suffix("").as_posix() if path.stem in layers else path.stem] = by_stem[
                path.with_suffix("").as_posix().lower()
            ]
    for stem, parts in layers.items():
        missing = [suffix for suffix in (".shx", ".dbf") if suffix not in parts]
        if missing:
            raise UnreadableFile("shapefile_incomplete", missing="、".join(f"{stem}{suffix}" for suffix in missing))
    return layers
