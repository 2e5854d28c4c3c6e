"""A field that the desk gets must not be forgotten here.

Cases, timers, lines and the like are checked when the modules load (`storage.rows`); these are not.
"""

from __future__ import annotations

from dataclasses import fields

from intake.facts import Changes, Facts, Wants
from intake.grids import DutyEntry, Grid
from intake.people import Grant, Person

HANDLED = {
    Wants: "chats messages identities cases grids words above bulletins held next_door",
    Facts: "chats grids people people_of cases lines texts talk followers gatherings prompts held words "
    "covers pictured days own erased overnight bulletins cards asked lapsed",
    Changes: "cases versions entries lines followers detached unfollowed gone timers gatherings prompts held "
    "people chats moved numbers examples unlearned namings erased mornings bulletins asked notices",
    Person: "id name grants private opted_out email home covering stands_for",
    Grant: "role scope",
    Grid: "id name path places duty next_number area",
    DutyEntry: "order person title",
}


def test_every_field_is_handled_in_storage() -> None:
    for kind, names in HANDLED.items():
        assert [field.name for field in fields(kind)] == names.split(), kind
