"""Every key of the session state, in one place. A screen adds its keys here; a test forbids literal keys elsewhere."""

from enum import StrEnum
from typing import Any

import streamlit as st


class Key(StrEnum):
    """Names in ``st.session_state``; widgets use the same names as their ``key=``."""

    OWNER = "owner"
    AS_OF_MONTH = "as_of_month"
    AS_OF_LIVE_SCREEN = "as_of_live_screen"
    AS_OF_BACK = "as_of_back"
    NOTICE = "notice"

    USER_SEARCH = "user_search"
    USER_TABLE = "user_table"
    USER_NEW_ROLES = "user_new_roles"
    USER_HANDOVER = "user_first_entry"
    DISPLAY_TABLE = "display_table"
    DISPLAY_HANDOVER = "display_new_address"
    AUDIT_ACTOR = "audit_actor"
    AUDIT_ACTION = "audit_action"
    AUDIT_ENTITY = "audit_entity"
    AUDIT_DAYS = "audit_days"
    AUDIT_PAGE = "audit_page"
    AUDIT_TABLE = "audit_table"
    AUDIT_VERIFIED = "audit_verified"

    MILESTONE_BUCKET = "milestone_bucket"
    MILESTONE_SEARCH = "milestone_search"
    MILESTONE_COUNTY = "milestone_county"
    MILESTONE_HEADQUARTERS = "milestone_headquarters"
    MILESTONE_KEY_ONLY = "milestone_key_only"
    MILESTONE_PAGE = "milestone_page"
    MILESTONE_TABLE = "milestone_table"
    MILESTONE_CLICK = "milestone_click"
    MILESTONE_OPEN = "milestone_open"
    MILESTONE_FORM = "milestone_form"
    MILESTONE_CONFLICT = "milestone_conflict"
    MILESTONE_UNDO = "milestone_undo"

    FEED_HANDOVER = "feed_new_address"
    FEED_CLOSE = "feed_close"
    FEED_FORM = "feed_form"
    FEED_REVOKE = "feed_revoke"
    FEED_DOWNLOAD = "feed_download"

    REPORT_MONTH = "report_month"
    REPORT_SECTION = "report_section"
    REPORT_SEARCH = "report_search"
    REPORT_COUNTY = "report_county"
    REPORT_HEADQUARTERS = "report_headquarters"
    REPORT_PAGE = "report_page"
    REPORT_GRID = "report_grid"
    REPORT_SEEN = "report_seen"
    REPORT_PENDING = "report_pending"
    REPORT_REFUSED = "report_refused"
    REPORT_PASTE = "report_paste"
    REPORT_PREVIEW = "report_preview"
    REPORT_REVIEW = "report_review"
    REPORT_STATE = "report_state"
    REPORT_REASON = "report_reason"

    SCHEDULE_SEARCH = "schedule_search"
    SCHEDULE_FOUND = "schedule_found"
    SCHEDULE_LIST = "schedule_list"
    SCHEDULE_WORK = "schedule_work"
    SCHEDULE_GRID = "schedule_grid"
    SCHEDULE_FORM = "schedule_form"
    SCHEDULE_CLASH = "schedule_clash"
    SCHEDULE_TEMPLATE = "schedule_template"
    SCHEDULE_FILE = "schedule_file"
    SCHEDULE_DIALOG = "schedule_dialog"
    SCHEDULE_ADOPT = "schedule_adopt"

    RATE_CHOSEN = "rate_chosen"

    CASE_VIEW = "case_view"
    CASE_OPEN = "case_open"
    CASE_ACT = "case_act"
    CASE_TABLE = "case_table"
    CASE_PAGE = "case_page"
    CASE_SEEN = "case_seen"
    CASE_OFFENDERS = "case_offenders"
    CASE_RULES = "case_rules"
    MERIT_PROPOSED = "merit_proposed"
    MERIT_FORM = "merit_form"

    MATTER_VIEW = "matter_view"
    MATTER_FILTER = "matter_filter"
    MATTER_PAGE = "matter_page"
    MATTER_TABLE = "matter_table"
    MATTER_EXPORT = "matter_export"
    MATTER_OPEN = "matter_open"
    MATTER_ACT = "matter_act"
    MATTER_NEW = "matter_new"
    MATTER_BATCH = "matter_batch"
    MATTER_RAISE = "matter_raise"
    MATTER_ASSIGN = "matter_assign"
    MATTER_ADDRESS = "matter_address"
    MATTER_GROUP = "matter_group"
    MATTER_RULES = "matter_rules"
    MATTER_FILES = "matter_files"

    TODO_GROUP = "todo_group"
    TODO_KIND = "todo_kind"
    TODO_PAGE = "todo_page"
    DUE_GROUP = "due_group"
    DUE_KIND = "due_kind"
    DUE_TEAM = "due_team"
    DUE_PAGE = "due_page"

    CAMPAIGN_YEAR = "campaign_year"
    CAMPAIGN_VIEW = "campaign_view"
    CAMPAIGN_PART = "campaign_part"
    CAMPAIGN_TASK = "campaign_task"
    CAMPAIGN_DIALOG = "campaign_dialog"
    CAMPAIGN_FORM = "campaign_form"
    CAMPAIGN_TABLE = "campaign_table"
    CAMPAIGN_ACT = "campaign_act"
    CAMPAIGN_SEEN = "campaign_seen"
    CAMPAIGN_PERIOD = "campaign_period"
    CAMPAIGN_SHEET = "campaign_sheet"
    CAMPAIGN_FILE = "campaign_file"

    MEETING_VIEW = "meeting_view"
    MEETING_PAGE = "meeting_page"
    MEETING_TABLE = "meeting_table"
    MEETING_NEW = "meeting_new"
    MEETING_FORM = "meeting_form"
    MEETING_PART = "meeting_part"
    MEETING_AGENDA = "meeting_agenda"
    MEETING_ADD = "meeting_add"
    MEETING_DECISIONS = "meeting_decisions"
    MEETING_FILE = "meeting_file"
    MEETING_NOTE = "meeting_note"
    MEETING_CLOSE = "meeting_close"
    MEETING_TEXT = "meeting_text"
    MEETING_DECIDE = "meeting_decide"
    MEETING_MORE = "meeting_more"
    MEETING_SEEN = "meeting_seen"
    MEETING_CLASH = "meeting_clash"
    MEETING_REFUSED = "meeting_refused"
    MEETING_RULES = "meeting_rules"
    MEETING_KEYS = "wr_room_keys"

    CLOSING_FORM = "closing_form"
    CLOSING_DECIDE = "closing_decide"
    CALENDAR_FORM = "calendar_form"
    REPORT_CORRECTION = "report_correction"

    RULES_CHOSEN = "rules_chosen"
    RULES_FORM = "rules_form"
    RULES_PREVIEW = "rules_preview"

    IMPORT_FILE = "import_file"
    IMPORT_KIND = "import_kind"
    IMPORT_KEY = "import_key"
    IMPORT_PROPOSED = "import_proposed"
    IMPORT_PREVIEW = "import_preview"
    IMPORT_ROUND = "import_round"
    IMPORT_RUNNING = "import_running"
    IMPORT_CANCEL = "import_cancel"
    IMPORT_QUESTIONS = "import_questions"
    IMPORT_MENDS = "import_mends"
    IMPORT_ROW = "import_row"
    IMPORT_ROW_CELLS = "import_row_cells"
    IMPORT_SHEET = "import_sheet"
    IMPORT_COLUMNS = "import_columns"
    IMPORT_PROFILE = "import_profile"
    IMPORT_HISTORY = "import_history"
    IMPORT_UNDO = "import_undo"
    IMPORT_HANDOVER = "import_first_entries"
    IMPORT_RETIRE = "import_retire"
    IMPORT_TEMPLATE = "import_template"
    IMPORT_KEPT = "import_kept"

    RECONCILE_FORM = "reconcile_form"
    RECONCILE_FILE = "reconcile_file"
    RECONCILE_RESULT = "reconcile_result"

    LEDGER_ADDRESS = "ledger_address"
    LEDGER_TEXT = "ledger_text"
    LEDGER_COUNTIES = "ledger_counties"
    LEDGER_HEADQUARTERS = "ledger_headquarters"
    LEDGER_FLAGS = "ledger_flags"
    LEDGER_RECORD_FLAGS = "ledger_record_flags"
    LEDGER_STAGES = "ledger_stages"
    LEDGER_LEVELS = "ledger_levels"
    LEDGER_CATEGORIES = "ledger_categories"
    LEDGER_CLASSES = "ledger_classes"
    LEDGER_LISTING = "ledger_listing"
    LEDGER_SORT = "ledger_sort"
    LEDGER_STATUSES = "ledger_statuses"
    LEDGER_PAGE = "ledger_page"
    LEDGER_TABLE = "ledger_table"

    EXPORT_KIND = "export_kind"
    EXPORT_FORM = "export_form"
    EXPORT_COUNTIES = "export_counties"
    EXPORT_HEADQUARTERS = "export_headquarters"
    EXPORT_LISTING = "export_listing"
    EXPORT_BUTTON = "export_button"
    EXPORT_TEMPLATE = "export_template"
    EXPORT_ZONE = "export_zone"

    MAP_ADDRESS = "map_address"
    MAP_TEXT = "map_text"
    MAP_COUNTIES = "map_counties"
    MAP_HEADQUARTERS = "map_headquarters"
    MAP_FLAGS = "map_flags"
    MAP_RECORD_FLAGS = "map_record_flags"
    MAP_STAGES = "map_stages"
    MAP_LEVELS = "map_levels"
    MAP_CATEGORIES = "map_categories"
    MAP_CLASSES = "map_classes"
    MAP_LISTING = "map_listing"
    MAP_SORT = "map_sort"
    MAP_STATUSES = "map_statuses"
    MAP_DECK = "map_deck"
    MAP_PANEL = "wr_card_map"

    PROJECT_DIALOG = "project_dialog"
    PROJECT_CLASH = "project_clash"
    PROJECT_EDIT = "project_edit"
    PROJECT_EVENT = "project_event"
    PROJECT_FORM = "project_form"
    PROJECT_EVENT_FORM = "project_event_form"
    PROJECT_KEEP_MINE = "project_keep_mine"
    PROJECT_KEEP_THEIRS = "project_keep_theirs"
    PROJECT_ACTIONS = "wr_project_actions"
    PROJECT_CARD_NODES = "wr_card_nodes"
    PROJECT_CARD_MONEY = "wr_card_money"
    PROJECT_CARD_PROCESS = "wr_card_process"

    ROUND_CHOSEN = "round_chosen"
    ROUND_SEEN = "round_seen"
    ROUND_KIND = "round_kind"
    ROUND_VIEW = "round_view"
    ROUND_TEXT = "round_text"
    ROUND_COUNTIES = "round_counties"
    ROUND_TEAMS = "round_teams"
    ROUND_LEVELS = "round_levels"
    ROUND_MOVED = "round_moved"
    ROUND_HELD = "round_held"
    ROUND_PAGE = "round_page"
    BACKTEST_FIRST = "backtest_first"
    BACKTEST_LAST = "backtest_last"
    BACKTEST_OUTCOME = "backtest_outcome"
    BACKTEST_BEYOND = "backtest_beyond"
    BACKTEST_MONTHS = "backtest_months"
    BACKTEST_RULES = "backtest_rules"
    BACKTEST_SWEEP = "backtest_sweep"
    BACKTEST_HINDSIGHT = "backtest_hindsight"
    BACKTEST_ASKED = "backtest_asked"
    BACKTEST_VERDICT = "backtest_verdict"
    BACKTEST_PAGE = "backtest_page"

    ROUND_TABLE = "round_table"
    ROUND_CLICKS = "round_clicks"
    ROUND_CARD = "round_card"
    ROUND_OPEN = "round_open"
    ROUND_SUBJECT = "round_subject"
    ROUND_AMONG = "round_among"
    ROUND_STEP = "round_step"
    ROUND_PROPOSE = "round_propose"
    ROUND_DECIDE = "round_decide"
    ROUND_DIALOG = "round_dialog"
    ROUND_NEW = "round_new"
    ROUND_VERB = "round_verb"
    ROUND_PROCESS_PAGE = "round_process_page"

    BULLETIN_ROUND = "bulletin_round"
    BULLETIN_VIEW = "bulletin_view"
    BULLETIN_FIELD = "bulletin_field"
    BULLETIN_SEEN = "bulletin_seen"
    BULLETIN_FILE = "bulletin_file"
    BULLETIN_ISSUE = "bulletin_issue"
    BULLETIN_DIALOG = "bulletin_dialog"
    BULLETIN_TEMPLATE = "bulletin_template"

    PROCESS_FORM = "process_form"
    PROCESS_CHOSEN = "process_chosen"
    PROCESS_CLASH = "process_clash"
    PROCESS_MEND = "process_mend"
    PROCESS_FILES = "process_files"


# First passwords and addresses are shown once, on the screen that made them.
HANDED_OUT = {Key.USER_HANDOVER: "用户角色", Key.DISPLAY_HANDOVER: "大屏密钥", Key.IMPORT_HANDOVER: "导入中心"}


def forget_others(title: str) -> None:
    """Forget the secrets that were handed out on another screen than *title*: its visitor has left it."""
    for key, screen in HANDED_OUT.items():
        if screen != title:
            take(key)


def get(key: Key, default: Any = None) -> Any:
    """Return what the session holds under *key*."""
    return st.session_state.get(key.value, default)


def put(key: Key, value: Any) -> None:
    """Keep *value* in the session under *key*."""
    st.session_state[key.value] = value


def take(key: Key, default: Any = None) -> Any:
    """Return what the session holds under *key* and forget it."""
    return st.session_state.pop(key.value, default)


def variant(key: Key, *parts: object) -> str:
    """Return the widget key of one of several widgets under *key*; another part makes it a fresh widget."""
    return "_".join([key.value, *map(str, parts)])


def claim(login: str) -> None:
    """
    Tie the session to *login*.

    A browser tab that comes back under another account (somebody else signed in meanwhile) starts empty: nothing
    that was typed or loaded under the first account may show under the second.
    """
    if get(Key.OWNER) not in (None, login):
        st.session_state.clear()
    put(Key.OWNER, login)
