"""Whose tries are counted together: the door of the desk, the report pages and the room ask one function."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.web.addresses import address_of

HOUSE = "2001:db8:1:2::/64"
CASES = [
    ("192.0.2.1", "", "192.0.2.1"),
    ("192.0.2.1", "6.6.6.6", "192.0.2.1"),  # who is not on this machine is not believed
    ("127.0.0.1", "6.6.6.6, 192.0.2.2", "192.0.2.2"),
    ("::1", "192.0.2.2", "192.0.2.2"),
    ("::ffff:127.0.0.1", "192.0.2.2", "192.0.2.2"),
    ("::ffff:192.0.2.3", "", "192.0.2.3"),
    ("2001:db8:1:2::1", "", HOUSE),
    ("2001:db8:1:2:ffff::9", "", HOUSE),
    ("127.0.0.1", "2001:db8:1:2:abcd::1", HOUSE),
    ("127.0.0.1", "2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ("127.0.0.1", "evil", "evil"),
    ("", "", ""),
]


@pytest.mark.parametrize(("remote", "forwarded", "counted"), CASES)
def test_whose_tries_count_together(remote: str, forwarded: str, counted: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: (
        (remote, 1) if name == "peername" else default
    )
    request = make_mocked_request("GET", "/", headers=headers, transport=transport)
    assert address_of(request) == counted
