"""Writes the corpus into a folder, for looking at a single file."""

import sys
from pathlib import Path

from tests.faults.malformed import CASES

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for case in CASES:
    (folder / f"{case.name.replace(chr(47), chr(45))}--{case.file_name.replace('/', '_')}").write_bytes(case.build())
print(f"{len(CASES)} files")
