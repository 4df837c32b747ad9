"""责任书 of a campaign, for its lead unit or for one unit with its tasks alone, as Word or PDF."""

from datetime import UTC, datetime, time

from core.domain.campaigns.words import CampaignKind
from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, Permission, require
from core.exporters.official.duty_letter import DutyLetter, DutyTask, letter_blocks, letter_title
from core.exporters.official.pdf import write_pdf
from core.exporters.official.word import write_word
from core.services.campaigns.reading import read_campaign
from core.services.campaigns.writing import from_milli
from core.settings import get_settings
from db.queries.campaigns import CampaignRow, TaskRow

_OFFICES = {
    CampaignKind.BATTLE: "重大项目攻坚领导小组办公室",
    CampaignKind.REFORM: "改革攻坚领导小组办公室",
    CampaignKind.DRIVE: "三攻坚一盘活专班",
    CampaignKind.LIVELIHOOD: "惠民实事工作专班",
}


def duty_letter_word(actor: Actor, campaign_id: int, unit_id: int | None = None) -> bytes:
    """
    Return the letter as docx.

    Args:
        unit_id: Unit that signs, with the tasks it leads; None = the campaign's lead unit with all tasks.

    Raises:
        NotFound: Outside the actor's scope, or the unit leads no task of it.
        Invalid: The campaign has no lead unit.
    """
    require(actor, Permission.EXPORT)
    letter, made_at = _letter(actor, campaign_id, unit_id)
    return write_word(letter_blocks(letter), title=letter_title(letter), made_at=made_at)


def duty_letter_pdf(actor: Actor, campaign_id: int, unit_id: int | None = None) -> bytes:
    """Return the letter as PDF; arguments and errors as ``duty_letter_word``."""
    require(actor, Permission.EXPORT)
    letter, made_at = _letter(actor, campaign_id, unit_id)
    fonts = (get_settings().data_dir / "fonts",)
    return write_pdf(letter_blocks(letter), title=letter_title(letter), made_at=made_at, font_folders=fonts)


def _letter(actor: Actor, campaign_id: int, unit_id: int | None) -> tuple[DutyLetter, datetime]:
    view = read_campaign(actor, campaign_id)
    row = view.card.row
    lines = [line for line in view.lines if unit_id is None or line.row.lead_unit_id == unit_id]
    if unit_id is not None and not lines:
        raise NotFound
    receiver = row.lead_unit if unit_id is None else lines[0].row.lead_unit
    if not receiver:
        raise Invalid([Problem("lead_unit_id", "missing", "请先为该行动指定牵头单位，再生成责任书。")])
    letter = DutyLetter(
        campaign=row.name,
        code=row.code,
        giver=_giver(row),
        receiver=receiver,
        leader=row.leader,
        start_on=row.start_on,
        finish_on=row.finish_on,
        acceptance_on=row.acceptance_due_on,
        report_period=row.report_period.label,
        clarities=(("标准", row.standard), ("思路", row.approach), ("任务", row.duties), ("成效", row.results)),
        tasks=tuple(_task(line.place.number, line.row) for line in lines),
    )
    return letter, datetime.combine(view.today, time(), UTC)  # equal letters of a day are equal to the byte


def _giver(row: CampaignRow) -> str:
    return row.headquarters or row.county or f"{get_settings().city_name}{_OFFICES[row.kind]}"


def _task(number: str, row: TaskRow) -> DutyTask:
    target = from_milli(row.target_milli)
    measure = "" if target is None else f"{row.measure} {target.normalize():f}{row.measure_unit}"
    return DutyTask(
        number,
        row.name,
        row.lead_unit,
        row.supporting_units,
        row.responsible_person,
        row.facts.planned_finish_on,
        measure or row.measure,
    )
