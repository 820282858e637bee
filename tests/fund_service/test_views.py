"""Who may see what: every view has a row, and every kind of event a reader, or none on purpose."""

from domain.catalogue import AGGREGATES
from fund_service.permissions.reading_log import _BY_KIND
from fund_service.permissions.views import VIEWS, View

FOR_NOBODY = {"slot", "log-key"}
"""Kinds of streams that nobody reads in the feed: they name who applies, or are public elsewhere (the log's key)."""


def test_every_view_has_a_row_and_every_row_a_role() -> None:
    assert VIEWS.keys() == set(View)
    assert all(permission.roles for rows in VIEWS.values() for permission in rows)


def test_every_kind_of_event_is_for_somebody_or_for_nobody_on_purpose() -> None:
    assert {aggregate.name for aggregate in AGGREGATES} - _BY_KIND.keys() == FOR_NOBODY
