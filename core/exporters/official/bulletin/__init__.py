"""The bulletin (督查通报) of a published round: every figure from its snapshot, every word from the office's texts."""

from core.exporters.official.bulletin.assemble import bulletin_blocks

__all__ = ["bulletin_blocks"]
