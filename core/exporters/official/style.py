"""Measures and fonts of GB/T 9704-2012, as tried on paper: 22 lines of 28 characters on a page of A4.

The grid comes from an exact line spacing of 28.95 pt and letters drawn 0.25 pt closer; a line pitch of 580 twips
already pushes the last line off the page.
"""

from dataclasses import dataclass

# Proprietary fonts that government PCs have; named here, never shipped. On the right what may stand in for them.
TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEAD_FONT = "黑体"
SUB_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"
LATIN_FONT = "Times New Roman"
STAND_INS: dict[str, tuple[str, ...]] = {
    TITLE_FONT: ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "Noto Serif CJK SC", "Source Han Serif SC"),
    BODY_FONT: ("FangSong_GB2312", "仿宋", "FangSong", "Zhuque Fangsong", "Noto Serif CJK SC"),
    HEAD_FONT: ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    SUB_FONT: ("KaiTi_GB2312", "楷体", "KaiTi", "LXGW WenKai", "Noto Serif CJK SC"),
    PAGE_FONT: ("SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
}
# The very same fonts under the names their files carry.
SAME_FONT = frozenset(
    {"FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FangSong_GB2312", "仿宋", "FangSong", "SimHei", "KaiTi_GB2312", "楷体"}
    | {"KaiTi", "SimSun"}
)

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TEXT_WIDTH_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
# A page turned for a wide table: narrower edges, since nobody binds along its long side.
WIDE_TOP_MM, WIDE_BOTTOM_MM, WIDE_LEFT_MM, WIDE_RIGHT_MM = 28, 26, 25, 25
WIDE_WIDTH_MM = PAGE_MM[1] - WIDE_LEFT_MM - WIDE_RIGHT_MM
FOOTER_MM, WIDE_FOOTER_MM = 25, 17

LINES_PER_PAGE = 22
CHARS_PER_LINE = 28
LINE_PITCH_TWIPS = 579
LETTER_SPACING_TWIPS = -5
BODY_POINTS = 16.0  # 3号
TITLE_POINTS = 22.0  # 2号
TITLE_LINE_TWIPS = 680
MARK_POINTS = 42.0
PAGE_POINTS = 14.0  # 4号
CAPTION_POINTS = 12.0  # 小四
RED = "E60012"
INK = "000000"


@dataclass(frozen=True, slots=True)
class HeadingLook:
    """Font and weight of a heading level."""

    font: str
    bold: bool


HEADINGS = (
    HeadingLook(HEAD_FONT, bold=False),
    HeadingLook(SUB_FONT, bold=False),
    HeadingLook(BODY_FONT, bold=True),
    HeadingLook(BODY_FONT, bold=False),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    The upright page that a document is set on: edges in mm, sizes in points.

    Attributes:
        line_twips: Exact height of a line, 1/20 pt.
        tracking_twips: How letters are drawn apart; negative = closer.
        is_numbered: Whether pages carry their number.
    """

    top_mm: float = TOP_MM
    bottom_mm: float = BOTTOM_MM
    left_mm: float = LEFT_MM
    right_mm: float = RIGHT_MM
    body_points: float = BODY_POINTS
    line_twips: int = LINE_PITCH_TWIPS
    tracking_twips: int = LETTER_SPACING_TWIPS
    title_points: float = TITLE_POINTS
    title_line_twips: int = TITLE_LINE_TWIPS
    form_points: float = 12.0
    is_numbered: bool = True

    @property
    def width_mm(self) -> float:
        """Width of the text."""
        return PAGE_MM[0] - self.left_mm - self.right_mm


OFFICIAL = Sheet()
# A sheet to be read in the car: small edges and letters, so that one page holds a project.
BRIEF = Sheet(14, 12, 17, 17, 10.5, 300, 0, 18.0, 480, 10.0, is_numbered=False)
