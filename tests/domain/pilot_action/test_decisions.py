"""What the fund decides about a pilot action: its draft, its versions, its submission, its eligibility."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from domain.call.commands import CloseApplicationWindow, ConfirmCorrection, ProposeCorrection
from domain.call.events import ApplicationRegistered, CallPublished
from domain.errors import Differing, DraftChanged, Malformed, NotFound
from domain.evaluation.events import EvaluationOpened
from domain.messages import Command
from domain.organisation.commands import RegisterOrganisation
from domain.organisation.events import NamedInApplication, OrganisationAdmitted
from domain.partnership.commands import DraftRoadmap
from domain.partnership.events import CoachingOffered
from domain.people import Geography
from domain.pilot_action.aggregate import PILOT_ACTION, Saved
from domain.pilot_action.commands import (
    AnswerClarification,
    AskClarification,
    CheckEligibility,
    ConfirmParticipation,
    DeclineParticipation,
    ProposePilotAction,
    PutForwardVersion,
    RemindSubmission,
    ResourceRequest,
    SaveDraftSection,
    SubmitApplication,
    WithdrawApplication,
)
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationFoundIneligible,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ClarificationAnswered,
    ClarificationAsked,
    ConfirmationsVoided,
    DraftSectionSaved,
    Finding,
    ParticipationConfirmed,
    ParticipationDeclined,
    PilotActionProposed,
    ResourceLine,
    SubmissionReminded,
    VersionPutForward,
)
from domain.slot import SlotFreed, SlotTaken
from domain.values import ProtectedText
from tests.given import (
    BEFORE_CLOSING,
    CALENDAR,
    CALL_ID,
    CAP,
    CHAPTERS,
    CLOSES,
    DAY,
    HAMBURG,
    HOUR,
    LATER,
    LINE,
    OPENS,
    RULES,
    SUE,
    TICK,
    Pair,
    Story,
    ask,
    corrected,
    declarations,
    fact,
    given,
    named,
    resources,
    until,
)

DRAFTED, PUT_FORWARD = until("drafted"), until("put forward")
SUBMITTED, CLOSED = until("submitted"), until("closed")
OTHER = named("another pilot action")
SNOW, AS_BEFORE = {"risks": "Snow."}, {"risks": "About risks."}
REWRITTEN = (ask(SaveDraftSection, answers=SNOW), ask(PutForwardVersion))
COLLEAGUE = named("a colleague")
CONFIRMED = {"organisation_id": HAMBURG.partner, "version": 1}


def digest(story: Story, version: int = 1) -> str:
    """The digest of a version of Hamburg's application."""
    return story.get(PILOT_ACTION, HAMBURG.pilot_action).versions[version - 1].digest


def protected(text: str) -> ProtectedText:
    """What Hamburg's officer wrote."""
    return ProtectedText(subject=HAMBURG.officer, text=text)


def another(*chapters: str) -> tuple[Command, ...]:
    """What happens in these chapters, for another pilot action of the same partnership."""
    commands = (command for chapter in chapters for command in CHAPTERS[chapter][1](HAMBURG))
    return tuple(command.model_copy(update={"pilot_action_id": OTHER}) for command in commands)


# --- the draft


def test_a_pilot_action_is_proposed_for_a_line_of_the_partnerships_call() -> None:
    until("agreed").when(ask(ProposePilotAction, title="Cooler streets")).then(
        fact(
            PilotActionProposed,
            title="Cooler streets",
            call_id=CALL_ID,
            line=LINE,
            partnership_id=HAMBURG.partnership,
            coordinator_id=HAMBURG.home,
            geography=Geography.ASIA,
            cluster="",
        )
    )


def test_a_pilot_action_is_proposed_once_and_for_a_line_that_there_is() -> None:
    DRAFTED.when(ask(ProposePilotAction)).refused("stage", "proposed already")
    until("agreed").when(ask(ProposePilotAction, line="visits")).raises(Malformed, "no support line 'visits'")


def test_a_section_is_saved_with_its_words_protected() -> None:
    DRAFTED.when(ask(SaveDraftSection, section="risks", answers={"risks": "Rain."})).then(
        fact(DraftSectionSaved, section="risks", version=2, answers={"risks": protected("Rain.")}, resources=None)
    )


def test_the_resources_asked_for_are_saved_with_their_reasons_protected() -> None:
    asked = ResourceRequest(kind="travel", quantity=3, unit_cents=150_000, why="To meet.")
    DRAFTED.when(ask(SaveDraftSection, section="resources", answers={}, resources=(asked,))).then(
        fact(
            DraftSectionSaved,
            section="resources",
            version=2,
            answers={},
            resources=(ResourceLine(kind="travel", quantity=3, unit_cents=150_000, why=protected("To meet.")),),
        )
    )


def test_saving_one_section_keeps_the_others_and_makes_a_writer() -> None:
    before = DRAFTED.get(PILOT_ACTION, HAMBURG.pilot_action)
    story = DRAFTED.after(ask(SaveDraftSection, by=COLLEAGUE, answers={"risks": "Snow."}))
    after = story.get(PILOT_ACTION, HAMBURG.pilot_action)
    assert after.answers == {**before.answers, "risks": ProtectedText(subject=COLLEAGUE, text="Snow.")}
    assert after.resources == before.resources
    assert after.writers == {HAMBURG.officer, COLLEAGUE}


def test_a_pilot_action_knows_its_title_and_who_saved_each_section_last() -> None:
    later = CALENDAR.applications_open + DAY
    story = DRAFTED.after(ask(SaveDraftSection, by=COLLEAGUE, at=later, answers={"risks": "Snow."}))
    before, after = (one.get(PILOT_ACTION, HAMBURG.pilot_action) for one in (DRAFTED, story))
    assert after.title == ask(ProposePilotAction).title
    assert {one.by for one in before.saved.values()} == {HAMBURG.officer}
    assert after.saved == {**before.saved, ask(SaveDraftSection).section: Saved(COLLEAGUE, later)}


def test_the_first_save_of_a_section_is_version_one() -> None:
    proposed = until("agreed").after(ask(ProposePilotAction))
    (saved,) = proposed.when(ask(SaveDraftSection)).changes
    assert saved.event.version == 1


def changed(story: Story, **asked: Any) -> DraftChanged:
    """What an officer is told who saves a section that a colleague changed meanwhile."""
    no = story.when(ask(SaveDraftSection, by=COLLEAGUE, **asked)).no
    assert isinstance(no, DraftChanged)
    return no


@pytest.mark.parametrize("base", [0, 1, 3])
def test_who_did_not_see_the_present_version_of_a_section_overwrites_nothing(base: int) -> None:
    story = DRAFTED.after(ask(SaveDraftSection, answers={"risks": "Rain."}))
    told = changed(story, base=base, answers=SNOW)
    assert told.version == 2
    assert told.differing == (Differing("risks", ProtectedText(subject=COLLEAGUE, text="Snow."), protected("Rain.")),)


def test_two_officers_who_save_at_once_lose_no_word_and_the_merged_text_is_saved() -> None:
    first = DRAFTED.after(ask(SaveDraftSection, base=1, answers={"risks": "Rain."}))
    told = changed(first, base=1, answers=SNOW)
    merged = {told.differing[0].question: "Rain and snow."}
    story = first.after(ask(SaveDraftSection, by=COLLEAGUE, base=told.version, answers=merged))
    assert story.get(PILOT_ACTION, HAMBURG.pilot_action).answers["risks"].text == "Rain and snow."


def test_only_what_differs_is_shown() -> None:
    story = DRAFTED.after(ask(SaveDraftSection, answers={"risks": "Rain."}))
    assert changed(story, base=1, answers={"risks": "Rain."}).differing == ()


def test_resources_that_differ_are_shown_in_words() -> None:
    story = DRAFTED.after(ask(SaveDraftSection, section="resources", answers={}, resources=resources(400_000)))
    told = changed(story, base=1, section="resources", answers={}, resources=())
    (differing,) = told.differing
    assert (differing.question, differing.mine.text) == ("resources", "")
    assert differing.theirs == protected("1 × study at €4,000.00: We need it.")
    same = changed(story, base=1, section="resources", answers={}, resources=resources(400_000))
    assert same.differing == ()


def test_both_texts_stay_out_of_what_is_logged() -> None:
    story = DRAFTED.after(ask(SaveDraftSection, answers={"risks": "Rain."}))
    told = changed(story, base=1, answers=SNOW)
    assert not {"Rain.", "Snow."} & set(f"{told} {told!r} {told.differing!r} {vars(told)}".split("'"))


def test_a_section_that_another_changed_does_not_hold_up_the_others() -> None:
    story = DRAFTED.after(ask(SaveDraftSection, answers={"risks": "Rain."}))
    save = ask(SaveDraftSection, base=1, section="resources", answers={}, resources=resources(400_000))
    assert story.when(save).code is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"section": "budget"}, "no section 'budget'"),
        ({"answers": {"need": "Shade."}}, "has no question 'need'"),
        ({"section": "resources", "answers": {"resources": "Money."}}, "no question 'resources'. It asks for no text"),
        ({"answers": {"risks": "x" * 1501}}, "has 1501 characters; 1500 are allowed. Shorten it by 1."),
        ({"resources": ()}, "does not ask for resources"),
    ],
    ids=["section", "question of another section", "words for resources", "too long", "resources in the wrong place"],
)
def test_what_does_not_fit_the_form_is_not_saved(changes: dict[str, Any], says: str) -> None:
    DRAFTED.when(ask(SaveDraftSection, **changes)).raises(Malformed, says)


def test_an_answer_as_long_as_the_form_allows_is_saved() -> None:
    assert DRAFTED.when(ask(SaveDraftSection, answers={"risks": "x" * 1500})).code is None


def test_a_kind_of_resource_that_the_call_does_not_list_is_not_saved() -> None:
    asked = (*resources(1), *resources(1, kind="cash"))
    DRAFTED.when(ask(SaveDraftSection, section="resources", answers={}, resources=asked)).refused("D13", "“cash”")


# --- its versions


def test_a_version_is_the_whole_draft_with_its_sum_and_a_digest_that_names_it() -> None:
    pilot = DRAFTED.get(PILOT_ACTION, HAMBURG.pilot_action)
    words = [part for name, answer in sorted(pilot.answers.items()) for part in (name, answer.text)]
    resource = ["study", "1", str(CAP), "We need it."]
    DRAFTED.when(ask(PutForwardVersion)).then(
        fact(
            VersionPutForward,
            version=1,
            digest=DRAFTED.digest("version", str(HAMBURG.pilot_action), *words, *resource),
            requested_cents=CAP,
            answers=pilot.answers,
            resources=pilot.resources,
        ),
        fact(NamedInApplication, on=HAMBURG.partner, call_id=CALL_ID, pilot_action_id=HAMBURG.pilot_action),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"section": "risks", "answers": {"risks": "Snow."}},
        *(
            {"section": "resources", "answers": {}, "resources": (ResourceRequest(**{**usual, **other}),)}
            for usual in [{"kind": "study", "quantity": 1, "unit_cents": CAP, "why": "We need it."}]
            for other in ({"kind": "travel"}, {"quantity": 2, "unit_cents": CAP // 2}, {"why": "We want it."})
        ),
    ],
    ids=["an answer", "a kind", "a quantity", "a reason"],
)
def test_every_change_of_content_gives_the_next_version_a_digest_of_its_own(changes: dict[str, Any]) -> None:
    story = PUT_FORWARD.after(ask(SaveDraftSection, **changes), ask(PutForwardVersion))
    first, second = story.get(PILOT_ACTION, HAMBURG.pilot_action).versions
    assert (first.number, second.number) == (1, 2)
    assert first.digest != second.digest


def test_the_same_content_has_the_same_digest_in_every_version() -> None:
    again = PUT_FORWARD.after(ask(SaveDraftSection, answers=SNOW), ask(SaveDraftSection, answers=AS_BEFORE))
    first, second = again.after(ask(PutForwardVersion)).get(PILOT_ACTION, HAMBURG.pilot_action).versions
    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest


@pytest.mark.parametrize(("cents", "code"), [(CAP, None), (CAP + 1, "S01")])
def test_a_version_asks_for_the_cap_at_most_and_not_for_one_cent_more(cents: int, code: str | None) -> None:
    asked = (*resources(600_000), *resources(cents - 600_000, kind="travel"))
    story = DRAFTED.after(ask(SaveDraftSection, section="resources", answers={}, resources=asked))
    assert story.when(ask(PutForwardVersion)).code == code


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"section": "risks", "answers": {"risks": " \n"}}, "Risks: What could go wrong"),
        ({"section": "resources", "answers": {}, "resources": ()}, "Resources that you ask for: Which resources"),
    ],
    ids=["blank", "no resources"],
)
def test_a_version_is_complete(changes: dict[str, Any], missing: str) -> None:
    DRAFTED.after(ask(SaveDraftSection, **changes)).when(ask(PutForwardVersion)).refused("D19", missing)


def test_everything_is_missing_at_first_but_for_what_the_form_does_not_require() -> None:
    required = [f"{section.title}: {question.label}" for section, question in RULES.questions() if question.required]
    proposed = until("agreed").after(ask(ProposePilotAction))
    proposed.when(ask(PutForwardVersion)).refused("D19", f"missing: {', '.join(required)}.")
    emptied = ask(SaveDraftSection, section="contributions", answers={"other_contributions": ""})
    assert DRAFTED.after(emptied).when(ask(PutForwardVersion)).code is None


def test_an_answer_whose_key_was_erased_is_missing() -> None:
    erased = {"risks": ProtectedText(subject=HAMBURG.officer, text=None)}
    story = DRAFTED.after(
        fact(DraftSectionSaved, on=HAMBURG.pilot_action, section="risks", version=2, answers=erased, resources=None)
    )
    story.when(ask(PutForwardVersion)).refused("D19", "missing: Risks: What could go wrong")


def test_a_partner_confirms_the_version_that_it_read_once() -> None:
    PUT_FORWARD.when(ask(ConfirmParticipation)).then(
        fact(ParticipationConfirmed, **CONFIRMED, digest=digest(PUT_FORWARD))
    )
    until("confirmed").when(ask(ConfirmParticipation)).refused("stage", "confirmed this version already")


def test_who_does_not_confirm_says_why_or_whom_to_ask_and_may_confirm_afterwards() -> None:
    said = {**CONFIRMED, "ask_another": False}
    reason = ProtectedText(subject=HAMBURG.partner_officer, text="Our part is not what we agreed.")
    PUT_FORWARD.when(ask(DeclineParticipation)).then(
        fact(ParticipationDeclined, **said, digest=digest(PUT_FORWARD), reason=reason)
    )
    declined = PUT_FORWARD.after(ask(DeclineParticipation))
    assert _said(declined) == [{HAMBURG.partner: False}]
    assert _said(declined.after(ask(DeclineParticipation, ask_another=True))) == [{HAMBURG.partner: True}]
    assert _said(declined.after(ask(PutForwardVersion))) == [{HAMBURG.partner: False}] * 2, "the same content"
    assert _said(declined.after(*REWRITTEN)) == [{HAMBURG.partner: False}, {}], "another content asks anew"
    later = PUT_FORWARD.after(*REWRITTEN, ask(DeclineParticipation))
    assert _said(later) == [{}, {HAMBURG.partner: False}], "of the version that it read"
    assert _said(declined.after(ask(ConfirmParticipation))) == [{}]
    until("confirmed").when(ask(DeclineParticipation)).refused("stage", "confirmed this version already")


def _said(story: Story) -> list[dict[UUID, bool]]:
    versions = story.get(PILOT_ACTION, HAMBURG.pilot_action).versions
    return [{member: said.ask_another for member, said in version.declined.items()} for version in versions]


def test_who_is_no_member_confirms_nothing() -> None:
    PUT_FORWARD.when(ask(ConfirmParticipation, organisation_id=named("Lyon"))).refused("stage", "not a member")


@pytest.mark.parametrize("kind", [ConfirmParticipation, SubmitApplication])
def test_only_the_current_version_is_confirmed_and_submitted(kind: type[Command]) -> None:
    DRAFTED.when(ask(kind)).refused("stage", "No version")
    second = PUT_FORWARD.after(*REWRITTEN)
    second.when(ask(kind, digest=digest(second, 1))).refused("D10")
    assert second.when(ask(kind, digest=digest(second, 2))).code is None


def test_a_material_change_voids_what_the_partners_confirmed_and_asks_them_again() -> None:
    answer = until("confirmed").after(REWRITTEN[0]).when(REWRITTEN[1])
    assert [change.event for change in answer.changes[1:]] == [
        ConfirmationsVoided(**answer.command.stamp(), version=2, organisation_ids=(HAMBURG.partner,))
    ]
    changed = until("confirmed").after(*REWRITTEN)
    first, second = changed.get(PILOT_ACTION, HAMBURG.pilot_action).versions
    assert (first.confirmed_by, second.confirmed_by) == ({HAMBURG.partner}, set())
    assert changed.when(ask(ConfirmParticipation)).code is None


def test_nothing_is_void_where_nobody_had_confirmed() -> None:
    answer = PUT_FORWARD.after(REWRITTEN[0]).when(REWRITTEN[1])
    assert [type(change.event) for change in answer.changes] == [VersionPutForward]


def test_a_version_with_the_same_content_stays_confirmed() -> None:
    answer = until("confirmed").when(ask(PutForwardVersion))
    assert [type(change.event) for change in answer.changes] == [VersionPutForward]
    same = until("confirmed").after(ask(PutForwardVersion))
    assert same.get(PILOT_ACTION, HAMBURG.pilot_action).versions[1].confirmed_by == {HAMBURG.partner}
    same.when(ask(ConfirmParticipation)).refused("stage", "confirmed this version already")


def test_a_content_that_comes_back_is_confirmed_as_it_was() -> None:
    back = until("confirmed").after(*REWRITTEN, ask(SaveDraftSection, answers=AS_BEFORE), ask(PutForwardVersion))
    confirmed = [version.confirmed_by for version in back.get(PILOT_ACTION, HAMBURG.pilot_action).versions]
    assert confirmed == [{HAMBURG.partner}, set(), {HAMBURG.partner}]


# --- the door

AT_THE_DOOR = {
    ProposePilotAction: until("agreed"),
    SaveDraftSection: DRAFTED,
    PutForwardVersion: DRAFTED,
    ConfirmParticipation: PUT_FORWARD,
    DeclineParticipation: PUT_FORWARD,
    SubmitApplication: until("opened"),
}


@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D07"), (CLOSES + TICK, "D07")])
@pytest.mark.parametrize("kind", AT_THE_DOOR)
def test_what_arrives_before_the_closing_instant_counts_and_nothing_after(
    kind: type[Command], at: datetime, code: str | None
) -> None:
    assert AT_THE_DOOR[kind].when(ask(kind, at=at)).code == code


@pytest.mark.parametrize(("at", "code"), [(BEFORE_CLOSING, None), (CLOSES, "D08"), (CLOSES + TICK, "D08")])
def test_a_withdrawal_arrives_before_the_closing_instant(at: datetime, code: str | None) -> None:
    assert SUBMITTED.when(ask(WithdrawApplication, at=at)).code == code


@pytest.mark.parametrize(("at", "code"), [(OPENS - TICK, "stage"), (OPENS, None)])
@pytest.mark.parametrize("chapter", ["confirmed", "opened"])
def test_the_door_opens_with_the_calendar_whether_or_not_a_process_recorded_it(
    chapter: str, at: datetime, code: str | None
) -> None:
    assert until(chapter).when(ask(SubmitApplication, at=at)).code == code


def test_who_is_too_early_is_told_when_applications_open() -> None:
    until("opened").when(ask(SubmitApplication, at=OPENS - TICK)).refused(
        "stage", "Applications open on Mon 2 March 2026, 09:00 Brussels."
    )


def test_once_the_closing_is_recorded_not_even_an_earlier_arrival_gets_in() -> None:
    story = until("opened").after(ask(CloseApplicationWindow))
    story.when(ask(SubmitApplication, at=BEFORE_CLOSING)).refused("stage", "window for applications is closed")


def test_an_application_is_submitted_takes_the_citys_place_and_stands_in_the_register() -> None:
    story = until("opened")
    told = {
        "version": 1,
        "digest": digest(story),
        "requested_cents": CAP,
        "declarations": declarations(),
        "correction": 0,
    }
    story.when(ask(SubmitApplication)).then(
        fact(ApplicationSubmitted, **told),
        fact(SlotTaken, on=HAMBURG.slot, pilot_action_id=HAMBURG.pilot_action),
        fact(
            ApplicationRegistered,
            on=CALL_ID,
            pilot_action_id=HAMBURG.pilot_action,
            line=LINE,
            geography=Geography.ASIA,
        ),
    )


def test_an_application_is_submitted_before_its_partners_confirm() -> None:
    assert PUT_FORWARD.when(ask(SubmitApplication)).code is None


def test_an_application_is_submitted_again_in_the_same_place_and_the_last_version_counts() -> None:
    story = SUBMITTED.after(
        ask(SaveDraftSection, section="resources", answers={}, resources=resources(400_000)), ask(PutForwardVersion)
    )
    told = {
        "version": 2,
        "digest": digest(story, 2),
        "requested_cents": 400_000,
        "declarations": declarations(),
        "correction": 0,
    }
    story.when(ask(SubmitApplication)).then(fact(ApplicationSubmitted, **told))
    assert story.after(ask(SubmitApplication)).get(PILOT_ACTION, HAMBURG.pilot_action).submitted == 2


def test_a_version_that_counts_is_not_submitted_twice() -> None:
    SUBMITTED.when(ask(SubmitApplication)).refused("stage", "submitted already, and counts")
    assert SUBMITTED.after(ask(WithdrawApplication)).when(ask(SubmitApplication)).code is None
    assert SUBMITTED.after(ask(PutForwardVersion)).when(ask(SubmitApplication)).code is None


def test_a_submission_needs_an_agreed_roadmap() -> None:
    until("opened").after(ask(DraftRoadmap)).when(ask(SubmitApplication)).refused("D26")


def test_a_submission_needs_every_declaration() -> None:
    until("opened").when(ask(SubmitApplication, declarations=declarations()[1:])).refused("E12", declarations()[0])


@pytest.mark.parametrize(("cents", "code"), [(CAP, None), (CAP + 1, "S01")])
def test_a_submission_asks_for_the_cap_at_most_and_not_for_one_cent_more(cents: int, code: str | None) -> None:
    version = {"version": 2, "digest": "d" * 64, "requested_cents": cents, "answers": {}, "resources": ()}
    story = until("opened").after(fact(VersionPutForward, on=HAMBURG.pilot_action, **version))
    assert story.when(ask(SubmitApplication)).code == code


def test_a_city_coordinates_one_application_in_a_line() -> None:
    story = SUBMITTED.after(*another("drafted", "put forward"))
    submitting = ask(SubmitApplication, pilot_action_id=OTHER)
    story.when(submitting).refused("D09", "Hamburg already coordinates another application")
    withdrawn = story.after(ask(WithdrawApplication))
    assert withdrawn.when(submitting).code is None
    withdrawn.after(submitting).when(ask(SubmitApplication)).refused("D09")


def test_a_partner_abroad_may_be_a_member_of_several_applications() -> None:
    lisbon = Pair("Lisbon", HAMBURG.abroad)
    chapters = [CHAPTERS[chapter][1](lisbon) for chapter in ("formed", "agreed", "drafted", "put forward")]
    news = (
        command
        for chapter in chapters
        for command in chapter
        if not (isinstance(command, RegisterOrganisation) and command.organisation_id == HAMBURG.partner)
    )
    assert SUBMITTED.after(*news).when(ask(SubmitApplication, lisbon)).code is None


# --- withdrawal and reminder


def test_a_withdrawal_frees_the_citys_place() -> None:
    SUBMITTED.when(ask(WithdrawApplication, reason="Too early.")).then(
        fact(ApplicationWithdrawn, reason=protected("Too early.")),
        fact(SlotFreed, on=HAMBURG.slot, pilot_action_id=HAMBURG.pilot_action),
    )


def test_a_withdrawal_can_be_taken_back_and_the_register_names_the_application_once() -> None:
    answer = SUBMITTED.after(ask(WithdrawApplication)).when(ask(SubmitApplication))
    assert [type(change.event) for change in answer.changes] == [ApplicationSubmitted, SlotTaken]


def test_only_what_is_submitted_is_withdrawn() -> None:
    PUT_FORWARD.when(ask(WithdrawApplication)).refused("stage", "The application is draft; there is nothing")
    withdrawn = SUBMITTED.after(ask(WithdrawApplication))
    withdrawn.when(ask(WithdrawApplication)).refused("stage", "The application is withdrawn; there is nothing")


def test_a_reminder_says_when_applications_close_while_nothing_is_submitted() -> None:
    DRAFTED.when(ask(RemindSubmission)).then(fact(SubmissionReminded, closes=CALENDAR.applications_close))
    SUBMITTED.when(ask(RemindSubmission)).refused("stage", "no draft any more")


# --- after closing


def test_an_application_that_may_be_judged_goes_to_the_evaluators() -> None:
    CLOSED.when(ask(CheckEligibility)).then(
        fact(ApplicationFoundEligible, correction=0),
        fact(
            EvaluationOpened,
            on=HAMBURG.evaluation,
            pilot_action_id=HAMBURG.pilot_action,
            call_id=CALL_ID,
            line=LINE,
            partnership_id=HAMBURG.partnership,
        ),
    )


@pytest.mark.parametrize(("at", "code"), [(CLOSES - TICK, "stage"), (CLOSES, None)])
def test_applications_are_checked_after_closing(at: datetime, code: str | None) -> None:
    assert CLOSED.when(ask(CheckEligibility, at=at)).code == code


NOT_ADMITTED = SUBMITTED.without(OrganisationAdmitted)


@pytest.mark.parametrize(
    "story",
    [
        PUT_FORWARD.after(ask(SubmitApplication)),
        SUBMITTED.after(*REWRITTEN, ask(SubmitApplication)),
        PUT_FORWARD.after(ask(SubmitApplication), *REWRITTEN, ask(ConfirmParticipation)),
        NOT_ADMITTED.without(ParticipationConfirmed),
    ],
    ids=["never confirmed", "confirmed an older version", "confirmed a newer version", "not even admitted"],
)
def test_an_application_without_every_partners_confirmation_is_inadmissible(story: Story) -> None:
    detail = "Not all members have confirmed the current version; missing: Seoul."
    story.when(ask(CheckEligibility)).then(
        fact(ApplicationFoundInadmissible, correction=0, findings=(Finding(rule="D10", detail=detail),))
    )


def test_a_newer_version_that_was_not_submitted_does_not_count() -> None:
    story = SUBMITTED.after(*REWRITTEN)
    assert type(story.when(ask(CheckEligibility)).changes[0].event) is ApplicationFoundEligible


MATERIAL = ask(ProposeCorrection, rules=corrected(declarations=RULES.declarations[1:]))
CORRECTED = (MATERIAL, ask(ConfirmCorrection))
AFTER_IT = LATER - TICK


def test_what_was_submitted_before_a_material_correction_and_not_again_is_inadmissible() -> None:
    detail = (
        "Correction 1 of the call changed what was applied for, and the application was not submitted again after it."
    )
    SUBMITTED.after(*CORRECTED).when(ask(CheckEligibility)).then(
        fact(ApplicationFoundInadmissible, correction=1, findings=(Finding(rule="D21", detail=detail),))
    )


def test_the_same_version_submitted_again_after_a_material_correction_counts() -> None:
    story = SUBMITTED.after(*CORRECTED)
    told = {"version": 1, "digest": digest(story), "requested_cents": CAP, "declarations": declarations()}
    again = ask(SubmitApplication, at=AFTER_IT)
    story.when(again).then(fact(ApplicationSubmitted, **told, correction=1))
    assert type(story.after(again).when(ask(CheckEligibility)).changes[0].event) is ApplicationFoundEligible


def test_what_was_submitted_before_an_extension_still_counts() -> None:
    story = SUBMITTED.after(ask(ProposeCorrection), ask(ConfirmCorrection))
    assert type(story.when(ask(CheckEligibility)).changes[0].event) is ApplicationFoundEligible


@pytest.mark.parametrize(("at", "code"), [(CLOSES, None), (LATER - TICK, None), (LATER, "D07")])
def test_after_an_extension_the_door_closes_at_the_later_instant(at: datetime, code: str | None) -> None:
    story = until("opened").after(ask(ProposeCorrection), ask(ConfirmCorrection))
    assert story.when(ask(SubmitApplication, at=at)).code == code


def test_an_extension_that_nobody_confirmed_extends_nothing() -> None:
    until("opened").after(ask(ProposeCorrection)).when(ask(SubmitApplication, at=CLOSES)).refused("D07")


def test_an_application_of_a_city_that_the_programme_did_not_admit_is_ineligible() -> None:
    detail = "Hamburg is not admitted to the programme as a pilot city or region."
    NOT_ADMITTED.when(ask(CheckEligibility)).then(
        fact(ApplicationFoundIneligible, correction=0, findings=(Finding(rule="S05", detail=detail),))
    )


DECIDED = {
    "eligible": until("eligible"),
    "inadmissible": PUT_FORWARD.after(ask(SubmitApplication), ask(CheckEligibility)),
    "ineligible": NOT_ADMITTED.after(ask(CheckEligibility)),
    "offered": until("offered"),
}


@pytest.mark.parametrize("stage", DECIDED)
@pytest.mark.parametrize(
    "kind",
    [
        SaveDraftSection,
        PutForwardVersion,
        ConfirmParticipation,
        DeclineParticipation,
        SubmitApplication,
        WithdrawApplication,
        RemindSubmission,
        AskClarification,
        AnswerClarification,
        CheckEligibility,
    ],
)
def test_what_was_judged_does_not_change_any_more(kind: type[Command], stage: str) -> None:
    DECIDED[stage].when(ask(kind)).refused("stage")


@pytest.mark.parametrize("chapter", ["drafted", "put forward"])
def test_only_what_was_submitted_is_checked(chapter: str) -> None:
    until(chapter).when(ask(CheckEligibility)).refused("stage", "only a submitted one is checked")


# --- a clerical error is asked about before it leads to a rejection


ASKED = CLOSED.after(ask(AskClarification))
DUE = CALENDAR.clarifications_due


def test_the_secretariat_asks_about_a_clerical_error_and_the_applicant_answers() -> None:
    question = ProtectedText(subject=SUE, text="Is it a slip?")
    CLOSED.when(ask(AskClarification, question="Is it a slip?")).then(
        fact(ClarificationAsked, question=question, due=DUE)
    )
    ASKED.when(ask(AnswerClarification, answer="Yes.")).then(fact(ClarificationAnswered, answer=protected("Yes.")))


def test_an_answer_changes_nothing_that_was_submitted() -> None:
    before, after = (
        story.get(PILOT_ACTION, HAMBURG.pilot_action) for story in (ASKED, ASKED.after(ask(AnswerClarification)))
    )
    assert (after.versions, after.submitted, after.answers) == (before.versions, before.submitted, before.answers)


CHECKED = CALENDAR.eligibility_checked


@pytest.mark.parametrize(
    ("at", "code"), [(CLOSES - TICK, "stage"), (CLOSES, None), (CHECKED - TICK, None), (CHECKED, "stage")]
)
def test_questions_are_asked_between_the_closing_and_the_check(at: datetime, code: str | None) -> None:
    assert CLOSED.when(ask(AskClarification, at=at)).code == code


@pytest.mark.parametrize(("at", "code"), [(CHECKED, None), (CHECKED + DAY, "D25")])
def test_a_question_leaves_two_working_days(at: datetime, code: str | None) -> None:
    later = RULES.model_copy(
        update={"calendar": CALENDAR.model_copy(update={"eligibility_checked": CHECKED + 2 * DAY})}
    )
    assert CLOSED.retold(CallPublished, rules=later).when(ask(AskClarification, at=at)).code == code


def test_a_holiday_is_no_working_day_for_an_answer() -> None:
    rules = RULES.model_copy(update={"holidays": (CHECKED.date() + DAY,)})
    story = CLOSED.retold(CallPublished, rules=rules)
    story.when(ask(AskClarification, at=CHECKED - HOUR)).refused("D25", "Only 1 of at least 2 working days")


@pytest.mark.parametrize(("at", "code"), [(DUE - TICK, None), (DUE, "D25")])
def test_an_answer_comes_before_it_is_due(at: datetime, code: str | None) -> None:
    assert ASKED.when(ask(AnswerClarification, at=at)).code == code


def test_one_question_is_asked_and_answered_once() -> None:
    ASKED.when(ask(AskClarification)).refused("stage", "asked already")
    CLOSED.when(ask(AnswerClarification)).refused("stage", "No question about this application is open")
    ASKED.after(ask(AnswerClarification)).when(ask(AnswerClarification)).refused("stage", "is open")


@pytest.mark.parametrize(("at", "code"), [(CHECKED, "stage"), (DUE - TICK, "stage"), (DUE, None)])
def test_an_open_question_is_waited_for_until_the_answer_is_due(at: datetime, code: str | None) -> None:
    assert ASKED.when(ask(CheckEligibility, at=at)).code == code


def test_an_application_whose_question_was_answered_is_judged_as_any_other() -> None:
    answered = ASKED.after(ask(AnswerClarification, at=CHECKED - HOUR))
    assert type(answered.when(ask(CheckEligibility)).changes[0].event) is ApplicationFoundEligible


def test_an_application_whose_question_was_not_answered_is_inadmissible() -> None:
    detail = "The question about a clerical error was not answered before Wed 25 March 2026, 17:00 Brussels."
    ASKED.when(ask(CheckEligibility, at=DUE)).then(
        fact(ApplicationFoundInadmissible, correction=0, findings=(Finding(rule="E09", detail=detail),))
    )


def test_only_what_was_submitted_is_asked_about() -> None:
    withdrawn = SUBMITTED.after(ask(WithdrawApplication))
    withdrawn.when(ask(AskClarification)).refused("stage", "only a submitted one")


# --- what is not there

EVERY_DEED = [*AT_THE_DOOR, RemindSubmission, AskClarification, AnswerClarification, CheckEligibility]


@pytest.mark.parametrize("kind", EVERY_DEED)
def test_what_does_not_exist_is_not_found(kind: type[Command]) -> None:
    nowhere = {"partnership_id": named("nowhere")} if kind is ProposePilotAction else {}
    DRAFTED.when(ask(kind, pilot_action_id=OTHER, **nowhere)).raises(NotFound)


def test_what_was_never_proposed_or_formed_goes_no_further() -> None:
    unproposed = given(fact(SubmissionReminded, on=HAMBURG.pilot_action, closes=CLOSES))
    unproposed.when(ask(PutForwardVersion)).refused("stage", "never proposed")
    unformed = given(fact(CoachingOffered, on=HAMBURG.partnership))
    unformed.when(ask(ProposePilotAction)).refused("stage", "never formed")
