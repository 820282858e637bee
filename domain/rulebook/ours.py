"""D rules: our defaults, configurable and labelled so; the notes give the values of the shipped 2026 edition.

Every check raises RuleViolated with its rule unless the rule holds.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from domain.rulebook.eu import in_words
from domain.rulebook.rule import Rule
from domain.values import BRUSSELS, euros, in_brussels

D01 = Rule(
    id="D01",
    sentence="Each criterion has a score on the scale and a justification, and thresholds apply to the exact total.",
    status="D",
    source="our default",
    note="Relevance to roadmap 25, quality and feasibility 25, transferability and replication 20, partnership and "
    "stakeholder mix 15, sustainability and co-funding 15; 0 to 5 each. The final score of a criterion is the exact "
    "mean of the valid scores, replaced by the consensus where one was forced; the total is the weighted sum as an "
    "exact fraction, rounded only on display. Thresholds: total 70 %, each criterion 3 of 5. UKRI's quality line is "
    '"typically 70 %".',
)


def score_is_on_the_scale(points: int, criterion: str) -> None:
    """Require a score from 0 to 5 (D01)."""
    D01.require(
        0 <= points <= 5,
        f"The score for “{criterion}” is {points}; the scale goes from 0 to 5.",
        "Choose 0, 1, 2, 3, 4 or 5.",
    )


def justification_is_given(text: str, minimum: int, criterion: str) -> None:
    """Require a justification of at least `minimum` characters, spaces around it not counted (D01)."""
    length = len(text.strip())
    D01.require(
        length >= minimum,
        f"The justification for “{criterion}” has {length} of at least {minimum} characters.",
        "Say what in the application leads to this score.",
    )


D02 = Rule(
    id="D02",
    sentence="Enough evaluators score, one of them from outside, and a wide spread forces a consensus.",
    status="D",
    source="our default",
    note="Three evaluators (UKRI at least 3), at least one outside the applicant's cluster and geography team. A "
    "spread of more than 2 points on any criterion, or highest minus lowest weighted total of more than 25 of 100, "
    "forces consensus.",
)


def enough_evaluators_scored(count: int, required: int) -> None:
    """Require the number of evaluators that the call requires (D02)."""
    D02.require(
        count >= required,
        f"Valid scores have come from {count} of at least {required} evaluators.",
        "Wait for the missing scores, or assign other evaluators.",
    )


def one_evaluator_is_from_outside(outside: Sequence[bool]) -> None:
    """Require one evaluator from outside the applicant's cluster and geography team (D02)."""
    D02.require(
        any(outside),
        f"0 of {len(outside)} evaluators come from outside the applicant's cluster and geography team; 1 is needed.",
        "Assign an evaluator from another cluster and geography team.",
    )


def override_keeps_two_evaluators(number: int, required: int) -> None:
    """Require an override that leaves at least two evaluators, and fewer than the call requires (D02)."""
    D02.require(
        2 <= number < required,
        f"The call requires {required} evaluators; an override allows fewer, but at least 2, and not {number}.",
        "Name a number from 2 on below what the call requires, or assign other evaluators.",
    )


def scores_force_consensus(points: Sequence[int], above_points: int) -> bool:
    """Return whether the scores for one criterion lie more than `above_points` apart (D02)."""
    return max(points) - min(points) > above_points


def totals_force_consensus(totals: Sequence[Fraction], above_total: int) -> bool:
    """Return whether the evaluators' weighted totals, of 100, lie more than `above_total` apart (D02)."""
    return max(totals) - min(totals) > above_total


def consensus_covers_what_diverges(proposed: Collection[str], divergent: Collection[str]) -> None:
    """Require a consensus score for each criterion on which the scores lie too far apart, and for no other (D02)."""
    D02.require(
        sorted(proposed) == sorted(divergent),
        f"A consensus is needed on {', '.join(sorted(divergent)) or 'nothing'}; "
        f"you proposed {', '.join(sorted(proposed)) or 'nothing'}.",
        "Propose one score for each criterion on which the scores lie too far apart.",
    )


def consensus_was_found(open_criteria: Sequence[str]) -> None:
    """Require that no criterion still needs a consensus (D02)."""
    D02.require(
        not open_criteria,
        f"The scores lie too far apart, and there is no consensus yet on {', '.join(open_criteria)}.",
        "Wait until every evaluator has agreed to a consensus.",
    )


D03 = Rule(
    id="D03",
    sentence="A tie is broken by the published order, never by the time of submission.",
    status="D",
    source="our default",
    note="Higher relevance, then higher transferability, then the geography with the fewest awards already above the "
    "line, then a lot drawn with a published seed.",
)

D04 = Rule(
    id="D04",
    sentence="Awards stay within the envelope and follow the rank, and a smaller request never jumps.",
    status="D",
    source="our default",
    note="An envelope per line and optionally per geography; cut-off at the envelope. A partial award needs the "
    "applicant's agreement and is not below the smallest useful part that the application names; refused, the offer "
    "passes to the next in rank. The reserve list is valid for 6 months and promoted in rank order only: one command "
    "per call and calendar day, after all lapses and refusals of that day, offering while funds last.",
)


def part_is_within_the_request(smallest_useful_cents: int, requested_cents: int) -> None:
    """Require a smallest useful part of at least one cent and at most the request, both in euro cents (D04)."""
    D04.require(
        0 < smallest_useful_cents <= requested_cents,
        f"The smallest useful part is {euros(smallest_useful_cents)}; the application asks for "
        f"{euros(requested_cents)}.",
        f"Name a part from {euros(1)} to {euros(requested_cents)}, or none if only the whole is useful.",
    )


def awards_are_within_the_envelope(awarded_cents: int, free_cents: int) -> None:
    """Require awards of at most what is free in the envelope of their line, both in euro cents (D04)."""
    above = euros(awarded_cents - free_cents)
    D04.require(
        awarded_cents <= free_cents,
        f"The awards of {euros(awarded_cents)} are {above} above what is free in the envelope ({euros(free_cents)}).",
        "Send the list back; the next version draws the line anew.",
    )


D05 = Rule(
    id="D05",
    sentence="Nobody judges an application, a list or a delivery to which they have a tie.",
    status="D",
    source="our default",
    note="A coach may not evaluate or approve the partnership coached; an evaluator may not approve; who proposes the "
    "list does not approve it; two approvers; who approves may not certify deliveries; who ordered may not certify "
    "that delivery; who proposed, co-wrote or coached a pilot, managed its cluster, or works for a member or for a "
    "rival applicant may neither evaluate nor approve it; the auditor only reads.",
)


def evaluator_is_independent(ties: Sequence[str]) -> None:
    """Require an evaluator without ties, phrases such as "coached this partnership" (D05)."""
    D05.require(
        not ties,
        f"You may not evaluate this application: you {' and '.join(ties)}.",
        "The secretariat gives it to somebody else.",
    )


def approver_is_independent(ties: Sequence[str]) -> None:
    """Require an approver without ties, phrases such as "evaluated this application" (D05)."""
    D05.require(
        not ties,
        f"You may not approve this: you {' and '.join(ties)}.",
        "Another approver must decide.",
    )


def certifier_is_independent(ties: Sequence[str]) -> None:
    """Require a certifier without ties, phrases such as "ordered this delivery" (D05)."""
    D05.require(
        not ties,
        f"You may not certify this delivery: you {' and '.join(ties)}.",
        "Another certifier must decide.",
    )


D06 = Rule(
    id="D06",
    sentence="An evaluator states conflicts of interest before the content opens.",
    status="D",
    source="our default",
    note="The statement expires with the call; a conflict found later voids the score and leads to a new assignment.",
)


def declaration_comes_first(declared: bool) -> None:
    """Require the evaluator's declaration before any content (D06)."""
    D06.require(
        declared,
        "You have not said yet whether you have a conflict of interest.",
        "Make your declaration; after it the application opens.",
    )


D07 = Rule(
    id="D07",
    sentence="A request counts when the server received it complete before the closing instant.",
    status="D",
    source="our default",
    note="A deadline is stored as instant, Europe/Brussels and wording; 17:00 rather than midnight. The client's "
    "clock and the time of commit do not count; the closing instant itself is too late; grace 0. It is extended only "
    "before the deadline, with reasons, announced to all, by two persons; there is a rule for technical outages.",
)


def request_arrived_in_time(at: datetime, closes: datetime) -> None:
    """Require an arrival before the closing instant, which itself is too late (D07)."""
    closed, arrived = _told_apart(closes, at)
    D07.require(
        at < closes,
        f"The call closed on {closed}; your request arrived on {arrived}.",
        "What arrived before the closing instant still counts; if the service was down, tell the secretariat.",
    )


def deadline_is_extended_before_it(at: datetime, closes: datetime) -> None:
    """Require an extension before the deadline in force, which itself is too late (D07)."""
    closed, arrived = _told_apart(closes, at)
    D07.require(
        at < closes,
        f"The deadline of {closed} has passed; your request arrived on {arrived}.",
        "A deadline is extended only before it.",
    )


D08 = Rule(
    id="D08",
    sentence="A submission is an unchangeable version with a digest, and the last valid one counts.",
    status="D",
    source="our default",
    note="One may submit again until the deadline; all versions are kept. A withdrawal can be taken back until the "
    "deadline.",
)

D09 = Rule(
    id="D09",
    sentence="An admitted entity coordinates one active application per line and call.",
    status="D",
    source="our default",
    note="The slot of the coordinating entity alone is taken; a city, its metropolitan area and its agency are one "
    "entity when the secretariat says so. A city with several partnerships records its internal choice. The same "
    "partner abroad may be a member of several and is told so before it confirms. One pilot has one cap, however many "
    "cities propose it; similar pilots are flagged, not rejected automatically.",
)


def entity_has_no_other_application(name: str, taken: bool) -> None:
    """Require a coordinator whose slot in this line and call is free (D09)."""
    D09.require(
        not taken,
        f"{name} already coordinates another application in this line of the call.",
        "Choose one of the two, and withdraw the other.",
    )


def application_is_the_chosen_one(name: str, chosen: str, other: bool) -> None:
    """Require that the city did not choose another application, that of the partnership `chosen` (D09, S22)."""
    D09.require(
        not other,
        f"{name} chose the application of the partnership “{chosen}” for this line of the call.",
        "Submit that one, or let the city change its choice while none is submitted.",
    )


def entity_holds_one_place(holders: Sequence[str]) -> None:
    """Require that at most one of the organisations that become one entity holds a place in a line (D09)."""
    D09.require(
        len(holders) <= 1,
        f"{' and '.join(holders)} each have an application in the same line of this call.",
        "Let all but one withdraw, then link them.",
    )


D10 = Rule(
    id="D10",
    sentence="Every partner confirms the current version, and a material change asks again.",
    status="D",
    source="our default",
    note="A partner abroad confirms inside the system, or by a scanned letter that one officer records and another "
    "verifies by the deadline. One may submit before the partner confirms and is told what is missing; missing at "
    "closing, the application is inadmissible. A confirmation, a roadmap agreement, an approval names the digest of "
    "its version.",
)


def agreement_names_the_current_version(named: str, current: str) -> None:
    """Require an agreement to the digest of the current version (D10)."""
    D10.require(
        named == current,
        f"The digest of your version begins with {named[:12]}, that of the current version with {current[:12]}.",
        "Read the current version, then agree to it.",
    )


def partners_have_confirmed(missing: Sequence[str]) -> None:
    """Require that no member's confirmation is missing (D10)."""
    D10.require(
        not missing,
        f"Not all members have confirmed the current version; missing: {', '.join(missing)}.",
        "Ask the missing members to confirm before the call closes.",
    )


D11 = Rule(
    id="D11",
    sentence="An offer is accepted in time; otherwise it lapses and the reserve list moves up.",
    status="D",
    source="our default",
    note="15 days; silence after a reminder is a lapse.",
)


def acceptance_is_in_time(at: datetime, accept_by: datetime) -> None:
    """Require an acceptance before the instant at which the offer ends (D11)."""
    ended, arrived = _told_apart(accept_by, at)
    D11.require(
        at < accept_by,
        f"The offer ended on {ended}; your acceptance arrived on {arrived}.",
        "The offer passes to the reserve list; ask the secretariat for other sources of financing.",
    )


D12 = Rule(
    id="D12",
    sentence="Orders stay within the commitment, and only certified deliveries count as disbursed.",
    status="D",
    source="our default",
    note="Integer cents, no floats. The commitment is at most the request and the cap. Each order has supplier, "
    "category, period, evidence; a delivery is acknowledged by the receiving city and certified by an officer. "
    '"Disbursed" is the value of certified deliveries, never a payment to a city. An invoice above its order is a '
    "fact: the fund bears up to what remains, the rest is recorded as borne outside. What is unspent is released at "
    "closure.",
)


def amount_is_positive(cents: int) -> None:
    """Require more than nothing, in euro cents (D12)."""
    D12.require(
        cents > 0,
        f"The amount is {euros(cents)}; it must be more than {euros(0)}.",
        f"Enter at least {euros(1)}.",
    )


def order_is_within_commitment(order_cents: int, left_cents: int) -> None:
    """Require an order of at most what is left of the commitment, both in euro cents (D12)."""
    above = euros(order_cents - left_cents)
    D12.require(
        order_cents <= left_cents,
        f"This order of {euros(order_cents)} is {above} above what is left ({euros(left_cents)}).",
        f"Lower it by {above}, or cancel another order.",
    )


def order_falls_into_implementation(period_from: date, period_to: date, ends: date) -> None:
    """Require a period that does not end before it starts, nor after the last day of implementation (D12)."""
    D12.require(
        period_from <= period_to,
        f"The period starts on {in_words(period_from)} and ends before that, on {in_words(period_to)}.",
        f"Let the period end on {in_words(period_from)} or later.",
    )
    D12.require(
        period_to <= ends,
        f"The period ends on {in_words(period_to)}; the implementation ends on {in_words(ends)}.",
        f"Let the period end on {in_words(ends)} or earlier.",
    )


def evidence_is_named(evidence: str) -> None:
    """Require evidence that is more than spaces (D12)."""
    D12.require(
        bool(evidence.strip()),
        "No evidence is named.",
        "Name the document that proves it, such as an offer, a contract or a delivery note.",
    )


def delivery_is_within_order(delivered_cents: int, ordered_cents: int) -> None:
    """Require a delivery of at most the value of its order, both in euro cents (D12)."""
    above = euros(delivered_cents - ordered_cents)
    D12.require(
        delivered_cents <= ordered_cents,
        f"This delivery of {euros(delivered_cents)} is {above} above its order ({euros(ordered_cents)}).",
        f"Enter at most {euros(ordered_cents)}, then record the supplier's invoice with the other {above}.",
    )


def delivery_was_acknowledged(acknowledged: bool) -> None:
    """Require the receiving city's word before an officer certifies (D12)."""
    D12.require(
        acknowledged,
        "The receiving city has not acknowledged this delivery.",
        "Ask the city to acknowledge it first.",
    )


def failed_supplier_is_replaced_by_another(supplier: str, failed: str) -> None:
    """Require another supplier than the one that failed, whatever the case and the spaces around its name (D12)."""
    D12.require(
        supplier.strip().casefold() != failed.strip().casefold(),
        f"{supplier.strip()} is the supplier that failed.",
        "Name the supplier that delivers instead.",
    )


D13 = Rule(
    id="D13",
    sentence="A resource is of a kind that the call lists.",
    status="D",
    source="our default",
    note="Expert days, travel, event or workshop logistics, translation, communication, studies, prototype or licence.",
)


def kind_is_listed(kind: str, kinds: Collection[str]) -> None:
    """Require a kind of resource that the call lists (D13)."""
    D13.require(
        kind in kinds,
        f"“{kind}” is not a kind of resource in this call.",
        f"Choose one of: {', '.join(sorted(kinds))}.",
    )


D14 = Rule(
    id="D14",
    sentence="A large change of a grant needs an amendment, which never raises it above the cap.",
    status="D",
    source="our default",
    note="Needed for a shift of more than 20 % between resource kinds, a change of partner, an extension of more than "
    "one month, a change of scope. After 30 June 2027 there are no visits.",
)

D15 = Rule(
    id="D15",
    sentence="An appeal is made and decided in time, by people who were not involved.",
    status="D",
    source="our default",
    note="30 days to appeal, 30 to decide. Outcome: upheld, re-evaluate, or rejected with reasons. A re-evaluation "
    "may not lower the awards of others that are already accepted.",
)

D16 = Rule(
    id="D16",
    sentence="Records are kept after closure, and personal data of unsuccessful contacts are erased earlier.",
    status="D",
    source="our default",
    note="5 years (at least 3 by E17), longer under a litigation hold.",
)

D17 = Rule(
    id="D17",
    sentence="All outcomes are released in one batch, and none before.",
    status="D",
    source="our default",
)


def outcomes_wait_for_the_release(at: datetime, release: datetime) -> None:
    """Require the instant of the release or a later one (D17)."""
    released, now = _told_apart(release, at)
    D17.require(
        at >= release,
        f"All outcomes are released on {released}; now it is {now}.",
        "Wait for the release.",
    )


D18 = Rule(
    id="D18",
    sentence="A manual override has a reason, a second person and an event.",
    status="D",
    source="our default",
)


def a_reason_is_given(reason: str) -> None:
    """Require a reason that is more than spaces (D18)."""
    D18.require(bool(reason.strip()), "No reason is given.", "Say why, in a sentence that others understand later.")


def a_second_person_confirms(first: UUID, second: UUID) -> None:
    """Require two different persons (D18)."""
    D18.require(
        first != second,
        "You asked for this yourself; a second person must confirm it.",
        "Ask a colleague with the right role to confirm it.",
    )


D19 = Rule(
    id="D19",
    sentence="The application form is complete.",
    status="D",
    source="our default",
    note="Sections of the edition, each question with help, limit, required or not: need and joint action; each "
    "member's part; stakeholders; transferability and sustainability; deliverables and dates; resources asked for "
    "(kind, quantity, unit value, why); other contributions; risks; declarations (E02, E03, E12); support and "
    "sign-off by the city's authorised person.",
)


def form_is_complete(missing: Sequence[str]) -> None:
    """Require that nothing is missing in the form (D19)."""
    D19.require(
        not missing,
        f"The form is not complete; missing: {', '.join(missing)}.",
        "Complete the missing parts, then submit.",
    )


D20 = Rule(
    id="D20",
    sentence="An order in another currency records the original amount, the rate, its source and its date.",
    status="D",
    source="our default",
    note="The value in euro includes tax that cannot be recovered. It is the original amount divided by the rate, in "
    "units of the currency for one euro, half a cent rounded up. A rate is at most 62 days old when the order is made.",
)


def currency_is_known(currency: str, known: Collection[str]) -> None:
    """Require a currency of ISO 4217 other than the euro (D20)."""
    D20.require(
        currency in known,
        f"“{currency}” is not a currency of ISO 4217 other than the euro.",
        "Enter its three capital letters, such as USD; an order in euro has no rate.",
    )


def rate_is_exact(units_per_euro: str) -> None:
    """Require a decimal above zero: digits, and at most nine after a point (D20)."""
    D20.require(
        re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", units_per_euro) is not None and Decimal(units_per_euro) > 0,
        f"“{units_per_euro}” is no rate.",
        "Enter how many units one euro is worth, as a decimal with a point, such as 1.0823.",
    )


def rate_source_is_named(source: str) -> None:
    """Require a source that is more than spaces (D20)."""
    D20.require(bool(source.strip()), "The source of the rate is not named.", "Name it, such as InforEuro.")


def rate_is_recent(rate_on: date, ordered_on: date, days: int) -> None:
    """Require a rate of the day of the order, or of at most `days` days before (D20)."""
    oldest = ordered_on - timedelta(days=days)
    D20.require(
        oldest <= rate_on <= ordered_on,
        f"The rate is of {in_words(rate_on)}; the order is made on {in_words(ordered_on)}.",
        f"Take a rate from {in_words(oldest)} to {in_words(ordered_on)}.",
    )


def value_follows_from_the_rate(cents: int, converted_cents: int, original: str, units_per_euro: str) -> None:
    """Require the value in euro cents that follows from the original sum, in words, and the rate (D20)."""
    D20.require(
        cents == converted_cents,
        f"{original} at {units_per_euro} for one euro is {euros(converted_cents)}; the order says {euros(cents)}.",
        f"Enter {euros(converted_cents)}, or mend the amount or the rate.",
    )


D21 = Rule(
    id="D21",
    sentence="What is published changes only by a correction that two persons sign and everybody is told.",
    status="D",
    source="our default",
    note="A published rule, text, date or envelope changes by a correction with reason, two persons, old and new, "
    "effective instant, one notice to all at one instant, a longer deadline where it is material, and a new "
    "confirmation by those who had submitted. Criteria and weights never change after the deadline. An answer to a "
    "question clarifies and never changes a rule.",
)


def correction_gives_its_reason(reason: str) -> None:
    """Require a reason that is more than spaces (D21)."""
    D21.require(bool(reason.strip()), "The correction gives no reason.", "Say why; everybody will read it.")


def correction_changes_something(points: int) -> None:
    """Require a correction that changes at least one point of the rules (D21)."""
    D21.require(points > 0, "The corrected rules are those in force.", "Change what is wrong in them.")


def what_is_fixed_stays(points: Sequence[str]) -> None:
    """Require that a correction changes nothing that is fixed with the publication (D21)."""
    D21.require(
        not points,
        f"This never changes after the publication: {', '.join(points)}.",
        "Leave it as it was published.",
    )


def corrected_dates_move_later(step: str, old: datetime, new: datetime, at: datetime) -> None:
    """Require that a date which changes lies ahead and moves later; people rely on the date they know (D21)."""
    before, after = _told_apart(old, new)
    D21.require(
        new >= old,
        f"{step.replace('_', ' ').capitalize()} would move from {before} to {after}, which is earlier.",
        "Choose a later date, or leave it as it is.",
    )
    passed, now = _told_apart(old, at)
    D21.require(
        new == old or at < old,
        f"{step.replace('_', ' ').capitalize()} was on {passed}; now it is {now}.",
        "A step that is over does not move.",
    )


def material_correction_extends_the_deadline(closes: datetime, extended: datetime) -> None:
    """Require a longer deadline where a correction changes what applicants apply for, so none after it (D21)."""
    D21.require(
        extended > closes,
        "What applicants apply for, such as criteria and weights, changes only with a longer deadline, never after it.",
        f"Let applications close later than {in_brussels(closes)}.",
    )


def submission_follows_the_correction(confirmed: int, correction: int) -> None:
    """Require a submission that was made, or made again, after the last material correction of the call (D21)."""
    D21.require(
        confirmed >= correction,
        f"Correction {correction} of the call changed what was applied for, and the application was not submitted "
        "again after it.",
        "Submit again before the call closes.",
    )


D22 = Rule(
    id="D22",
    sentence="Secretariat, coach and resource manager keep to their strand; approvers are of the authority.",
    status="D",
    source="our default",
    note="The strands are AA and LAC; the authority is the contracting authority.",
)


def coach_serves_the_strand(serves: str | None, strand: str) -> None:
    """Require a coach for all strands (None) or for that of the partnership (D22)."""
    D22.require(
        serves in (None, strand),
        f"This coach serves the strand {serves}; the partnership belongs to {strand}.",
        f"Choose a coach of the strand {strand}.",
    )


D23 = Rule(
    id="D23",
    sentence="Inadmissible, ineligible, reserve and not selected are four different outcomes.",
    status="D",
    source="our default",
    note="Inadmissible: late, incomplete. Ineligible: who or what. Reserve: above the thresholds, below the cut-off, "
    "within the edition's reserve places. Not selected: the rest (`rejected` in machine-readable summaries). The door "
    "refuses permission, stage, time, form and cap; what passed the door is judged after closing: inadmissible where "
    "a partner's confirmation was missing at closing, ineligible under S05 and the like.",
)

D24 = Rule(
    id="D24",
    sentence="Coaching neither gates nor scores, and all who ask get the same minimum.",
    status="D",
    source="our default",
    note="More demand than capacity becomes group sessions; unmet demand is recorded. A memorandum may be recorded at "
    "any time and gates nothing.",
)


def coaching_reaches_the_minimum(held: int, minimum: int) -> None:
    """Require the same minimum of sessions for all who ask (D24)."""
    D24.require(
        held >= minimum,
        f"{held} of at least {minimum} coaching sessions were held.",
        f"Hold {minimum - held} more, then complete the coaching.",
    )


def session_of_its_own_has_a_place(in_group: bool) -> None:
    """Require that the partnership has a place for sessions of its own and is not coached in a group (D24)."""
    D24.require(
        not in_group,
        "The places for sessions of one's own are used up; this partnership is coached in a group.",
        "Hold a group session.",
    )


D25 = Rule(
    id="D25",
    sentence="The edition dates each step between closing and award.",
    status="D",
    source="our default",
    note="Eligibility, replies to clarification (at least 2 working days), scores, consensus, approval; dates that "
    "cannot fit are a warning at publication. Ours: published 15 December 2025; final report by 31 July 2027; settled "
    "30 September 2027.",
)

CLARIFICATION_DAYS = 2
"""So many working days at least are left for the reply to a clarification (D25)."""


def clarification_leaves_time(working_days: int, due: datetime) -> None:
    """Require at least two working days between the question and its due instant (D25)."""
    D25.require(
        working_days >= CLARIFICATION_DAYS,
        f"Only {working_days} of at least {CLARIFICATION_DAYS} working days are left until {in_brussels(due)}.",
        "Ask earlier; a question that leaves too little time is not fair.",
    )


def clarification_came_in_time(at: datetime, due: datetime) -> None:
    """Require an answer before its due instant, which itself is too late (D25)."""
    ended, arrived = _told_apart(due, at)
    D25.require(
        at < due,
        f"Your answer was due before {ended}; it arrived on {arrived}.",
        "The application is judged without it.",
    )


D26 = Rule(
    id="D26",
    sentence="The members have agreed the roadmap before the application is submitted.",
    status="D",
    source="our default",
)


def roadmap_is_agreed(agreed: bool) -> None:
    """Require an agreed roadmap (D26)."""
    D26.require(
        agreed,
        "Not all members have agreed the roadmap.",
        "Let every member agree its current version, then submit.",
    )


D27 = Rule(
    id="D27",
    sentence="Before closing only the secretariat sees the number of applications, and nobody their content.",
    status="D",
    source="our default",
    note="Approvers see evaluators by name, and applicants by the call's blind mode.",
)

D28 = Rule(
    id="D28",
    sentence="Example values of the shipped edition are marked as examples.",
    status="D",
    source="our default",
    note="Five reserve places, usual unit values, release at 12:00 Brussels, justifications of at least 50 characters.",
)


def _told_apart(first: datetime, second: datetime) -> tuple[str, str]:
    """Return both in Brussels time to the second, with microseconds where nothing else tells two instants apart."""
    texts = _to_the_second(first, "%H:%M:%S"), _to_the_second(second, "%H:%M:%S")
    if texts[0] == texts[1] and first != second:
        texts = _to_the_second(first, "%H:%M:%S.%f"), _to_the_second(second, "%H:%M:%S.%f")
    return texts


def _to_the_second(moment: datetime, clock: str) -> str:
    local = moment.astimezone(BRUSSELS)
    return f"{in_words(local)}, {local.strftime(clock)} Brussels"
