"""Our defaults on what follows the award: appeals and records."""

from domain.rulebook.rule import Rule

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
