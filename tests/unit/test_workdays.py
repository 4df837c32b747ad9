"""Working days: published vectors, overlay, and years whose 调休 is not published yet."""

from datetime import date, timedelta

import pytest

from core.domain.workdays import WorkCalendar, WorkdayDeadline, add_workdays, unpublished_wording, workdays_between

BUILT_IN = WorkCalendar()


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2025, 9, 30), 7, date(2025, 10, 16)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 13), 15, date(2026, 3, 12)),
        (date(2026, 4, 30), 3, date(2026, 5, 8)),
    ],
    ids=str,
)
def test_published_vectors(start: date, days: int, end: date) -> None:
    assert add_workdays(start, days, BUILT_IN) == WorkdayDeadline(end, published=True)
    assert workdays_between(start, end, BUILT_IN) == days
    assert workdays_between(end, start, BUILT_IN) == -days


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    assert BUILT_IN.is_working_day(date(2026, 2, 14))
    assert not BUILT_IN.is_working_day(date(2026, 2, 16))
    assert not BUILT_IN.is_working_day(date(2026, 11, 21))
    assert BUILT_IN.is_working_day(date(2026, 11, 20))


def test_deadline_set_in_december_says_that_next_year_is_not_published() -> None:
    far = add_workdays(date(2098, 12, 24), 15, BUILT_IN)
    assert far.published is False
    assert far.on > date(2099, 1, 10)
    assert "2099年" in unpublished_wording(2099)
    overlaid = WorkCalendar({date(2098, 10, 4): True, date(2099, 1, 3): True})
    assert date(2099, 1, 3).weekday() == 5
    assert add_workdays(date(2098, 12, 24), 15, overlaid).published is True


def test_a_lone_local_day_off_does_not_publish_a_year() -> None:
    calendar = WorkCalendar({date(2099, 5, 20): False})
    assert not calendar.is_published(2099)
    assert not calendar.is_working_day(date(2099, 5, 20))


def test_overlay_wins_over_the_built_in_calendar() -> None:
    friday = date(2026, 11, 20)
    calendar = WorkCalendar({friday: False, friday + timedelta(days=1): True})
    assert add_workdays(friday - timedelta(days=1), 1, calendar).on == friday + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2026, 11, 20), date(2026, 11, 20)), (date(2026, 11, 21), date(2026, 11, 23))],
    ids=["worked day stays", "Saturday rolls on"],
)
def test_zero_days_rolls_forward_only_when_off(start: date, end: date) -> None:
    assert add_workdays(start, 0, BUILT_IN).on == end


def test_negative_days_are_refused() -> None:
    with pytest.raises(ValueError):
        add_workdays(date(2026, 1, 1), -1, BUILT_IN)
