"""E rules: taken from EU or comparable public grant rules; the contracting authority must confirm their force.

Every check raises RuleViolated with its rule unless the rule holds. FR is the EU's Financial Regulation, PRAG the
Commission's practical guide for external action, F&T its Funding & Tenders portal.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import day_in_words, in_brussels

E01 = Rule(
    id="E01",
    sentence="All get the same information and the same treatment, and questions are answered publicly.",
    status="E",
    source="FR 2012 Art. 125 (legislation.gov.uk 2012/966); 2018 numbering Arts 188/150 cited in Reg. 2021/444 Art. "
    "9(4)",
    note="The numbers of Title VIII in the recast are not verified.",
)

E02 = Rule(
    id="E02",
    sentence="One action gets one grant, and the applicant tells of its other applications and grants.",
    status="E",
    source="FR 2012 Art. 125(2); punto.sud helpdesk",
    quote="shall immediately inform the Contracting Authority",
)

E03 = Rule(
    id="E03",
    sentence="Nothing before the award is covered: a commitment starts on the day of acceptance or later.",
    status="E",
    source="FR 2012 Art. 125(2); PRAG 6.3.8; punto.sud",
)


def commitment_follows_the_award(period_from: date, accepted_on: date) -> None:
    """Require a period that starts on the day of acceptance or later (E03)."""
    E03.require(
        period_from >= accepted_on,
        f"The period starts on {day_in_words(period_from)}; the grant was accepted on {day_in_words(accepted_on)}.",
        f"Let the period start on {day_in_words(accepted_on)} or later.",
    )


E04 = Rule(
    id="E04",
    sentence="Co-financing is what the programme does not bear, and never a mandatory sum from the city.",
    status="E",
    source="FR 2012 Art. 125(3)",
    note="See S03.",
)

E05 = Rule(
    id="E05",
    sentence="Nobody makes a profit from the support.",
    status="E",
    source="FR 2012 Art. 125(4)(e)",
    note="Low-value grants are exempt.",
)

E06 = Rule(
    id="E06",
    sentence="Exactly the announced criteria are scored, by a method that was set in advance.",
    status="E",
    source="commission.europa.eu award-procedure page",
)


def only_announced_criteria_are_scored(scored: Collection[str], announced: Collection[str]) -> None:
    """Require one score for each announced criterion, and for no other (E06)."""
    E06.require(
        sorted(scored) == sorted(announced),
        f"The announced criteria are {', '.join(sorted(announced))}; you scored {', '.join(sorted(scored)) or 'none'}.",
        "Score each announced criterion once, and no other.",
    )


E07 = Rule(
    id="E07",
    sentence="The committee has at least three persons from at least two units without a hierarchical link.",
    status="E",
    source="older implementing rules (wordscope); PRAG (bastionadvisory.eu)",
    note="PRAG: an odd number of at least 3 voting members, and a chair who does not vote.",
)


def committee_comes_from_two_units(units: Sequence[str]) -> None:
    """Require at least two different organisational units; a blank one does not count (E07)."""
    different = {unit.strip() for unit in units} - {""}
    E07.require(
        len(different) >= 2,
        f"The committee comes from {len(different)} of at least 2 units: {', '.join(different) or 'none'}.",
        "Add a member from another unit.",
    )


E08 = Rule(
    id="E08",
    sentence="Every member signs for impartiality and confidentiality, and one with a conflict is replaced.",
    status="E",
    source="FR Art. 61 (interact-eu.net); Guidance 2021/C 121/01",
)

E09 = Rule(
    id="E09",
    sentence="An obvious clerical error leads to a question before it leads to a rejection.",
    status="E",
    source="Ombudsman 1846/2023/FA",
)


def question_was_answered(answered: bool, due: datetime) -> None:
    """Require an answer to the question about a clerical error, once asked (E09)."""
    E09.require(
        answered,
        f"The question about a clerical error was not answered before {in_brussels(due)}.",
        "A question that was asked is answered in time.",
    )


E10 = Rule(
    id="E10",
    sentence="An alleged conflict of interest is assessed and answered.",
    status="E",
    source="Ombudsman 1846/2023/FA",
)


def allegations_are_answered(unanswered: int) -> None:
    """Require that every alleged conflict of interest is answered (E10)."""
    E10.require(
        not unanswered,
        f"Alleged conflicts of interest that are not answered yet: {unanswered}.",
        "Let a second officer of the secretariat decide, with reasons.",
    )


E11 = Rule(
    id="E11",
    sentence="The award decision states subject, amounts, the selected, and the rejected with reasons.",
    status="E",
    source="pattern in FR 2024 Art. 229 (party funding), older rules",
    note="The reserve too, where there is one.",
)

E12 = Rule(
    id="E12",
    sentence="The applicant gives every required declaration on honour.",
    status="E",
    source="F&T declaration of honour; srb-bih.org template",
)


def declarations_are_given(given: Collection[str], required: Collection[str]) -> None:
    """Require every declaration that the call requires (E12)."""
    missing = ", ".join(sorted(set(required) - set(given)))
    E12.require(not missing, f"Required declarations are not given: {missing}.", f"Read and give: {missing}.")


E13 = Rule(
    id="E13",
    sentence="Scores go from individual to consolidated to panel, and thresholds come before the ranking.",
    status="E",
    source="Erasmus+ expert guide",
)

E14 = Rule(
    id="E14",
    sentence="A reserve list is allowed, and the committee deviates within the thresholds only with reasons.",
    status="E",
    source="Interreg AT-HU FAQ",
)


def departure_has_reasons(reason: str) -> None:
    """Require reasons that are more than spaces for a departure from rank (E14)."""
    E14.require(
        bool(reason.strip()),
        "This list departs from the ranking without reasons.",
        "Give the reasons, or keep to the ranking.",
    )


def departure_stays_above_the_thresholds(rank: int, place: int, passed: int) -> None:
    """Require that a departure moves one of the `passed` applications above the thresholds to a place of another."""
    E14.require(
        max(rank, place) <= passed,
        f"Rank {rank} cannot take place {place}: {passed} applications are above the thresholds.",
        f"Move an application above the thresholds to a place from 1 to {passed}."
        if passed
        else "Keep to the ranking: nothing above the thresholds can be moved.",
    )


E15 = Rule(
    id="E15",
    sentence="Applicants are informed and may ask in time for a review of the procedure, not of the merits.",
    status="E",
    source="F&T Online Manual",
    note="30 days; this period is our default (D).",
)

E16 = Rule(
    id="E16",
    sentence="A formal notice that nobody opens counts as received after the set number of days.",
    status="D",
    source="F&T",
    note="An option; the source has 10 days.",
)

E17 = Rule(
    id="E17",
    sentence="Records are kept for the required years, and until audits, appeals and litigation are closed.",
    status="E",
    source="FR 2024/2509 Art. 133 (fantasticsearch.net/law …I99xM5kBDWBAxfWd98vU)",
    note="5 years after the balance, 3 years for at most €60,000; electronic copies are valid.",
)

E17_YEARS: Final = 3
"""The least that a record of at most €60,000 is kept."""


def nothing_holds_records(held: bool) -> None:
    """Require that no audit, appeal or litigation needs the records, as an officer recorded it (E17)."""
    E17.require(
        not held,
        "These personal data are held back: an audit, an appeal or a litigation needs them.",
        "A second officer lifts the hold when it is over.",
    )


E18 = Rule(
    id="E18",
    sentence="Recipients are published by 30 June of the following year, with name, locality, amount and purpose.",
    status="E",
    source="FR Art. 38 (sintact.ro); EP grants page cites Arts 38 and 192",
    note="Exemptions for small or in-kind support are not checked.",
)

E19 = Rule(
    id="E19",
    sentence="Support to third parties has fixed conditions, categories and criteria, and leaves no discretion.",
    status="E",
    source="Reg. 897/2014 Art. 57 (gesetze.legal)",
    note="By analogy: financial support to third parties of at most €60,000.",
)

E20 = Rule(
    id="E20",
    sentence="Deadlines are in Brussels time.",
    status="E",
    source="PROSPECT",
)

E21 = Rule(
    id="E21",
    sentence="The evaluation ends within the months that are set for it.",
    status="D",
    source="F&T",
    note="A target. F&T has up to 5 months, and about 3 to sign; ours is far shorter.",
)

E22 = Rule(
    id="E22",
    sentence="The fund mirrors the recognised standards of grant management.",
    status="E",
    source="gov.uk; ecfr",
    note="A benchmark: GovS 015, ten minimum requirements; 2 CFR 200.112/.205/.206/.308/.329/.334.",
)

E23 = Rule(
    id="E23",
    sentence="The day of the event is not counted, and a period never ends on a day off.",
    status="E",
    source="Regulation (EEC, Euratom) 1182/71",
    note="Days off are Saturdays, Sundays and the holidays of the call's calendar; the period then ends with the next "
    "working day. Fixed dates and times are unaffected, and so is a period with days off inside it.",
)


def period_end(event_day: date, days: int, holidays: Collection[date]) -> date:
    """Return the last day of a period of `days` calendar days after the event, moved to the next working day (E23).

    Days off inside the period change nothing.
    """
    end = event_day + timedelta(days=days)
    while not is_working_day(end, holidays):
        end += timedelta(days=1)
    return end


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Return whether a day is neither a Saturday, nor a Sunday, nor a holiday of the call's calendar (E23)."""
    return day.isoweekday() <= 5 and day not in holidays


def working_days(event_day: date, last_day: date, holidays: Collection[date]) -> int:
    """Return how many working days follow the day of the event, up to and with the last day (E23)."""
    days = (event_day + timedelta(days=number) for number in range(1, (last_day - event_day).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, at which the day ends in the zone: the next local midnight (E23)."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
