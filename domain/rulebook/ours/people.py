"""Our defaults on who may act: nobody in their own cause, nobody alone, everybody in their strand."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from domain.rulebook.rule import Rule

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


D31 = Rule(
    id="D31",
    sentence="Who acts for a city whose only officer left has proved it, and two officers of the secretariat decided.",
    status="D",
    source="our default",
    note="Cities and regions alike. Whoever asks has an account for the city or region, and names proof. Neither of "
    "the two decides in an own cause. The role of who left ends with their decision; whoever else acts for it stays, "
    "and is asked first: nobody is passed over.",
)


def nobody_else_acts(names: Sequence[str]) -> None:
    """Require that nobody acts for the city or region but who has left (D31); `names` are those who do."""
    D31.require(
        not names,
        f"{' and '.join(names)} still {'acts' if len(names) == 1 else 'act'} for this city or region.",
        "Whoever acts for it invites colleagues; name who has left, if it is one of several.",
    )


def authority_is_proved(reference: str) -> None:
    """Require a reference that is more than spaces (D31)."""
    D31.require(bool(reference.strip()), "No proof is named.", "Say what it is, of which date, and where it stands.")


def nobody_decides_for_oneself(own: bool) -> None:
    """Require an officer who neither asks nor is said to have left (D31)."""
    D31.require(not own, "You may not decide this: it is about yourself.", "Two other officers decide.")


def successor_is_decided_by_two(orphaned: bool) -> None:
    """Require that nobody gets the place of the only officer who left by one person's word (D31)."""
    D31.require(
        not orphaned,
        "Who acted for this city or region has left; one person alone does not name who follows.",
        "Open an account for the person, who asks with proof (ClaimAuthority); two officers of the secretariat decide.",
    )


D32 = Rule(
    id="D32",
    sentence="A shared mailbox receives messages, and never acts.",
    status="D",
    source="our default",
    note="What several people read proves of nobody who did something. It has no role, no session and no token.",
)


def somebody_acts_in_person(shared: bool) -> None:
    """Require an account that is no shared mailbox (D32)."""
    D32.require(
        not shared,
        "This account is a shared mailbox: it receives messages, and never acts.",
        "Open an account for each person who acts.",
    )


LONGEST_DEPUTYSHIP: Final = 184
"""So many days, the longest six months, at most (D33)."""

D33 = Rule(
    id="D33",
    sentence="A deputy holds the role of an office for dates, in own name, as a second person confirmed.",
    status="D",
    source="our default",
    note="From the first day until the end of the last in Brussels, six months (184 days) at most. Of approver, "
    "certifier, resource manager and secretariat. Nobody is a deputy of oneself, for a city or region, or of a role "
    "that checks one of one's own or is checked by it. A deputy names no deputy. While it lasts, deputy and "
    "represented are one pair of eyes, and one of them alone approves a version of a list. It ends with the role of "
    "who is represented.",
)


def only_offices_have_deputies(role: str, has: bool) -> None:
    """Require a role that a deputy may hold (D33)."""
    D33.require(
        has,
        f"The role {role.replace('_', ' ')} has no deputies.",
        "Only an approver, a certifier, a resource manager and the secretariat have some.",
    )


def deputy_is_somebody_else(own: bool) -> None:
    """Require somebody else than who is represented (D33)."""
    D33.require(not own, "Nobody is a deputy of oneself.", "Name somebody else.")


def deputy_works_for_no_applicant(works: bool) -> None:
    """Require an account that is for an office (D33)."""
    D33.require(not works, "This account is for a city or region.", "Name somebody of an office.")


def deputy_checks_nobody(role: str, others: Sequence[str]) -> None:
    """Require a deputy without a role that checks this one, or that it checks (D05, D33); `others` are those."""
    D33.require(
        not others,
        f"This person is {' and '.join(one.replace('_', ' ') for one in others)}: the role {role.replace('_', ' ')} "
        "checks that one's deeds, or is checked by it.",
        "Name somebody else.",
    )


def deputy_is_named_for_some_months(first_day: date, last_day: date, today: date) -> None:
    """Require days in order, not all of them gone, and at most 184; all as days in Brussels (D33)."""
    D33.require(first_day <= last_day, "The last day is before the first.", "Turn them round.")
    D33.require(today <= last_day, "These days are over.", "Name a last day that is not.")
    days = (last_day - first_day).days + 1
    D33.require(
        days <= LONGEST_DEPUTYSHIP,
        f"A deputy is named for {LONGEST_DEPUTYSHIP} days at most; these are {days}.",
        "Name an earlier last day; for longer, let the secretariat grant the role.",
    )


def deputy_is_confirmed_by_others(own: bool) -> None:
    """Require an officer who is neither the deputy nor represented (D33)."""
    D33.require(not own, "You may not confirm this: it is about yourself.", "Another officer confirms it.")


def deputy_is_no_second_person(together: bool) -> None:
    """Require two persons of whom neither is the other's deputy at that instant (D18, D33)."""
    D33.require(
        not together,
        "A deputy and who is represented are one pair of eyes; a second person must confirm it.",
        "Ask another colleague with the right role.",
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
