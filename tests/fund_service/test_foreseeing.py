"""What a request led to is told whole, and nothing of what others did."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.account.commands import OpenAccount, RecordFirstSecretariat
from domain.people import OPERATOR
from fund_service import foreseeing
from fund_service.composition import open_parts
from fund_service.foreseeing import done
from fund_service.settings import Settings


@pytest.mark.parametrize("few", [1, 3, 4, 8])
def test_every_event_of_a_request_is_told_however_many_are_looked_at_first(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "_TOGETHER", (few, 200))
    office = {"label": "Secretariat 1", "unit": "Secretariat"}
    first = RecordFirstSecretariat(by=OPERATOR, at=datetime.now(UTC), key="first", subject=uuid4(), **office)
    other = OpenAccount(by=first.subject, at=datetime.now(UTC), key="other", subject=uuid4(), **office)
    with open_parts(Settings(data=tmp_path / "fund")) as parts:
        told = done(parts.fund, first).events
        assert [event.topic for event in done(parts.fund, other).events] == ["account.opened"]
        assert done(parts.fund, first).events == told
    assert len(told) == 3
