"""The bindings of the kinds that are written row by row into one table (or two)."""

from typing import Any

from core.domain.matters.words import MatterAction, MatterLevel
from core.domain.period import AsOf
from core.domain.terms import MatterKind, MatterStatus
from core.services.imports.tables_binding import Binding, Journal, Part, Stored, same_names
from db.models.asset import Asset, FundingBid
from db.models.land import Parcel
from db.models.matter import Matter, MatterEvent, PolicyTerms
from db.models.organisation import Person, Unit

_OPEN = frozenset(MatterStatus) - {MatterStatus.RESOLVED, MatterStatus.CLOSED_OUT, MatterStatus.MERGED}


def _parcel_area(values: dict[str, Any], stored: Stored | None, _as_of: AsOf) -> dict[str, Any]:
    """Without corner points the declared area is all there is; a measured one stays beside it."""
    declared = values.get("declared_area_sqm")
    if declared is None or (stored is not None and stored["geometry"]):
        return {}
    return {"area_sqm": declared}


def _matter_state(values: dict[str, Any], stored: Stored | None, as_of: AsOf) -> dict[str, Any]:
    """A list without a status column tells by its dates how far a matter is; it never goes back."""
    found: dict[str, Any] = {}
    if stored is None and values.get("raised_on") is None:
        found["raised_on"] = values.get("assigned_on") or as_of.on
    if stored is None:
        is_county = values.get("county_id") is not None and not values.get("is_escalated")
        found["level"] = (MatterLevel.COUNTY if is_county else MatterLevel.CITY).value
        found["first_due_on"] = values.get("due_on")
    if "status" in values:
        return found
    reached = _reached(values)
    if stored is None:
        found["status"] = (reached or MatterStatus.REGISTERED).value
    elif reached is MatterStatus.CLOSED_OUT or (reached is MatterStatus.RESOLVED and stored["status"] in _OPEN):
        found["status"] = reached.value
    return found


def _reached(values: dict[str, Any]) -> MatterStatus | None:
    if values.get("closed_on") is not None:
        return MatterStatus.CLOSED_OUT
    if values.get("resolved_on") is not None:
        return MatterStatus.RESOLVED
    if values.get("is_escalated"):
        return MatterStatus.ESCALATED
    if values.get("progress") or values.get("answer"):
        return MatterStatus.IN_PROGRESS
    return MatterStatus.ASSIGNED if values.get("assigned_on") is not None else None


_MATTER_JOURNAL = Journal(MatterEvent, "matter_id", {"kind": MatterAction.REGISTERED.value, "note": "由台账登记"})
PARCEL = Binding(
    model=Parcel,
    columns=same_names(
        "code", "name", "location", "declared_area_sqm", "use_code", "use_name", "plot_ratio", "building_density_pct",
        "green_ratio_pct", "approval_no", "approved_on", "supply_method", "supplied_on", "contract_no", "start_due_on",
        "finish_due_on", "started_on", "status", "unused_reason", "disposal_measure", "disposal_due_on",
        "intended_project", "standard_terms", "remark",
    ),
    county="county_id",
    derive=_parcel_area,
    needs_county=True,
)  # fmt: skip
PROBLEM = Binding(
    model=Matter,
    columns=same_names(
        "code", "title", "description", "category", "source", "raised_by", "raised_on", "supporting_units",
        "responsible_leader", "assigned_on", "due_on", "progress", "answer", "replied_on", "outcome", "resolved_on",
        "satisfaction", "is_escalated", "closed_on", "status", "remark",
    ),
    units={"lead_unit": "lead_unit_id"},
    county="county_id",
    project="project_id",
    fixed={"kind": MatterKind.PROBLEM.value},
    apart=("code",),
    code_prefix="WT",
    derive=_matter_state,
    journal=_MATTER_JOURNAL,
)  # fmt: skip
POLICY = Binding(
    model=Matter,
    columns=same_names("code", "title", "due_on", "raised_on", "progress", "status", "remark"),
    units={"lead_unit": "lead_unit_id"},
    county="county_id",
    fixed={"kind": MatterKind.POLICY.value},
    apart=("code",),
    code_prefix="ZC",
    derive=_matter_state,
    journal=_MATTER_JOURNAL,
    part=Part(
        PolicyTerms,
        "matter_id",
        (
            "document_no", "clause", "level", "audience", "conditions", "delivery_channel", "delivered_on",
            "target_count", "delivered_count", "applied_count", "approved_yuan", "honoured_yuan", "honoured_count",
            "unhonoured_reason",
        ),
    ),
)  # fmt: skip
ASSET = Binding(
    model=Asset,
    columns=same_names(
        "code", "name", "category", "kind", "location", "area_sqm", "title_no", "acquired_on",
        "original_book_value_yuan", "net_book_value_yuan", "appraised_value_yuan", "appraised_on", "status",
        "disposal_method", "disposal_measure", "disposal_due_on", "revitalized_yuan", "received_yuan", "problem",
        "remark",
    ),
    units={"holder_unit": "holder_unit_id", "responsible_unit": "responsible_unit_id"},
    county="county_id",
    apart=("code", "holder_unit"),
    code_prefix="SZ",
)  # fmt: skip
FUNDING_BID = Binding(
    model=FundingBid,
    columns=same_names(
        "code", "name", "category", "higher_authority", "requested_yuan", "requested_on", "grant_document_no",
        "granted_on", "granted_yuan", "received_on", "received_yuan", "spent_yuan", "is_competitive", "verdict",
        "remark",
    ),
    units={"responsible_unit": "responsible_unit_id"},
    county="county_id",
    project="project_id",
    apart=("code",),
    code_prefix="ZZ",
)  # fmt: skip
PERSON = Binding(
    model=Person,
    columns=same_names("name", "title", "phone"),
    units={"unit": "unit_id"},
    strong=2,
    apart=("unit",),
)
UNIT = Binding(model=Unit, columns=same_names("name", "kind"), county="county_id")
