"""From when until when, as people say it in a group."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from intake.hours_said import dated, opening_in, period_in, says_end

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("今晚10点到明早6点停水，1-4栋", "11-24 22:00", "11-25 06:00"),
        ("各位邻居，今晚十点到明早六点停水", "11-24 22:00", "11-25 06:00"),
        ("通知：明天上午9点到下午5点停电，涉及5栋6栋", "11-25 09:00", "11-25 17:00"),
        ("11月25日9:00-17:00停电检修", "11-25 09:00", "11-25 17:00"),
        ("11月25日8:30至11月26日18:00 道路施工", "11-25 08:30", "11-26 18:00"),
        ("25号早上8点至晚上6点停气", "11-25 08:00", "11-25 18:00"),
        ("后天8点半到12点电梯检修", "11-26 08:30", "11-26 12:00"),
        ("明天9点到5点停水", "11-25 09:00", "11-25 17:00"),
        ("水管抢修，预计今晚8点恢复，1-4栋停水到8点", "11-24 15:00", "11-24 20:00"),
        ("正在抢修，停水到晚上8点", "11-24 15:00", "11-24 20:00"),
        ("今晚11点到2点停水", "11-24 23:00", "11-25 02:00"),
        ("今天22:00～次日6:00停水", "11-24 22:00", "11-25 06:00"),
        ("明天9点到后天18点停水", "11-25 09:00", "11-26 18:00"),
        ("明天22点到次日6点停水", "11-25 22:00", "11-26 06:00"),
        ("12月1日（周二）9:00—12:00停电", "12-01 09:00", "12-01 12:00"),
        ("明天中午12点到下午2点停电", "11-25 12:00", "11-25 14:00"),
        ("今晚23点到24点停水", "11-24 23:00", "11-25 00:00"),
        ("1到4栋今天下午3点半到6点停水抢修", "11-24 15:30", "11-24 18:00"),
        ("明天下午2点到5点停电", "11-25 14:00", "11-25 17:00"),
        ("明天下午2点到明天5点停电", "11-25 14:00", "11-25 17:00"),
        ("今晚8点到10点停水", "11-24 20:00", "11-24 22:00"),
        ("今晚8点到12点停水", "11-24 20:00", "11-25 00:00"),
        ("今晚12点到明早6点停水", "11-25 00:00", "11-25 06:00"),
        ("夜里11点到5点停水", "11-24 23:00", "11-25 05:00"),
        ("今天半夜1点到4点停电检修", "11-25 01:00", "11-25 04:00"),
        ("明天傍晚6点到晚上9点停气", "11-25 18:00", "11-25 21:00"),
    ],
)
def test_a_period(text: str, starts: str, ends: str) -> None:
    found = period_in(text, NOW)
    assert found is not None
    assert [f"{one:%m-%d %H:%M}" for one in found] == [starts, ends]


@pytest.mark.parametrize(
    "text",
    [
        "停水了",
        "今晚10点停水",
        "昨天停水停到半夜",
        "几点来水",
        "13月45日9:00-17:00停电",
        "今天99点到100点",
        "今天上午8点到10点停水",
        "1-4栋停水",
        "",
    ],
)
def test_no_end_or_nothing_ahead_is_no_period(text: str) -> None:
    assert period_in(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("今晚停水，什么时候来不知道", "11-24 18:00"),
        ("今晚10点停水", "11-24 22:00"),
        ("明天停电", "11-25 00:00"),
        ("明早停气", "11-25 06:00"),
        ("后天下午检修", "11-26 12:00"),
        ("今天停水", "11-24 15:00"),
        ("今天上午停水", "11-24 15:00"),
        ("正在抢修", "11-24 15:00"),
        ("停水了", None),
    ],
)
def test_a_beginning_alone(text: str, starts: str | None) -> None:
    found = opening_in(text, NOW)
    assert (found and found.strftime("%m-%d %H:%M")) == starts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("今天8点到9点停水", True),
        ("停水到8点", True),
        ("今晚10点停水", False),
        ("今晚停水，什么时候来不知道", False),
    ],
)
def test_whether_an_end_is_named_at_all(text: str, says: bool) -> None:
    assert says_end(text) is says


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("明天9点到11点停水", "11月25日9点到11点停水"),
        ("今晚10点到明早6点停水", "11月24日晚上10点到11月25日早上6点停水"),
        ("大后天上午停电", "11月27日上午停电"),
        ("听日停水", "11月25日停水"),
        ("11月25日9点停水", "11月25日9点停水"),
        ("以后再说，今年不修", "以后再说，今年不修"),
    ],
)
def test_words_that_are_said_again_name_their_days(text: str, said: str) -> None:
    assert dated(text, NOW.date()) == said
