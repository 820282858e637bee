"""S rules: what the programme itself states, in the words of its documents.

Every check raises RuleViolated with its rule unless the rule holds.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from domain.rulebook.rule import Rule
from domain.values import euros, in_brussels

CAP_CENTS: Final = 1_000_000
"""The programme's cap for one pilot action, in euro cents (S01); the edition copies it into its call."""

S01 = Rule(
    id="S01",
    sentence="Support for one pilot action stays within the cap of the call.",
    status="C",
    source="001 §2.3",
    quote="a commitment to disburse project resources of up to 10.000 €",
    note='"Per pilot" is our reading of "pilot actions".',
)


def support_is_within_cap(requested_cents: int, cap_cents: int) -> None:
    """Require a request of at most the cap, both in euro cents; equal is fine (S01)."""
    S01.require(
        requested_cents <= cap_cents,
        f"You ask for {euros(requested_cents)}; one pilot action gets at most {euros(cap_cents)}.",
        f"Lower the resources by {euros(requested_cents - cap_cents)}.",
    )


S02 = Rule(
    id="S02",
    sentence="Support is given in kind: the fund pays suppliers, never a member city.",
    status="C",
    source="001 §2.3",
    quote="The amount is not a cash contribution",
)


def payee_is_a_supplier(supplier: str, members: Collection[str]) -> None:
    """Require a payee that is no member of the partnership, whatever the case and the spaces around its name (S02)."""
    S02.require(
        supplier.strip().casefold() not in {member.strip().casefold() for member in members},
        f"{supplier.strip()} is a member of the partnership; the fund pays suppliers, never a member.",
        "Name the supplier that delivers.",
    )


S03 = Rule(
    id="S03",
    sentence="The fund co-finances a pilot action and does not promise its full cost.",
    status="C",
    source="001 §2.3",
    quote="does not supply full funding for pilot projects; co-finance the best pilot actions",
    note='The city pays no direct costs ("Is my city expected to pay any direct costs? No." §2.2), so other '
    "contributions may be nil, staff time or a third party's.",
)

S04 = Rule(
    id="S04",
    sentence="The best pilot actions are selected in a competition.",
    status="C",
    source="001 §2.3",
    quote="a competitive fund will be launched to co-finance the best pilot actions",
)

S05 = Rule(
    id="S05",
    sentence="The proposer is a European city or region that is admitted to the programme as a pilot.",
    status="C",
    source="001 §2.3",
    quote="proposed by the European pilot cities or regions",
    note="This, not population, is the fund's gate.",
)


def proposer_is_admitted(name: str, admitted: bool) -> None:
    """Require a proposer that the programme has admitted (S05)."""
    S05.require(
        admitted,
        f"{name} is not admitted to the programme as a pilot city or region.",
        "Let an admitted city or region propose the pilot action, or ask the secretariat to record the admission.",
    )


S06 = Rule(
    id="S06",
    sentence="A geographic partnership may apply to the fund.",
    status="C",
    source="001 §1.2",
    quote="They can apply for financial support to implement transferable and sustainable joint actions / pilot "
    "projects through the IURC competitive fund",
)

S07 = Rule(
    id="S07",
    sentence="A partnership has two or more members.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="two (bilateral partnership) or more (multilateral partnership) cities/regions",
)


def partnership_has_two_members(count: int) -> None:
    """Require at least two members (S07)."""
    S07.require(
        count >= 2,
        f"The partnership has {count} of at least 2 members.",
        "Add a city or region as a member.",
    )


S08 = Rule(
    id="S08",
    sentence="An EU city or region coordinates the partnership.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="always at least one EU city/region coordinating the work",
)


def an_eu_member_coordinates(side: str) -> None:
    """Require a coordinator on the side "EU" (S08)."""
    S08.require(
        side == "EU",
        f"The coordinator is a {side} member; an EU city or region must coordinate.",
        "Name an EU member as the coordinator.",
    )


S09 = Rule(
    id="S09",
    sentence="At least one member comes from outside the EU.",
    status="C",
    source="001 §1.1",
    quote="building partnerships between EU and non-EU sub-national entities",
    note='Inference: it follows from "EU and non-EU … partnerships".',
)


def a_member_comes_from_abroad(sides: Collection[str]) -> None:
    """Require at least one member on the side "non-EU" (S09)."""
    S09.require(
        "non-EU" in sides,
        "No member of the partnership comes from outside the EU; at least one must.",
        "Add a member from outside the EU.",
    )


S10 = Rule(
    id="S10",
    sentence="Work on site gets no automatic support.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="there is no automatic EU financial support for the onsite activities",
)

S11 = Rule(
    id="S11",
    sentence="Partners who ask for a visit have agreed a concrete pilot action and taken the steps it needs.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="if partners have agreed the joint development of at least one concrete pilot action and have undertaken "
    "the necessary steps for its implementation",
)

S12 = Rule(
    id="S12",
    sentence="The roadmap has stakeholders, methods and deliverables, and justifies the study visits that it seeks.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="should include stakeholders mapping, methods, justification of study visits, deliverables and eventually "
    "co-funding",
    note='"Eventually" means possibly: co-funding is optional.',
)


def roadmap_is_complete(given: Collection[str], visits_sought: bool) -> None:
    """Require stakeholders, methods and deliverables, and study_visits too where visits are sought (S12)."""
    needed = ["stakeholders", "methods", "deliverables", *(["study_visits"] if visits_sought else [])]
    missing = ", ".join(field.replace("_", " ") for field in needed if field not in given)
    S12.require(not missing, f"The roadmap is not complete; missing: {missing}.", f"Fill in: {missing}.")


S13 = Rule(
    id="S13",
    sentence="Coaching is offered inside its window and is not compulsory.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="Targeted Coaching … will be offered by the project team to facilitate sound applications. Date: "
    "January-February 2026",
)


def coaching_falls_into_its_window(at: datetime, opens: datetime, closes: datetime) -> None:
    """Require an instant from the opening on and before the closing of the coaching window (S13)."""
    S13.require(
        opens <= at < closes,
        f"Coaching is open from {in_brussels(opens)} until {in_brussels(closes)}; you chose {in_brussels(at)}.",
        "Choose a time inside the coaching window.",
    )


S14 = Rule(
    id="S14",
    sentence="Applications for visits come in the month that the programme names.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="Application date: March 2026",
    note="Certain for visits; the date of the fund is open.",
)

S15 = Rule(
    id="S15",
    sentence="Visits take place inside the programme's visit period.",
    status="C",
    source="001 §1.6 (2nd)",
    quote="Implementation date of advanced cooperation visits: 2Q2026 — 2Q2027",
    note="A visit starts on 1 April 2026 or later and ends on 30 June 2027 or earlier.",
)

S16 = Rule(
    id="S16",
    sentence="A study visit abroad has at most three European delegates and lasts five days.",
    status="C",
    source="001 §2.1",
    quote="up to 3 European delegates for a 5-day study visit",
    note='The programme "may finance" it; neither figure is stated for the reciprocal visit.',
)

S17 = Rule(
    id="S17",
    sentence="The EU side hosts the reciprocal visit.",
    status="C",
    source="001 §2.1",
    quote="Hosting a reciprocal visit from your counterpart",
)

S18 = Rule(
    id="S18",
    sentence="A visit serves a concrete pilot project and has an IURC expert.",
    status="C",
    source="001 §2.1",
    quote="will aim to implement a concrete pilot project and will be supported by an IURC expert",
)

S19 = Rule(
    id="S19",
    sentence="The visits of a city or region stay in one geographic area.",
    status="C",
    source="001 §1.8",
    quote="advanced cooperation visits will only be possible with one geographic area",
)

S20 = Rule(
    id="S20",
    sentence="A city or region is invited to on-site events in only one of Asia, Australasia and Latin America.",
    status="C",
    source="001 §1.9",
    quote="you will only be invited to on-site events in either Asia, Australasia or Latin America",
)

S21 = Rule(
    id="S21",
    sentence="A city or region takes part in at most three thematic clusters.",
    status="C",
    source="001 §1.8",
    quote="You can participate in up to 3 thematic clusters",
)

S22 = Rule(
    id="S22",
    sentence="A city or region coordinates internally and submits only one application.",
    status="C",
    source="001 §1.7 (2nd)",
    quote="submit only one application",
    note="Certain for joining the programme; for the fund it is our default (D).",
)

S23 = Rule(
    id="S23",
    sentence="An EU city or area that joins the programme has more than 100,000 inhabitants.",
    status="C",
    source="001 §3.1–3.2",
    quote="more than 100,000 inhabitants are eligible",
    note="For joining, not for the fund: public authorities of EU cities, metropolitan areas and functional areas; "
    "there is no such rule for regions.",
)

JOINING_INHABITANTS: Final = 100_000
"""An EU city or area that joins the programme has more inhabitants than this (S23)."""


def joining_city_is_large_enough(population: int) -> None:
    """Require more than 100,000 inhabitants (S23). The fund only asks by this rule and refuses nobody."""
    S23.require(
        population > JOINING_INHABITANTS,
        f"{population:,} inhabitants are not more than {JOINING_INHABITANTS:,}.",
        "Ask the secretariat; for the fund the admission counts, not the population.",
    )


S24 = Rule(
    id="S24",
    sentence="A metropolitan or functional area names a lead entity.",
    status="C",
    source="001 §3.2",
    quote="a lead entity or city must be designated",
)

S25 = Rule(
    id="S25",
    sentence="A region takes part through its public authority or agency.",
    status="C",
    source="001 §3.1",
    quote="Public authorities or agencies from EU Member States' regions",
)

S26 = Rule(
    id="S26",
    sentence="A city has an integrated strategy for sustainable urban development.",
    status="C",
    source="001 §4.5",
    quote="Your city must have an integrated city strategy for sustainable urban development",
)

S27 = Rule(
    id="S27",
    sentence="A region's application is in line with its S3 or S4 strategy, or mentions the link.",
    status="C",
    source="001 §4.6",
    quote="or at least mention how the IURC application connects to the regional S3 or S4 strategy",
)

S28 = Rule(
    id="S28",
    sentence="The city or region commits the time of its staff.",
    status="C",
    source="001 §2.2",
    quote="must commit to providing human resources",
)

S29 = Rule(
    id="S29",
    sentence="A host may offer hospitality, and nobody can demand it.",
    status="C",
    source="001 §2.2",
    quote="host cities may offer to provide for some hospitality costs",
    note="A voluntary entry in kind.",
)

S30 = Rule(
    id="S30",
    sentence="The contact person is fluent in English, can decide, and can represent the city or region.",
    status="C",
    source="001 §4.4",
    quote="needs to be fluent in English; delegate for decision-making",
    note='English is needed; to decide and represent is what the person "should ideally" be able to do.',
)

S31 = Rule(
    id="S31",
    sentence="The lessons go to the Knowledge Library.",
    status="C",
    source="001 §1.7",
    quote="capture the knowledge exchange to make it sharable in the IURC Knowledge Library",
)


def lessons_are_shared(lessons: str) -> None:
    """Require lessons that are more than spaces (S31)."""
    S31.require(
        bool(lessons.strip()),
        "The lessons for the Knowledge Library are empty.",
        "Write what other cities and regions can learn from the pilot action.",
    )


S32 = Rule(
    id="S32",
    sentence="The action plan is a roadmap with objectives, actions, joint pilot projects and best practice.",
    status="C",
    source="001 §1.7",
    quote="a roadmap of the cooperation summarizing the objectives and identified actions including joint pilot "
    "projects and contributions to best practice",
)

S33 = Rule(
    id="S33",
    sentence="A pilot action is transferable, sustainable, feasible, replicable and done in a short time.",
    status="C",
    source="001 §1.2, 1.6",
    quote="transferable and sustainable joint actions; feasible, replicable pilot project for short-term "
    "implementation",
    note="Used as example criteria.",
)

S34 = Rule(
    id="S34",
    sentence="Each partnership produces a pilot action by mid-2026, and the most promising may get support.",
    status="C",
    source="000",
    quote="expected to produce at least one pilot action by mid-2026, with the most promising initiatives eligible "
    "for competitive seed funding",
)

S35 = Rule(
    id="S35",
    sentence="A pairing becomes formal by a short application after the Barcelona event of November 2025.",
    status="C",
    source="000",
    quote="formalised after the Barcelona event through short 'multi-pairing applications'",
)

S36 = Rule(
    id="S36",
    sentence="Regions may join sessions of cities, and cities may join sessions of regions.",
    status="C",
    source="000",
    quote="allowing regions to join city sessions and vice versa when relevant",
)

S37 = Rule(
    id="S37",
    sentence="The cooperation lasts at most 24 months.",
    status="C",
    source="001 §1.3",
    quote="up to 24 months",
)

S38 = Rule(
    id="S38",
    sentence="Rules are kept in versions with their source, because the FAQ changes and is not binding.",
    status="C",
    source="001",
    quote="living document that will be permanently updated; cannot be considered as binding",
)

S39 = Rule(
    id="S39",
    sentence="Active pilot cities and regions are covered for at most three thematic events, one a year.",
    status="C",
    source="001 §2.1",
    quote="Up to 1 delegate … Up to 2 delegates",
    note='Active is who is "actively involved in the on-line activities". At most 1 delegate for Barcelona and '
    "Brussels, at most 2 for Asia or Latin America.",
)

S40 = Rule(
    id="S40",
    sentence="A pilot action engages research, civil society and business partners.",
    status="C",
    source="001 §1.1",
    quote="engaging research, civil society and business partners (quadruple helix)",
    note="Used as an example criterion.",
)

S41 = Rule(
    id="S41",
    sentence="A partner that wants a certificate of participation can get one.",
    status="D",
    source="003",
    quote="issue an official certificate or plaque to each city partner",
    note="A feature of ours, from a partner's proposal of 2020.",
)

S42 = Rule(
    id="S42",
    sentence="The support teams also point to other sources of financing.",
    status="C",
    source="001 §2.3",
    quote="will provide information on possible financing sources in Europe as well as in the non-EU geographic areas",
)

S43 = Rule(
    id="S43",
    sentence="Event travel is covered: economy return flight, visa, transfers, accommodation and meals.",
    status="C",
    source="001 §2.1",
    quote="round-trip economy class flights, visa application costs, …",
)

S44 = Rule(
    id="S44",
    sentence="Candidates select the thematic clusters that they prefer.",
    status="C",
    source="001 §1.5",
    quote="must select their preferred thematic clusters",
)

S45 = Rule(
    id="S45",
    sentence="A cluster develops one thematic pilot project too, proposed by IURC experts or by its members.",
    status="C",
    source="001 §1.2",
    quote="They develop one thematic pilot project proposed by IURC experts or directly identified by them",
)

S46 = Rule(
    id="S46",
    sentence="The FAQ is for EU applicants only, and no rule in it binds partners abroad.",
    status="C",
    source="001",
    quote="only relevant for EU cities and regions applicants",
)
