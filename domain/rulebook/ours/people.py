"""Our defaults on who may act: nobody in their own cause, nobody alone, everybody in their strand."""

from collections.abc import Sequence
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
