"""Files of a draft, what a version keeps of them, and proofs of what was recorded on behalf of a member."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from pydantic import ValidationError

from domain.errors import Malformed, NotFound
from domain.files import Scan
from domain.messages import Command
from domain.pilot_action.aggregate import PILOT_ACTION, PilotAction
from domain.pilot_action.commands import (
    AttachFile,
    AttachProof,
    ConfirmParticipation,
    DetachFile,
    PutForwardVersion,
    SubmitApplication,
)
from domain.pilot_action.events import FileAttached, FileDetached, ProofAttached
from domain.rulebook.ours.attaching import FILE_BYTES, FILES
from tests.given import BEFORE_CLOSING, CLOSES, HAMBURG, PLAN, SUE, Story, a_file, ask, fact, named, until

DRAFTED, CONFIRMED, ELIGIBLE = until("drafted"), until("confirmed"), until("eligible")
ATTACHED = DRAFTED.after(ask(AttachFile))


def pilot(story: Story) -> PilotAction:
    """Return the pilot action of Hamburg."""
    return story.get(PILOT_ACTION, HAMBURG.pilot_action)


def many(kind: type[Command], number: int) -> Iterator[Command]:
    """Yield requests for as many different files."""
    for one in range(number):
        yield ask(kind, attachment_id=named(f"file {one}"), file=a_file(f"file {one}"))


def test_a_file_is_attached_to_the_draft_with_its_digest_and_a_protected_title() -> None:
    file = a_file().recorded(HAMBURG.officer)
    DRAFTED.when(ask(AttachFile, section="risks")).then(
        fact(FileAttached, attachment_id=PLAN, file=file, section="risks")
    )
    assert file.title.subject == HAMBURG.officer
    assert [one.id for one in pilot(ATTACHED).files] == [PLAN]
    assert HAMBURG.officer in pilot(ATTACHED).writers


def test_what_the_scanner_said_is_recorded_and_is_no_part_of_what_is_asked() -> None:
    clean = ask(AttachFile, file=a_file(scan=Scan.CLEAN))
    DRAFTED.when(clean).then(fact(FileAttached, attachment_id=PLAN, file=a_file(scan=Scan.CLEAN).recorded(clean.by)))
    assert clean.model_dump_json() == ask(AttachFile).model_dump_json()


def test_a_file_is_attached_to_a_section_that_the_form_has() -> None:
    DRAFTED.when(ask(AttachFile, section="appendix")).raises(Malformed, "no such section")


@pytest.mark.parametrize(
    "mistaken", [{"digest": "A" * 64}, {"digest": "a" * 63}, {"size": -1}, {"title": ""}, {"title": "x" * 201}]
)
def test_a_file_has_a_digest_a_size_and_a_title(mistaken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_file(**mistaken)


both = pytest.mark.parametrize("kind", [AttachFile, AttachProof])


@both
@pytest.mark.parametrize(("size", "code"), [(0, "D30"), (1, None), (FILE_BYTES, None), (FILE_BYTES + 1, "D30")])
def test_a_file_is_neither_empty_nor_too_large(kind: type[Command], size: int, code: str | None) -> None:
    assert DRAFTED.when(ask(kind, file=a_file(size=size))).code == code


@both
def test_no_more_files_are_attached_than_the_rule_allows(kind: type[Command]) -> None:
    nearly = DRAFTED.after(*many(kind, FILES - 1))
    assert nearly.when(ask(kind)).code is None
    nearly.after(ask(kind, attachment_id=named("the last"))).when(ask(kind, file=a_file("more"))).refused("D30")


@both
def test_the_same_file_is_attached_once(kind: type[Command]) -> None:
    story = DRAFTED.after(ask(kind))
    story.when(ask(kind, attachment_id=named("another id"))).refused("stage", "attached here already")
    story.when(ask(kind, file=a_file("other"))).refused("stage", "with this id")


def test_the_same_proof_may_stand_for_two_members() -> None:
    other = {"attachment_id": named("another id"), "organisation_id": HAMBURG.home}
    assert DRAFTED.after(ask(AttachProof)).when(ask(AttachProof, **other)).code is None


def test_a_file_is_taken_off_the_draft_and_may_come_again() -> None:
    ATTACHED.when(ask(DetachFile)).then(fact(FileDetached, attachment_id=PLAN))
    without = ATTACHED.after(ask(DetachFile))
    assert pilot(without).files == ()
    without.when(ask(DetachFile)).raises(NotFound)
    assert without.when(ask(AttachFile)).code is None


@pytest.mark.parametrize("kind", [AttachFile, DetachFile])
@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D07")], ids=["just inside", "closing"])
def test_a_draft_gets_and_loses_files_until_the_call_closes(
    kind: type[Command], at: datetime, code: str | None
) -> None:
    story = ATTACHED if kind is DetachFile else DRAFTED
    assert story.when(ask(kind, at=at)).code == code
    ELIGIBLE.when(ask(kind)).refused("stage", "cannot be changed")


def test_a_version_keeps_the_files_that_it_was_put_forward_with() -> None:
    changed = ATTACHED.after(
        ask(PutForwardVersion),
        ask(DetachFile),
        ask(AttachFile, attachment_id=named("another id"), file=a_file("other")),
        ask(PutForwardVersion),
    )
    first, second = pilot(changed).versions
    assert [[one.id for one in version.files] for version in (first, second)] == [[PLAN], [named("another id")]]


def test_a_submitted_version_is_the_one_with_the_files_that_were_confirmed() -> None:
    story = until("opened").after(ask(AttachFile), ask(PutForwardVersion), ask(ConfirmParticipation))
    after = story.after(ask(SubmitApplication), ask(DetachFile))
    submitted = pilot(after).version(pilot(after).submitted)
    assert submitted is not None
    assert [one.file.digest for one in submitted.files] == [a_file().digest]


def test_another_file_asks_the_partners_again_and_the_same_one_does_not() -> None:
    before = pilot(CONFIRMED).versions[-1]
    with_file = CONFIRMED.after(ask(AttachFile), ask(PutForwardVersion))
    assert pilot(with_file).versions[-1].confirmed_by == frozenset()
    without = with_file.after(ask(DetachFile), ask(PutForwardVersion))
    assert pilot(without).versions[-1].digest == before.digest
    assert pilot(without).versions[-1].confirmed_by == before.confirmed_by


def test_files_make_the_same_version_in_whatever_order_they_came() -> None:
    requests = list(many(AttachFile, 3))
    one, other = (
        pilot(DRAFTED.after(*order, ask(PutForwardVersion))).versions[-1].digest
        for order in (requests, reversed(requests))
    )
    assert one == other


def test_another_title_or_section_makes_another_version() -> None:
    digests = {
        pilot(DRAFTED.after(asked, ask(PutForwardVersion))).versions[-1].digest
        for asked in (ask(AttachFile), ask(AttachFile, file=a_file(title="Other")), ask(AttachFile, section="risks"))
    }
    assert len(digests) == 3


def test_a_proof_is_attached_for_a_member_at_any_time_and_changes_no_version() -> None:
    proof = {"organisation_id": HAMBURG.partner, "attachment_id": PLAN, "file": a_file().recorded(SUE)}
    for story in (CONFIRMED, ELIGIBLE):
        story.when(ask(AttachProof)).then(fact(ProofAttached, **proof))
        assert pilot(story.after(ask(AttachProof))).versions == pilot(story).versions
    CONFIRMED.when(ask(AttachProof, organisation_id=named("Lyon"))).refused("stage", "not a member")
