"""A meeting from agenda to minutes in a real browser, with the keyboard."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from core.domain.meetings import ItemState, MeetingStatus
from core.domain.terms import MatterKind
from db import session
from db.models import Matter, Meeting, MeetingDecision, MeetingItem
from db.seed.content.accounts import DEMO_PASSWORD
from tests.support.web import LiveServer, Watched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"


@pytest.fixture
def store(live_server: LiveServer) -> Iterator[session.Store]:
    """The server's own store, opened by the test as a second process would."""
    opened = session.open_store(live_server.settings.database_url)
    session.use_store(opened)
    yield opened
    session.use_store(None)
    opened.dispose()


@pytest.fixture
def room(live_server: LiveServer, store, browser_page: Watched) -> Watched:
    """A page signed in as the supervisor, at the size of a meeting room's screen."""
    page = browser_page.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{live_server.url}/login")
    page.fill("#login", "supervisor")
    page.fill("#password", DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return browser_page


def stored(store, model, *where) -> list:
    with store.read() as connection:
        return list(connection.execute(select(model.__table__).where(*where).order_by(model.id)).mappings())


def press(watched: Watched, label: str) -> None:
    watched.page.get_by_role("button", name=label).first.click()


def at_item(watched: Watched, number: int) -> None:
    watched.page.locator(".wr-room-bar .count", has_text=f"{number} / ").wait_for()
    watched.settle()


def key(watched: Watched, name: str) -> None:
    watched.page.keyboard.press(name)


def picture(watched: Watched, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    watched.settle()
    watched.page.screenshot(path=ARTIFACTS / f"meeting-{name}.png")


def test_meeting_runs_from_agenda_to_minutes_with_the_keyboard(live_server, store, room) -> None:
    page = room.page
    room.open(f"{live_server.url}/meetings")
    press(room, "新建会议")
    page.get_by_role("button", name="创建", exact=True).click()
    page.get_by_text("会议已创建").wait_for()
    picture(room, "agenda")
    meeting = stored(store, Meeting)[-1]
    items = stored(store, MeetingItem, MeetingItem.meeting_id == meeting["id"])
    assert len(items) > 3

    press(room, "进入会议")
    at_item(room, 1)
    press(room, "开始会议")
    page.get_by_label("讨论情况").wait_for()
    key(room, "ArrowRight")
    at_item(room, 2)
    key(room, "ArrowLeft")
    at_item(room, 1)

    page.get_by_label("讨论情况").click()
    page.keyboard.type("drawings late → ask again")  # arrows and spaces in a field are text, not steps
    key(room, "ArrowLeft")
    key(room, "Tab")
    page.keyboard.type("十日内完成交地")
    key(room, "Tab")
    room.settle()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "责任单位"
    key(room, "Tab")
    at_item(room, 1)
    (decided,) = stored(store, MeetingDecision, MeetingDecision.item_id == items[0]["id"])
    assert decided["text"] == "十日内完成交地"
    assert decided["owner_unit_id"] is not None
    assert decided["due_on"] is not None
    picture(room, "room")

    page.evaluate("document.activeElement.blur()")
    key(room, "Space")
    at_item(room, 2)
    key(room, "Space")
    at_item(room, 3)
    states = [row["state"] for row in stored(store, MeetingItem, MeetingItem.meeting_id == meeting["id"])]
    assert states[:3] == [ItemState.DONE, ItemState.DONE, ItemState.OPEN]
    key(room, "ArrowLeft")
    at_item(room, 2)
    key(room, "ArrowLeft")
    at_item(room, 1)
    assert page.get_by_label("讨论情况").input_value() == "drawings late → ask again"
    assert page.get_by_label("议定事项 1").input_value() == "十日内完成交地"

    press(room, "结束会议")
    press(room, "确认结束")
    page.locator(".wr-room-bar", has_text="已结束").wait_for()
    room.settle()
    press(room, "退出大屏")
    page.get_by_text("定稿，重印与原件一致").wait_for()
    picture(room, "minutes")
    check_minutes(room, store, meeting["id"], items[0]["id"])
    assert page.locator('[data-testid="stException"]').count() == 0


def check_minutes(room: Watched, store, meeting_id: int, item_id: int) -> None:
    """The meeting is closed, its decision is a matter, and the Word file says both."""
    closed = stored(store, Meeting, Meeting.id == meeting_id)[0]
    assert closed["status"] == MeetingStatus.CLOSED
    (decided,) = stored(store, MeetingDecision, MeetingDecision.item_id == item_id)
    (matter,) = stored(store, Matter, Matter.id == decided["matter_id"])
    assert (matter["kind"], matter["title"]) == (MatterKind.CONSULTATION, "十日内完成交地")
    with room.page.expect_download() as awaited:
        press(room, "下载 Word")
    document = Document(BytesIO(Path(awaited.value.path()).read_bytes()))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "十日内完成交地" in said
    assert matter["code"] in said
