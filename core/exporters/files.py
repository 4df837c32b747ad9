"""What an export hands out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportFile:
    """
    A file to hand out.

    Attributes:
        rows: Rows of data in it; 0 for a template.
        left_out: Rows that this form cannot carry, e.g. plots without corner points.
    """

    name: str
    mime: str
    content: bytes
    rows: int = 0
    left_out: int = 0
