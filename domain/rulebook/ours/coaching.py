"""Our default on coaching: an offer, the same for all."""

from domain.rulebook.rule import Rule

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
