"""Templates of backward schedules as versioned rule sets: the latest stored version wins over the shipped one."""

import json
from dataclasses import replace

from sqlalchemy import func, select

from core.domain.errors import Conflict, Invalid
from core.domain.permissions import Actor, Permission, require
from core.domain.reasons import check_reason
from core.domain.schedule_templates import (
    KIND,
    SHIPPED,
    ScheduleTemplate,
    check_template,
    template_from_dict,
    template_to_dict,
)
from db import audit
from db.models.system import RuleSet
from db.session import read, transaction


def list_templates(actor: Actor) -> tuple[ScheduleTemplate, ...]:
    """Return the templates in use: what is shipped, or the version the office made of it, then the office's own."""
    require(actor, Permission.VIEW_PROJECTS)
    query = select(RuleSet.body, RuleSet.number).where(RuleSet.kind == KIND, RuleSet.is_active).order_by(RuleSet.id)
    with read() as connection:
        stored = [template_from_dict(json.loads(body), number) for body, number in connection.execute(query)]
    known = {template.code: template for template in SHIPPED}
    known |= {template.code: template for template in stored}
    return tuple(known.values())


def save_template(actor: Actor, template: ScheduleTemplate, reason: str) -> int:
    """
    Keep *template* as the next version of its code and return the version; plans made from older ones stay.

    Args:
        template: Its ``number`` is the version that was edited (0 = shipped, or a code of its own).

    Raises:
        Invalid: No reason, or tasks that form no network; every problem named.
        Conflict: Somebody saved another version meanwhile.
    """
    require(actor, Permission.MANAGE_RULES)
    if problems := check_reason(reason, asked="请写明修改模板的原因"):
        raise Invalid(problems)
    checked = check_template(template)
    with transaction(actor) as tx:
        audit.lock_head(tx.connection)
        mine = (RuleSet.kind == KIND, RuleSet.code == checked.code)
        last = int(tx.connection.execute(select(func.max(RuleSet.number)).where(*mine)).scalar() or 0)
        if last != checked.number:
            raise Conflict({"number": last}, {"number": checked.number})
        for key in tx.connection.execute(select(RuleSet.id).where(*mine, RuleSet.is_active)).scalars().all():
            tx.update(RuleSet, key, {"is_active": False}, expected_version=None, reason=reason.strip())
        note = f"由{actor.name}修改：{reason.strip()}"[:400]
        body = template_to_dict(replace(checked, note=note))
        values = {
            "kind": KIND,
            "code": checked.code,
            "number": last + 1,
            "name": checked.name,
            "body": json.dumps(body, ensure_ascii=False),
            "is_active": True,
            "source": reason.strip()[:400],
        }
        tx.insert(RuleSet, values, reason=reason.strip())
    return last + 1
