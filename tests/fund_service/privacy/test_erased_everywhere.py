"""Somebody's data are gone from every screen, answer and export, and the log still proves all that it proved before."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from domain.account.commands import DecideErasure
from domain.pilot_action.events import DraftSectionSaved
from domain.values import ProtectedText
from fund_service.audit.checkpoints import origin, own_key, witness_log
from fund_service.audit.exporting import export
from fund_service.audit.live import proven_here
from fund_service.audit.offline.notes import checkpoint_of, note_of
from fund_service.audit.offline.package import CHECKPOINT, Trusted
from fund_service.audit.offline.verifying import verified
from fund_service.audit.proving import proven
from fund_service.composition import Parts
from fund_service.event_store import Stored
from tests.fund_service.api.asking import sights
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.api.standing import things
from tests.fund_service.audit.forging import unpacked
from tests.fund_service.privacy.conftest import ADDRESS, ERASABLE, NAME, OFFICER
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, OFFICE, action_of
from tests.fund_service.web.visitor import somebody

DUBLIN: Final = APPLICANTS[-1]
ANSWER: Final = "A planted answer of an applicant."
PLANTED: Final = {NAME, ADDRESS, "Planted unit", "Planted token", ANSWER}
READERS: Final = ("Secretariat 1", "Officer of Dublin")
ALIKE: Final = re.compile(r"\?.*|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+")
"""Of pages that differ in these alone one is read."""


@pytest.fixture(name="api")
def served(place: Path, turning: Turning) -> Iterator[Api]:
    """Return a fund with planted words in a draft, too."""
    with turning.opened(place) as opened:
        _plant(opened.parts)
        yield opened


def _plant(parts: Parts) -> None:
    stream = action_of(DUBLIN)
    history = parts.log.history(stream)
    saved = next(one.event for one in reversed(history) if isinstance(one.event, DraftSectionSaved))
    answers = {"need": ProtectedText(OFFICER, ANSWER)}
    event = saved.model_copy(update={"section": "action", "answers": answers, "resources": None})
    parts.log.append([Stored(stream, len(history) + 1, ERASABLE, stream, event)])
    parts.projector.catch_up()


def told(api: Api) -> Iterator[tuple[str, str]]:
    """Yield where and what everybody reads who could read of the officer: each answer of the API, and each page."""
    for who in READERS:
        for path in {path.format_map(things(DUBLIN)) for path in sights()}:
            yield f"{who}: {path}", api.get(who, path).text
        yield from ((f"{who}: {where}", text) for where, text in _pages(api, who))


def _pages(api: Api, who: str) -> Iterator[tuple[str, str]]:
    visitor, ahead, alike = somebody(api, who), ["/home"], set[str]()
    while ahead:
        where = ahead.pop().partition("#")[0]
        kind = ALIKE.sub("", where)
        if where.startswith("/api/") or kind in alike:
            continue
        alike.add(kind)
        answer = visitor.ask(where)
        yield where, answer.text
        ahead += re.findall(r'href="(/[^"]*)"', answer.text.replace("&amp;", "&"))


def found(read: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Return which planted words are read where."""
    where: dict[str, list[str]] = {}
    for place, text in read:
        for word in PLANTED:
            if word in text:
                where.setdefault(word, []).append(place)
    return where


def bundle_of(parts: Parts) -> bytes:
    target = io.BytesIO()
    export(parts, CALL_ID, target)
    return target.getvalue()


def test_what_was_erased_is_read_nowhere_and_the_log_still_proves_what_it_proved(api: Api, tmp_path: Path) -> None:
    parts = api.parts
    older = bundle_of(parts)
    kept = note_of(unpacked(older)[CHECKPOINT])
    read = found(told(api))
    assert read.keys() == PLANTED, "else nothing is shown by what is gone"

    parts.fund.handle(DecideErasure(by=OFFICE, at=ERASABLE, key="erase", subject=OFFICER))
    parts.projector.catch_up()
    assert found(told(api)) == {}
    newer = bundle_of(parts)
    for bundle in (older, newer):
        for word in PLANTED:
            assert word.encode() not in bundle

    trusted = Trusted([own_key(parts).key], [kept])
    checkpoint = checkpoint_of(kept.text)
    assert checkpoint.origin == origin(parts)
    assert witness_log(parts).root(checkpoint.size) == checkpoint.root
    assert _failed(proven_here(parts, witness_log(parts), trusted)) == []
    for bundle in (older, newer):
        (tmp_path / "bundle.zip").write_bytes(bundle)
        assert _failed(verified(tmp_path / "bundle.zip", trusted)) == []
        # the fixture's call was settled by no decision, which the last step finds
        assert _failed(list(proven(tmp_path / "bundle.zip", trusted))[:-1]) == []


def _failed(steps: Any) -> list[str]:
    return [step.sentence for step in steps if not step.holds]
