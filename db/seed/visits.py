"""Leaders' visits of the demo city in the year: most projects were seen, some visits of this month are owed."""

from datetime import date, timedelta

import numpy as np

from core.domain.period import Month
from core.domain.sponsors import DEFAULT_VISITS
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import AssignmentRole, Stage
from db.models.project import Assignment, Project
from db.models.supervision import ProcessFact
from db.seed.cast import SEED
from db.seed.content.visits import COMPANIONS, SEEN
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

_PAST, _PRESENT = 0.9, 0.6  # share of the projects that were seen, in a month that is over and in this one


def add_visits(rows: Rows, organisation: Organisation, moment: Moment) -> None:
    """Add the visits of the year, up to the moment's day."""
    stages = {row["id"]: Stage(row["stage"]) for row in rows.of(Project)}
    links = [
        (row["person_id"], row["project_id"], row["from_on"])
        for row in rows.of(Assignment)
        if row["role"] == AssignmentRole.SPONSOR_LEADER.value and stages[row["project_id"]] in DEFAULT_VISITS.stages
    ]
    rng = np.random.default_rng([SEED, 61])
    this = Month.of(moment.today)
    for number in range(1, this.number + 1):
        month = Month(this.year, number)
        for person, project, since in links:
            seen, day, text, guest = (
                rng.uniform(),
                rng.uniform(),
                rng.integers(len(SEEN)),
                rng.integers(len(COMPANIONS)),
            )
            on = _day(month, moment.today, float(day))
            if seen < (_PRESENT if month == this else _PAST) and on >= since:
                who = f"{organisation.contact_names[person]}、{COMPANIONS[int(guest)]}"
                _add(rows, project, on, who, SEEN[int(text)], moment)


def _day(month: Month, today: date, share: float) -> date:
    """Return a day of *month* up to *today*."""
    last = min(month.last_day, today)
    return month.first_day + timedelta(days=int(share * ((last - month.first_day).days + 1)))


def _add(rows: Rows, project_id: int, on: date, who: str, summary: str, moment: Moment) -> None:
    rows.add(
        ProcessFact,
        kind=ProcessKind.LEADER_VISIT.value,
        subject_kind=SubjectKind.PROJECT.value,
        subject_id=project_id,
        project_id=project_id,
        happened_on=on,
        participants=who,
        summary=summary,
        finding="",
        severity=Severity.NONE.value,
        due_on=None,
        mended_on=None,
        recorded_at=moment.instant(on, 17),
        recorded_by="supervisor",
    )
