"""All tables of the store. Importing this package fills ``Base.metadata``."""

from db.models.access import DisplayKey, FeedKey, User, UserRole, UserSession
from db.models.asset import Asset, FundingBid
from db.models.base import Base
from db.models.campaign import (
    Campaign,
    CampaignAcceptance,
    CampaignAssessment,
    CampaignEvent,
    CampaignPhase,
    CampaignProgress,
    CampaignProject,
    CampaignTask,
)
from db.models.closing import CalendarOverride, MonthArchivePart, MonthClose, ReportCorrection
from db.models.evidence import Attachment, AttachmentContent
from db.models.figures import parcel_tally, project_state, tally
from db.models.headquarters import HeadquartersMember, HeadquartersReport, HeadquartersSchedule, HeadquartersStep
from db.models.land import MapFeature, Parcel, ParcelUse
from db.models.matter import Matter, MatterEvent, MatterSupport, PolicyTerms
from db.models.meeting import Meeting, MeetingDecision, MeetingItem, MeetingNote
from db.models.milestone import Milestone, MilestoneBaseline
from db.models.money import AnnualPlan, FundingLine, InvestmentPlan, InvestmentReport
from db.models.organisation import County, Headquarters, Person, Unit
from db.models.project import Assignment, LifecycleEvent, ListMembership, Project
from db.models.reminder import Reminder
from db.models.schedule import SchedulePlan, ScheduleTask
from db.models.start import Procedure, WatchItem
from db.models.supervision import (
    Bulletin,
    DocumentTemplate,
    FlagDecision,
    FlagOverride,
    Merit,
    ProcessFact,
    Rectification,
    RectificationEvent,
    RoundSnapshot,
    SupervisionRound,
)
from db.models.system import (
    AuditEvent,
    ImportBatch,
    ImportMend,
    ImportProblemRow,
    ImportProfile,
    RuleSet,
    Setting,
    StoreHead,
)

__all__ = [
    "AnnualPlan",
    "Asset",
    "Assignment",
    "Attachment",
    "AttachmentContent",
    "AuditEvent",
    "Base",
    "Bulletin",
    "CalendarOverride",
    "Campaign",
    "CampaignAcceptance",
    "CampaignAssessment",
    "CampaignEvent",
    "CampaignPhase",
    "CampaignProgress",
    "CampaignProject",
    "CampaignTask",
    "County",
    "DisplayKey",
    "DocumentTemplate",
    "FeedKey",
    "FlagDecision",
    "FlagOverride",
    "FundingBid",
    "FundingLine",
    "Headquarters",
    "HeadquartersMember",
    "HeadquartersReport",
    "HeadquartersSchedule",
    "HeadquartersStep",
    "ImportBatch",
    "ImportMend",
    "ImportProblemRow",
    "ImportProfile",
    "InvestmentPlan",
    "InvestmentReport",
    "LifecycleEvent",
    "ListMembership",
    "MapFeature",
    "Matter",
    "MatterEvent",
    "MatterSupport",
    "Meeting",
    "MeetingDecision",
    "MeetingItem",
    "MeetingNote",
    "Merit",
    "Milestone",
    "MilestoneBaseline",
    "MonthArchivePart",
    "MonthClose",
    "Parcel",
    "ParcelUse",
    "Person",
    "PolicyTerms",
    "Procedure",
    "ProcessFact",
    "Project",
    "Rectification",
    "RectificationEvent",
    "Reminder",
    "ReportCorrection",
    "RoundSnapshot",
    "RuleSet",
    "SchedulePlan",
    "ScheduleTask",
    "Setting",
    "StoreHead",
    "SupervisionRound",
    "Unit",
    "User",
    "UserRole",
    "UserSession",
    "WatchItem",
    "parcel_tally",
    "project_state",
    "tally",
]
