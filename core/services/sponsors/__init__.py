"""Sponsor leaders (包保领导): who owes a visit, what changed since the last one, visits, promises, papers."""

from core.services.attachments import Upload
from core.services.sponsors.assigning import assign, end
from core.services.sponsors.exporting import export_list
from core.services.sponsors.papers import MAX_PAPERS, PaperForm, briefs, letters
from core.services.sponsors.reading import (
    LeaderRow,
    LeaderView,
    SponsoredRow,
    assignments,
    leader,
    leaders,
    own_person,
    people,
)
from core.services.sponsors.rules import read_rules, save_rules
from core.services.sponsors.visits import (
    MAX_PROJECTS,
    MAX_PROMISES,
    PromiseDraft,
    RecordedVisit,
    VisitDraft,
    record,
)
from db.queries.sponsors import AssignmentRow, PersonRow

__all__ = [
    "MAX_PAPERS",
    "MAX_PROJECTS",
    "MAX_PROMISES",
    "AssignmentRow",
    "LeaderRow",
    "LeaderView",
    "PaperForm",
    "PersonRow",
    "PromiseDraft",
    "RecordedVisit",
    "SponsoredRow",
    "Upload",
    "VisitDraft",
    "assign",
    "assignments",
    "briefs",
    "end",
    "export_list",
    "leader",
    "leaders",
    "letters",
    "own_person",
    "people",
    "read_rules",
    "record",
    "save_rules",
]
