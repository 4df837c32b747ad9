"""Reminders (提醒): one digest a day for each person, by mail or robot, and to superiors what slips for too long."""

from core.services.reminders.composing import compose
from core.services.reminders.running import Delivery, Report, run

__all__ = ["Delivery", "Report", "compose", "run"]
