"""Campaigns (攻坚、改革、惠民): deployed, reported, closed out task by task, accepted. Others import from here only."""

from core.services.campaigns.copying import copy
from core.services.campaigns.deploying import CampaignDraft, create, edit, launch
from core.services.campaigns.letters import duty_letter_pdf, duty_letter_word
from core.services.campaigns.lines import CampaignCard, TaskLine
from core.services.campaigns.reading import (
    Board,
    CampaignView,
    Grid,
    GridRow,
    board,
    grids,
    read_board,
    read_campaign,
    read_latest_board,
    unit_names,
)
from core.services.campaigns.reporting import TaskReport, claim, report
from core.services.campaigns.roadmap import PhaseDraft, link_projects, save_phases
from core.services.campaigns.rules import read_rules, save_rules
from core.services.campaigns.tasks import TaskDraft, add_tasks, drop_task, edit_task
from core.services.campaigns.verifying import Assessment, accept, assess, close_out, reopen, return_task
from core.services.campaigns.writing import from_milli
from db.queries.campaign_records import EventRow
from db.queries.campaigns import CampaignRow, TaskRow

__all__ = [
    "Assessment",
    "Board",
    "CampaignCard",
    "CampaignDraft",
    "CampaignRow",
    "CampaignView",
    "EventRow",
    "Grid",
    "GridRow",
    "PhaseDraft",
    "TaskDraft",
    "TaskLine",
    "TaskReport",
    "TaskRow",
    "accept",
    "add_tasks",
    "assess",
    "board",
    "claim",
    "close_out",
    "copy",
    "create",
    "drop_task",
    "duty_letter_pdf",
    "duty_letter_word",
    "edit",
    "edit_task",
    "from_milli",
    "grids",
    "launch",
    "link_projects",
    "read_board",
    "read_campaign",
    "read_latest_board",
    "read_rules",
    "reopen",
    "report",
    "return_task",
    "save_phases",
    "save_rules",
    "unit_names",
]
