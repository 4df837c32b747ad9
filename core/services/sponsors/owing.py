"""For how many projects leaders still owe this month's visit, whoever asks: a leader answers for all of his."""

from datetime import date

from sqlalchemy import Connection

from core.domain.period import Month
from core.domain.scope import Scope
from core.domain.sponsors import projects_owed
from core.services.sponsors.rules import rules_in_force
from db.queries import sponsors as queries


def owed_by_person(connection: Connection, today: date, person_id: int | None = None) -> dict[int, int]:
    """
    Return the number of projects by person, by the rule in force; who owes nothing is left out.

    Args:
        person_id: Only of this person; None = of everybody.
    """
    first, everything = Month.of(today).first_day, Scope.all()
    keys = None
    if person_id is not None:
        own = queries.list_links(connection, everything, first, [person_id])
        keys = sorted({link.project_id for link in own})
        if not keys:
            return {}
    # With the other leaders of the same projects: of two names, the longer one is meant.
    links = queries.list_links(connection, everything, first, project_ids=keys)
    people = queries.find_people(connection, sorted({link.person_id for link in links}))
    visits = queries.list_visits(connection, everything, first, keys)
    names = {key: person.name for key, person in people.items()}
    found = projects_owed(rules_in_force(connection), names, links, visits, today)
    return found if person_id is None else {key: number for key, number in found.items() if key == person_id}
