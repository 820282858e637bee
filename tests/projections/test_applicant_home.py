"""The applicant's home says what to do next, shows what is safe, and tells nothing before the release."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.call.events import ApplicationWindowClosed, CallCorrected, CorrectionProposed
from domain.grant.events import (
    DeliveryRefused,
    DeliveryReversed,
    FinalReportFiled,
    GrantAccepted,
    GrantDeclined,
    InvoiceRecorded,
    OrderCancelled,
    ReportOverdue,
    ResourceDelivered,
    ResourceDisbursed,
)
from domain.ids import grant_id
from domain.messages import Event
from domain.organisation.events import NamedInApplication
from domain.partnership.events import (
    CoachingCompleted,
    CoachingDeclined,
    CoachingEnded,
    CoachingOffered,
    GroupSessionHeld,
    MemberLeft,
    MembershipConfirmed,
    PartnershipEnded,
    PartnershipMerged,
)
from domain.people import ENGINE
from domain.pilot_action.events import (
    ApplicationFoundEligible,
    ApplicationFoundInadmissible,
    ApplicationSubmitted,
    ClarificationAnswered,
    ClarificationAsked,
)
from projections import lists, timeline
from projections.applicant_home import ApplicantHome
from projections.applicant_rows import HomeRow, PilotActionRow
from projections.applicant_view import homes
from projections.fund_dashboard import FundDashboard
from projections.timeline import NOT_BEFORE_RELEASE, Timeline
from tests.projections.story import (
    CALL,
    ENDINGS,
    OFFICER,
    PARTNER,
    Story,
    action_of,
    id_of,
    judged_call,
    organisation_of,
    rules,
    submitted_call,
    text,
    whole_call,
)
from tests.projections.tables import follow

CITY = "Dublin"
Deed = Callable[[Story], None]

DEEDS: Sequence[tuple[Deed, str, str]] = [
    (lambda s: s.form(CITY), "Write the roadmap.", "Confirm that Seoul takes part."),
    (
        lambda s: s.tell(id_of(CITY), MembershipConfirmed, organisation_id=organisation_of(PARTNER)),
        "Write the roadmap.",
        "Wait for Dublin to write the roadmap.",
    ),
    (lambda s: s.agree(CITY, version=1), "Agree version 1 of the roadmap.", "Agree version 1 of the roadmap."),
    (
        lambda s: s.agree(CITY, CITY, version=2),
        "Propose a pilot action.",
        "Agree version 2 of the roadmap.",
    ),
    (
        lambda s: s.tell(id_of(CITY), CoachingOffered),
        "Ask for coaching, if you want it. It is free and you may apply without it.",
        "Agree version 2 of the roadmap.",
    ),
    (
        lambda s: s.propose(CITY),
        "Fill in “Need and joint action”. 0 of 2 sections are complete.",
        "Agree version 2 of the roadmap.",
    ),
    (
        lambda s: s.draft(CITY, "action"),
        "Fill in “Resources”. 1 of 2 sections are complete.",
        "Agree version 2 of the roadmap.",
    ),
    (lambda s: s.draft(CITY, "money"), "Put version 1 forward.", "Agree version 2 of the roadmap."),
    (
        lambda s: s.put_forward(CITY),
        "Wait for Seoul to agree version 2 of the roadmap. Then submit version 1.",
        "Agree version 2 of the roadmap.",
    ),
    (
        lambda s: s.agree(CITY, CITY, PARTNER, version=3),
        "Submit version 1 when applications open: Sat 21 February 2026, 09:00 Brussels.",
        "Confirm your part in version 1.",
    ),
    (lambda s: s.open(), "Submit version 1.", "Confirm your part in version 1."),
    (
        lambda s: s.submit(CITY),
        "Wait for Seoul to confirm version 1. Without it the application is inadmissible.",
        "Confirm your part in version 1.",
    ),
    (
        lambda s: s.confirm(CITY),
        "Nothing now. You can still change the application and submit it again.",
        "Nothing now. When the application changes, you are asked again.",
    ),
    (
        lambda s: s.draft(CITY, "money"),
        "Put version 2 forward.",
        "Nothing now. When the application changes, you are asked again.",
    ),
    (lambda s: s.put_forward(CITY, 2), "Submit version 2.", "Confirm your part in version 2."),
    (lambda s: s.confirm(CITY, 2), "Submit version 2.", "Wait for Dublin to submit version 2."),
    (lambda s: s.withdraw(CITY), "Submit version 2.", "Wait for Dublin to submit version 2."),
    (
        lambda s: s.submit(CITY, 2),
        "Nothing now. You can still change the application and submit it again.",
        "Nothing now. When the application changes, you are asked again.",
    ),
    (
        lambda s: s.close(),
        "Wait for the outcome. All outcomes are released at one instant.",
        "Wait for the outcome. All outcomes are released at one instant.",
    ),
    (
        lambda s: s.release({CITY: "award"}),
        "Wait for the offer. It follows at once.",
        "Wait for the offer. It follows at once.",
    ),
    (
        lambda s: s.offer(CITY),
        "Accept or decline the support of €10,000.00.",
        "Wait for Dublin to accept or decline the support.",
    ),
    (
        lambda s: s.answer(CITY, GrantAccepted),
        "File the final report.",
        "Nothing now. Dublin answers for the grant.",
    ),
    (
        lambda s: s.deliver(CITY, 1, 100_000, 90_000, certified=False),
        "Acknowledge or refuse the delivery of order 1.",
        "Nothing now. Dublin answers for the grant.",
    ),
    (
        lambda s: s.tell(grant_id(action_of(CITY)), FinalReportFiled, report=text(), lessons=text()),
        "Acknowledge or refuse the delivery of order 1.",
        "Nothing now. Dublin answers for the grant.",
    ),
]


def home(engine: Engine, story: Story, reader: str = CITY) -> HomeRow:
    """Return the one home of a reader at the story's end."""
    follow(engine, story, ApplicantHome)
    with engine.connect() as connection:
        [row] = homes(connection, organisation_of(reader))
    return row


def action(engine: Engine, story: Story, reader: str = CITY) -> PilotActionRow:
    """Return the one pilot action on the reader's home."""
    [row] = home(engine, story, reader).pilot_actions
    return row


@pytest.mark.parametrize("done", range(1, len(DEEDS) + 1))
def test_the_home_names_one_next_step_for_each_member(engine: Engine, done: int) -> None:
    story = Story()
    story.publish()
    for deed, *_ in DEEDS[:done]:
        deed(story)
    steps = tuple(home(engine, story, reader).next_step for reader in (CITY, PARTNER))
    assert steps == DEEDS[done - 1][1:]


@pytest.mark.parametrize(
    ("done", "due", "yours"),
    [(3, "applications_close", True), (5, "coaching_closes", True), (19, "outcomes_released", False)],
)
def test_a_step_is_due_at_a_point_of_the_calendar(engine: Engine, done: int, due: str, yours: bool) -> None:
    story = Story()
    story.publish()
    for deed, *_ in DEEDS[:done]:
        deed(story)
    row = home(engine, story)
    assert (row.due, row.yours) == (getattr(rules().calendar, due), yours)


def test_a_grants_steps_are_due_when_the_offer_ends_and_when_the_report_is_due(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    story.offer("Milan")
    offered = action(engine, story, "Milan")
    assert offered.grant is not None
    assert (offered.status, offered.due) == ("Support offered", offered.grant.accept_by)
    story.answer("Milan", GrantAccepted)
    accepted = action(engine, story, "Milan")
    assert (accepted.status, accepted.due) == ("Support accepted", rules().calendar.final_report_due)


@pytest.mark.parametrize(
    ("city", "status"),
    [
        ("Milan", "Support closed"),
        ("Turin", "Support declined"),
        ("Dublin", "Support lapsed"),
        ("Umeå", "Support closed"),
        ("Piraeus", "On the reserve list"),
        ("Leuven", "Not selected"),
        ("Bremen", "Inadmissible"),
        ("Vigo", "Ineligible"),
        ("Graz", "Withdrawn"),
        ("Łódź", "Not submitted"),
        ("Testburg", "No application"),
    ],
)
def test_every_end_has_its_word_and_leaves_nothing_to_do(engine: Engine, city: str, status: str) -> None:
    row = home(engine, whole_call(), city)
    assert row.status == status
    assert row.next_step.startswith("Nothing more to do in this call")
    assert not row.yours


def test_the_reserve_waits_until_its_list_ends(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    row = action(engine, story, "Piraeus")
    assert row.next_step == "Wait. You get an offer when one above you is declined or lapses."
    assert row.due == row.reserve_until == rules().reserve_expires(rules().lines[0])


def test_the_receipt_counts_versions_and_names_whose_confirmation_is_missing(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.prepare(CITY)
    story.open()
    story.apply(CITY)
    story.draft(CITY, "action")
    story.put_forward(CITY, 2)
    story.submit(CITY, 2)
    row, arrived = action(engine, story), story.log[-1]
    assert row.receipt is not None
    assert row.receipt.model_dump() == {
        "version": 2,
        "digest": "Dublin 2",
        "arrived_at": arrived.event.effective_at,
        "position": arrived.position,
        "correction": 0,
        "versions": 2,
        "missing": (PARTNER,),
        "withdrawn": False,
    }
    assert (row.confirmed, row.missing) == ((), (PARTNER,))


def test_what_changed_after_submitting_is_said_not_to_be_submitted(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.prepare(CITY)
    story.apply(CITY)
    assert action(engine, story).status == "Submitted, version 1"
    story.draft(CITY, "action")
    assert action(engine, story).status == "Submitted, version 1; what you changed since is NOT submitted"


@pytest.mark.parametrize(
    ("tell", "coaching"),
    [
        (lambda s: None, "not offered"),
        (lambda s: s.tell(id_of(CITY), CoachingOffered), "offered"),
        (lambda s: s.tell(id_of(CITY), CoachingCompleted), "completed"),
        (lambda s: s.tell(id_of(CITY), CoachingEnded, requested=False, sessions=0), "ended"),
    ],
)
def test_the_home_says_where_coaching_stands(engine: Engine, tell: Deed, coaching: str) -> None:
    story = Story()
    story.publish()
    story.form(CITY)
    tell(story)
    assert home(engine, story).coaching == coaching


def test_a_partner_of_several_sees_every_partnership_oldest_first(engine: Engine) -> None:
    follow(engine, whole_call(), ApplicantHome)
    with engine.connect() as connection:
        names = [row.name for row in homes(connection, organisation_of(PARTNER))]
        assert homes(connection, id_of("a stranger")) == []
    assert names[:3] == ["Testburg with Seoul", "Milan with Seoul", "Turin with Seoul"]
    assert len(names) == 12


def test_twelve_partnerships_are_asked_for_by_the_queries_of_one_with_a_grant(engine: Engine) -> None:
    follow(engine, whole_call(), ApplicantHome)
    asked: list[str] = []
    numbers = {}
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for reader in (*ENDINGS, PARTNER):
            asked.clear()
            homes(connection, organisation_of(reader))
            numbers[reader] = sum(statement.startswith("SELECT") for statement in asked)
    assert numbers.pop(PARTNER) == max(numbers.values()) == 5


def seen_by_applicants(engine: Engine, story: Story) -> list[object]:
    """Return everything that the screens say to applicants and to readers of the list of applications."""
    follow(engine, story, ApplicantHome, FundDashboard, Timeline)
    cities = (*ENDINGS, "Bremen", "Vigo", "Graz", "Łódź", PARTNER)
    with engine.connect() as connection:
        told = [timeline.of(connection, id, NOT_BEFORE_RELEASE) for c in cities for id in (action_of(c), id_of(c))]
        return [*told, [homes(connection, organisation_of(city)) for city in cities], [*lists.applications(connection)]]


def test_nothing_that_is_judged_shows_before_the_release(engine: Engine) -> None:
    story = submitted_call()
    before = seen_by_applicants(engine, story)
    length = len(story.log)
    story.log.extend(judged_call().log[length:])
    assert seen_by_applicants(engine, story) == before
    story.log.extend(whole_call().log[len(story.log) :])
    assert seen_by_applicants(engine, story) != before


def test_after_the_release_the_reasons_are_shown(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    selected, refused = action(engine, story, "Leuven").outcome, action(engine, story, "Bremen").outcome
    assert selected is not None
    assert refused is not None
    assert (selected.outcome, selected.reason) == ("not_selected", "It is not_selected.")
    assert [(term.name, term.mean, term.shown, term.passed) for term in selected.criteria] == [
        ("Relevance", "7/3", "2.33", False),
        ("Quality", "7/3", "2.33", False),
    ]
    assert (refused.outcome, refused.reason, refused.criteria) == ("inadmissible", "Seoul did not confirm.", ())
    assert [finding.rule for finding in refused.findings] == ["D10"]


def test_findings_are_shown_at_the_latest_when_the_call_is_settled(engine: Engine) -> None:
    """A line in which nobody is ranked has no award list, and so no release."""
    story = Story()
    story.publish()
    story.prepare(CITY)
    story.apply(CITY)
    story.close()
    story.find(CITY, ApplicationFoundInadmissible)
    assert action(engine, story).outcome is None
    story.settle()
    assert action(engine, story).status == "Inadmissible"


def test_the_ledger_counts_an_order_until_its_certified_value_replaces_it(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    story.offer("Milan")
    story.answer("Milan", GrantAccepted)
    story.deliver("Milan", 1, 400_000, 390_000)
    story.deliver("Milan", 2, 100_000, 90_000, certified=False)
    grant = action(engine, story, "Milan").grant
    assert grant is not None
    assert (grant.ordered_cents, grant.delivered_cents, grant.disbursed_cents) == (490_000, 480_000, 390_000)
    assert grant.left_cents == 1_000_000 - 390_000 - 100_000


def test_the_ledger_follows_invoices_refusals_cancellations_and_reversals(engine: Engine) -> None:
    story, stream = judged_call(), grant_id(action_of("Milan"))
    story.release(ENDINGS)
    story.offer("Milan")
    story.answer("Milan", GrantAccepted)

    def after(kind: type[Event], **fields: Any) -> tuple[int, int, int, int]:
        story.tell(stream, kind, order=1, **fields)
        grant = action(engine, story, "Milan").grant
        assert grant is not None
        return grant.ordered_cents, grant.delivered_cents, grant.disbursed_cents, grant.left_cents

    story.deliver("Milan", 1, 400_000, 390_000, certified=False)
    invoice = {"cents": 450_000, "evidence": "invoice.pdf", "borne_cents": 440_000, "borne_outside_cents": 10_000}
    assert after(InvoiceRecorded, **invoice) == (440_000, 440_000, 0, 560_000)
    assert after(ResourceDisbursed, cents=440_000, released_cents=0) == (440_000, 440_000, 440_000, 560_000)
    opposite = {"proposed_by": stream, "delivered_cents": 390_000, "disbursed_cents": 440_000, "kept_cents": 380_000}
    assert after(DeliveryReversed, **opposite) == (380_000, 0, 0, 620_000)
    due = rules().calendar.final_report_due
    story.tell(stream, ResourceDelivered, order=1, cents=1, evidence="report.pdf", acknowledge_by=due)
    assert after(DeliveryRefused, cents=1, reason=text()) == (380_000, 0, 0, 620_000)
    cancelled = {"cause": "supplier_failed", "freed_cents": 380_000, "reason": text()}
    assert after(OrderCancelled, **cancelled) == (0, 0, 0, 1_000_000)


def test_a_report_that_is_overdue_is_called_so(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    story.offer("Milan")
    story.answer("Milan", GrantAccepted)
    story.tell(grant_id(action_of("Milan")), ReportOverdue, due=rules().calendar.final_report_due)
    assert action(engine, story, "Milan").next_step == "File the final report. It is overdue."


def test_eligible_alone_tells_nothing(engine: Engine) -> None:
    story = submitted_call()
    story.find("Milan", ApplicationFoundEligible)
    assert action(engine, story, "Milan").status == "Submitted, version 1; it is being judged"


def test_an_offer_that_was_declined_leaves_nothing_to_order(engine: Engine) -> None:
    story = judged_call()
    story.release(ENDINGS)
    story.offer("Turin")
    story.answer("Turin", GrantDeclined)
    grant = action(engine, story, "Turin").grant
    assert grant is not None
    assert (grant.state, grant.left_cents) == ("declined", 0)


# --- a call that is corrected, a question about a clerical error


def corrected(story: Story, material: bool) -> None:
    """Correct the call: the deadline moves a day later."""
    call = rules()
    closes = call.calendar.applications_close + timedelta(days=1)
    later = call.model_copy(update={"calendar": call.calendar.model_copy(update={"applications_close": closes})})
    told = {"correction": 1, "reason": "The service was away.", "points": (), "material": material}
    story.tell(CALL, CallCorrected, proposed_by=OFFICER, **told, rules=later)


def applied() -> Story:
    """A city that has submitted its application."""
    story = Story()
    story.publish()
    story.prepare(CITY)
    story.apply(CITY)
    return story


def test_everybody_is_told_of_a_correction_and_sees_the_deadline_in_force(engine: Engine) -> None:
    story = applied()
    before = home(engine, story)
    corrected(story, material=False)
    after = home(engine, story)
    assert (before.notices, [notice.reason for notice in after.notices]) == ((), ["The service was away."])
    assert before.due is not None
    assert after.due == before.due + timedelta(days=1)
    assert after.status == "Submitted, version 1"


def test_who_submitted_before_a_material_correction_is_told_to_submit_again(engine: Engine) -> None:
    story = applied()
    corrected(story, material=True)
    row = action(engine, story)
    assert row.status == "The call was corrected: version 1 does NOT count until you submit it again"
    assert (row.next_step, row.yours) == ("Submit version 1 again: the call was corrected.", True)
    digest = {"version": 1, "digest": f"{CITY} 1", "requested_cents": 1, "declarations": []}
    story.tell(action_of(CITY), ApplicationSubmitted, **digest, correction=1)
    assert action(engine, story).status == "Submitted, version 1"


def test_a_correction_that_waits_for_a_second_person_is_told_to_nobody() -> None:
    assert CorrectionProposed.TOPIC in timeline.NOT_FOR_APPLICANTS


def test_a_question_about_a_clerical_error_is_the_coordinators_next_step_until_it_is_answered(engine: Engine) -> None:
    story = applied()
    story.tell(CALL, ApplicationWindowClosed, by=ENGINE)
    due = rules().calendar.clarifications_due
    story.tell(action_of(CITY), ClarificationAsked, question=text(), due=due)
    asked = action(engine, story)
    assert (asked.next_step, asked.due, asked.yours) == ("Answer the question about a clerical error.", due, True)
    story.tell(action_of(CITY), ClarificationAnswered, answer=text())
    assert action(engine, story).next_step.startswith("Wait for the outcome.")


def test_a_question_that_was_not_answered_is_asked_no_more(engine: Engine) -> None:
    story = applied()
    story.tell(CALL, ApplicationWindowClosed, by=ENGINE)
    story.tell(action_of(CITY), ClarificationAsked, question=text(), due=rules().calendar.clarifications_due)
    story.tell(action_of(CITY), ApplicationFoundInadmissible, correction=0, findings=())
    assert action(engine, story).next_step.startswith("Wait for the outcome.")


def test_a_partner_in_several_applications_reads_so_before_it_confirms(engine: Engine) -> None:
    story = Story()
    story.publish()
    story.prepare(CITY)
    story.put_forward(CITY)
    named = {"call_id": CALL, "pilot_action_id": action_of("Lisbon")}
    assert home(engine, story, PARTNER).next_step == "Confirm your part in version 1."
    story.tell(organisation_of(PARTNER), NamedInApplication, **named)
    assert home(engine, story, PARTNER).next_step.endswith("You are named in 2 applications: confirm each, or not.")


def test_a_partnership_that_went_into_another_says_into_which(engine: Engine) -> None:
    story = applied()
    story.tell(id_of(CITY), PartnershipMerged, into_id=id_of("both"), into_name="Both")
    row = home(engine, story)
    assert (row.status, row.next_step, row.yours) == ("Went into “Both”", "Go on with that partnership.", False)


def test_a_member_that_left_is_not_waited_for_and_a_partnership_that_ended_says_so(engine: Engine) -> None:
    story = applied()
    story.tell(id_of(CITY), MemberLeft, organisation_id=organisation_of(PARTNER), reason=text())
    assert [member.name for member in home(engine, story).members] == [CITY]
    story.tell(id_of(CITY), PartnershipEnded)
    assert home(engine, story).status == "Ended"


def test_declined_coaching_and_group_sessions_are_shown(engine: Engine) -> None:
    story = applied()
    story.tell(id_of(CITY), CoachingDeclined)
    assert home(engine, story).coaching == "declined"
    story.tell(id_of(CITY), GroupSessionHeld, number=2, minutes=90, partnerships=3, note=text())
    row = home(engine, story)
    assert (row.coaching, row.coaching_sessions) == ("sessions", 2)
