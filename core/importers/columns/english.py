"""English header words: a vocabulary of its own, tried only on headers without any Chinese character.

Words come without blanks and signs in lower case (``core.importers.columns.words.header_words``).
"""

import re

from core.importers.columns.fields import Field

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOTE_AT_END = re.compile(r"\([^()]*\)$")
_SIGNS = re.compile(r"[^a-z0-9%#]")
_DONE = r"(?:spen[dt]|spending|expenditure|completed?|actuals?|done|outturn|disbursed)"
_INVESTMENT = r"(?:investment|cost|capex|budget|value|outlay)"

_ALIASES: tuple[tuple[Field, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.SEQUENCE, r"^(?:#|no|nr|sn|sno|serialno|serialnumber|item|itemno)$"),
        (Field.STATISTICS_CODE, r"statistic(?:s|al)(?:code|id|no)"),
        (Field.NATIONAL_CODE, r"^(?:national|unified)(?:project)?(?:code|id|no|number)"),
        (Field.CODE, r"^(?:project|scheme)?(?:code|id|ref|reference|number|no)$|^projectidentifier$"),
        (
            Field.NAME,
            r"^(?:name|title|project|scheme|projects|programme)$|^(?:project|scheme|programme)(?:name|title)$",
        ),
        (Field.PHONE, r"phone|^mobile|^tel"),
        (Field.CONTACTS, r"contact"),
        (Field.SPONSORS, r"sponsor|seniorresponsibleowner|^sro|leader$|^leadership"),
        (Field.RESPONSIBLE_PERSONS, r"projectmanager|responsibleperson|personincharge|^manager$|projectdirector"),
        (Field.SUPPORTING_UNIT, r"supporting(?:unit|agency|department)|^partners?$"),
        (Field.LEAD_UNIT, r"lead(?:ing)?(?:unit|agency|department|organisation|organization)"),
        (
            Field.RESPONSIBLE_UNIT,
            r"responsible(?:unit|agency|department|authority|body)|^(?:department|agency|authority|ministry)$",
        ),
        (Field.HEADQUARTERS, r"headquarters|taskforce|commandcent"),
        (Field.COUNTY, r"county|district|borough|^region|municipality|localauthority"),
        (Field.OWNER, r"^owner|projectowner|developer|client|employer|implementing(?:agency|unit|entity)|^promoter"),
        (Field.INVESTOR, r"investor(?:type)?$|ownershiptype"),
        (Field.LOCATION, r"^(?:project)?(?:location|address|site|place)$"),
        (Field.IS_STARTED, r"^(?:has)?started$|isstarted|constructionstarted$"),
        (Field.TOTAL_RATE, rf"^(?:%|percent(?:age)?|pct)(?:of)?total{_INVESTMENT}"),
        (
            Field.ANNUAL_RATE,
            r"^(?:%|percent(?:age)?|pct)(?:of)?(?:annual)?plan|^(?:annual)?planachieve(?:d|ment)%?|^planrate",
        ),
        (
            Field.PRIOR_DONE,
            rf"(?:prioryears?|previousyears?|tolastyearend|untillastyear).*{_DONE}|{_DONE}.*prioryears?",
        ),
        (
            Field.SINCE_START_DONE,
            rf"(?:cumulative|todate|sincestart|total){_DONE}|{_DONE}(?:todate|sincestart|sinceinception)"
            rf"|{_INVESTMENT}(?:todate|sincestart)",
        ),
        (Field.YTD_DONE, rf"ytd|yeartodate|thisyear{_DONE}|{_DONE}thisyear"),
        (Field.MONTH_DONE, rf"(?:thismonth|monthly|currentmonth){_DONE}|{_DONE}(?:thismonth|inmonth)"),
        (
            Field.ANNUAL_PLAN,
            rf"^(?:20\d{{2}}|annual|year(?:ly)?|thisyears?)(?:planned|plan)?{_INVESTMENT}(?:plan)?$"
            rf"|^(?:20\d{{2}}|annual|yearly|thisyears?)(?:plan|target)$|^plan(?:ned)?{_INVESTMENT}(?:20\d{{2}}|thisyear)$",
        ),
        (
            Field.TOTAL,
            rf"^(?:total|wholelife|estimated|approved)?(?:project|capital)?{_INVESTMENT}$"
            r"|^total(?:amount|baseline.*cost)$"
            rf"|^total(?:project|estimated|planned|approved){_INVESTMENT}$|^projectsize$|^wholelifecost",
        ),
        (Field.STARTED, r"actual(?:construction)?start|^(?:date)?started(?:on|date)$|^commenced"),
        (
            Field.COMPLETED,
            r"actual(?:completion|finish|end)|^(?:date)?(?:completed|finished)(?:on|date)$",
        ),
        (Field.COMMISSIONED, r"commission|operation(?:al)?date|inoperation"),
        (
            Field.START_PLANNED,
            r"^(?:planned|plan|project|scheduled|expected|target|construction)?(?:construction)?start(?:date)?(?:planned)?$"
            r"|commencementdate",
        ),
        (
            Field.FINISH_PLANNED,
            r"^(?:planned|plan|project|scheduled|expected|target|estimated)?(?:construction)?"
            r"(?:end|finish|completion|due)(?:date)?(?:planned)?$",
        ),
        (Field.PERIOD, r"^(?:construction)?(?:period|duration|timeframe)$"),
        (Field.COORDINATION, r"coordination|supportneeded|decisionsneeded"),
        (Field.PROBLEM, r"^(?:key)?(?:issue|problem|risk|difficult)"),
        (Field.MEASURES, r"measure|nextstep|mitigation|^actions?$"),
        (Field.ANNUAL_GOAL, r"annual(?:goal|objective|target)|goalsthisyear|^milestonesthisyear"),
        (Field.ELSEWHERE, r"%|percent|^pct|^rag|rating|deliveryconfidence"),
        (Field.PROGRESS, r"progress|^narrative|^update|commentary"),
        (Field.YEAR_CLASS, r"yearclass|annualclass"),
        (Field.STAGE, r"^(?:project|current|construction)?(?:status|stage|phase)$"),
        (Field.NATURE, r"nature|constructiontype"),
        (Field.LEVEL, r"^(?:project)?(?:level|tier)$"),
        (Field.CATEGORY, r"^(?:project)?(?:category|sector|industry|type|class)$"),
        (Field.CONTENT, r"description|scope|^content|^summary"),
        (Field.LAND_AREA, r"(?:land|site|plot)area|^area$"),
        (Field.REMARK, r"remark|^notes?$|comment"),
    )
)


def english_field(words: str) -> Field | None:
    """Return the meaning of *words* (unit already taken out); ``None`` when unknown or not English."""
    if _CHINESE.search(words):
        return None
    text = _SIGNS.sub("", _NOTE_AT_END.sub("", words.lower()))
    return next((field for field, pattern in _ALIASES if pattern.search(text)), None) if text else None
