"""The shipped edition says what it must, and a bad edition is refused with the line and the cure."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Malformed, NotFound
from domain.rulebook.programme import CAP_CENTS
from domain.values import euros, in_brussels
from fund_service.editions.loader import edition, load_edition, shipped_editions

FILE = shipped_editions()["iurc-2026"]
TEXT = FILE.read_text(encoding="utf-8")


def refusal(path: Path) -> str:
    """What the loader says of a file that it refuses, without the file's own path."""
    with pytest.raises(Malformed) as refused:
        load_edition(path)
    said = str(refused.value)
    assert said.startswith(str(path))
    assert not re.search(r"pydantic|https?:|Traceback|Input should|validation|ctx|ruamel", said)
    return said.replace(str(path), "")


def test_every_shipped_edition_loads_under_its_own_name() -> None:
    assert [edition(name).edition for name in shipped_editions()] == list(shipped_editions())


def test_an_edition_that_is_not_shipped_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFound, match=r"no edition “iurc-2025”\. Choose one of: iurc-2026"):
        edition("iurc-2025")


def test_the_edition_has_one_line_with_the_programmes_cap() -> None:
    [line] = edition("iurc-2026").lines
    assert (line.id, line.cap_cents) == ("pilot_action", CAP_CENTS)
    assert (euros(line.cap_cents), euros(line.envelope_cents)) == ("€10,000.00", "€80,000.00")
    assert (line.reserve_places, line.reserve_months) == (5, 6)


def test_the_notes_say_that_no_envelope_was_published() -> None:
    assert any("our example: no envelope has been published" in note for note in edition("iurc-2026").notes)


def test_the_calendar_is_the_one_of_2026() -> None:
    assert [f"{step}: {in_brussels(moment)}" for step, moment in edition("iurc-2026").calendar.points()] == [
        "published: Mon 15 December 2025, 10:00 Brussels",
        "coaching_opens: Mon 12 January 2026, 09:00 Brussels",
        "coaching_reminder: Fri 13 February 2026, 09:00 Brussels",
        "coaching_closes: Fri 27 February 2026, 17:00 Brussels",
        "applications_open: Mon 2 March 2026, 09:00 Brussels",
        "applications_reminder: Tue 17 March 2026, 09:00 Brussels",
        "applications_close: Fri 20 March 2026, 17:00 Brussels",
        "eligibility_checked: Mon 23 March 2026, 09:00 Brussels",
        "clarifications_due: Wed 25 March 2026, 17:00 Brussels",
        "scores_reminder: Thu 26 March 2026, 09:00 Brussels",
        "scores_due: Fri 27 March 2026, 12:00 Brussels",
        "consensus_due: Fri 27 March 2026, 17:00 Brussels",
        "approval_due: Mon 30 March 2026, 17:00 Brussels",
        "outcomes_released: Tue 31 March 2026, 12:00 Brussels",
        "implementation_ends: Thu 1 July 2027, 00:00 Brussels",
        "final_report_due: Sun 1 August 2027, 00:00 Brussels",
        "settled: Thu 30 September 2027, 17:00 Brussels",
    ]


def test_eligibility_is_checked_after_the_last_request_in_time_is_answered() -> None:
    rules = edition("iurc-2026")
    assert rules.calendar.eligibility_checked > rules.window_closed_at


def test_every_instant_is_written_with_the_offset_that_brussels_has_then() -> None:
    written = [datetime.fromisoformat(instant) for instant in re.findall(r": (\d{4}-\d\d-\d\dT[^ \n]+)", TEXT)]
    assert len(written) == 17
    assert [at.isoformat() for at in written] == [
        at.astimezone(ZoneInfo("Europe/Brussels")).isoformat() for at in written
    ]


def test_the_deadline_wording_names_the_deadline() -> None:
    rules = edition("iurc-2026")
    assert rules.deadline_wording.startswith("20 March 2026, 17:00 Brussels time.")
    assert "20 March 2026, 17:00" in in_brussels(rules.calendar.applications_close)


@pytest.mark.parametrize("easter", [date(2026, 4, 5), date(2027, 3, 28)], ids=["2026", "2027"])
def test_the_holidays_move_with_easter(easter: date) -> None:
    moving = {easter + timedelta(days) for days in (-2, 1, 39, 50)}
    fixed = {date(easter.year, month, day) for month, day in [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 2)]}
    year_end = {date(easter.year, 12, day) for day in range(24, 32)}
    listed = [day for day in edition("iurc-2026").holidays if day.year == easter.year]
    assert listed == sorted(moving | fixed | year_end)


def test_criteria_form_and_declarations_are_those_of_our_defaults() -> None:
    rules = edition("iurc-2026")
    assert [(criterion.id, criterion.weight, criterion.threshold) for criterion in rules.criteria] == [
        ("relevance", 25, 3),
        ("quality", 25, 3),
        ("transferability", 20, 3),
        ("partnership", 15, 3),
        ("sustainability", 15, 3),
    ]
    assert [section.id for section in rules.form] == [
        "action", "members", "stakeholders", "effect", "plan", "resources", "contributions", "risks", "support",
    ]  # fmt: skip
    assert [question.id for _, question in rules.questions() if not question.required] == ["other_contributions"]
    assert [declaration.id for declaration in rules.declarations] == [
        "no_double_funding", "not_retroactive", "no_exclusion",
    ]  # fmt: skip


# What stands in the shipped file, what a slip makes of it, a text of the line that must be named, and what is said.
SLIPS = {
    "weights of 99": (
        "weight: 25, threshold: 3 }\n  - { id: quality",
        "weight: 24, threshold: 3 }\n  - { id: quality",
        "criteria: # D01",
        "criteria: the weights of the criteria add up to 99; they must add up to 100 (D01).",
    ),
    "cap above S01": (
        "cap_cents: 1000000",
        "cap_cents: 1000001",
        "cap_cents:",
        "lines / pilot_action / cap_cents: the cap is €10,000.01, above the programme's €10,000.00 (S01); lower it.",
    ),
    "steps out of order": (
        "coaching_closes: 2026-02-27",
        "coaching_closes: 2026-01-27",
        "coaching_closes:",
        (
            "calendar / coaching_closes: coaching_closes (Tue 27 January 2026, 17:00 Brussels) comes before "
            "coaching_reminder (Fri 13 February 2026, 09:00 Brussels); put the steps in order."
        ),
    ),
    "unknown field": (
        "request_seconds: 60",
        "request_seconds: 60\ndead_line: soon",
        "dead_line",
        "dead_line: is not known here; remove it.",
    ),
    "misspelt field": (
        "notes: # shown",
        "note: # shown",
        "note: # shown",
        "note: is not known here; perhaps you mean notes, else remove it.",
    ),
    "missing field": (
        "    reserve_places: 5 # our example (D28)\n",
        "",
        "- id: pilot_action",
        "lines / pilot_action / reserve_places: is missing; add it.",
    ),
    "missing part": (
        "\ncoaching:\n  places: { AA: 40, LAC: 5 } # our example\n  sessions: 2",
        "",
        "# The 2026 edition",
        "coaching: is missing; add it.",
    ),
    "strand without places": (
        "{ AA: 40, LAC: 5 }",
        "{ AA: 40 }",
        "{ AA: 40 }",
        "coaching / places: no places are given for LAC; give each strand a number, 0 for none.",
    ),
    "text for a number": (
        "sessions: 2",
        "sessions: two",
        "sessions: two",
        "coaching / sessions: is “two”; write a whole number without quotation marks.",
    ),
    "decimals for cents": (
        "envelope_cents: 8000000",
        "envelope_cents: 80000.00",
        "envelope_cents:",
        "lines / pilot_action / envelope_cents: is 80000.0; write a whole number without quotation marks.",
    ),
    "one value for a list": (
        "  criteria: [relevance, transferability]",
        "  criteria: relevance",
        "  criteria: relevance",
        "tie_break / criteria: is “relevance”; write a list, each entry with a dash in front.",
    ),
    "too small": ("evaluators: 3", "evaluators: 2", "evaluators: 2", "evaluation / evaluators: is 2; write 3 or more."),
    "yes for true": (
        "required: false",
        "required: no",
        "required: no",
        "form / contributions / questions / other_contributions / required: is “no”; write true or false.",
    ),
    "naive time": (
        "settled: 2027-09-30T17:00:00+02:00",
        "settled: 2027-09-30T17:00:00",
        "settled:",
        (
            "calendar / settled: is 2027-09-30T17:00:00 without an offset; write the offset, "
            "e.g. 2026-03-20T17:00:00+01:00."
        ),
    ),
    "a day for an instant": (
        "settled: 2027-09-30T17:00:00+02:00",
        "settled: 2027-09-30",
        "settled:",
        "calendar / settled: is a day, 2027-09-30; write the time and the offset too, e.g. 2026-03-20T17:00:00+01:00.",
    ),
    "no such day": (
        "- 2026-04-03",
        "- 2026-04-31",
        "2026-04-31",
        "holidays / entry 2: is “2026-04-31”; write a day, e.g. 2026-04-03.",
    ),
    "unknown zone": (
        "zone: Europe/Brussels",
        "zone: Europe/Brussel",
        "zone:",
        "zone: there is no time zone 'Europe/Brussel'; write it as in Europe/Brussels.",
    ),
    "half a zone": (
        "zone: Europe/Brussels",
        "zone: Europe",
        "zone:",
        "zone: there is no time zone 'Europe'; write it as in Europe/Brussels.",
    ),
    "unknown criterion in the tie-break": (
        "criteria: [relevance, transferability]",
        "criteria: [relevance, beauty]",
        "tie_break:",
        (
            "tie_break: the tie-break names 'beauty', which is not a criterion; use one of partnership, quality, "
            "relevance, sustainability, transferability."
        ),
    ),
    "duplicate key": (
        "  days: 15\n",
        "  days: 15\n  days: 20\n",
        "  days: 20",
        "days stands here a second time (first in line BEFORE); remove one.",
    ),
    "alias": (
        "title: Risks",
        "title: &risks Risks",
        "title: &risks",
        "an edition has no anchors and aliases; write the value out.",
    ),
    "not YAML": (
        "title: Risks",
        "title: Risks: and more",
        "title: Risks: and",
        (
            "this is not YAML (mapping values are not allowed here). Check the indentation, the brackets and the "
            "quotation marks there and just above."
        ),
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_one_sentence_with_its_line(tmp_path: Path, slip: str) -> None:
    was, becomes, marker, says = SLIPS[slip]
    assert TEXT.count(was) == 1
    bad = tmp_path / "bad.yaml"
    bad.write_text(TEXT.replace(was, becomes), encoding="utf-8")
    [line] = [number for number, text in enumerate(bad.read_text(encoding="utf-8").split("\n"), 1) if marker in text]
    assert refusal(bad) == f", line {line}: {says.replace('BEFORE', str(line - 1))}"


def test_several_slips_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(TEXT.replace("evaluators: 3", "evaluators: 1").replace("sessions: 2", "sessions: 0"))
    first, second = refusal(bad).splitlines()
    assert first.endswith("coaching / sessions: is 0; write 1 or more.")
    assert second.endswith("evaluation / evaluators: is 1; write 3 or more.")


def test_after_ten_slips_the_rest_is_counted(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(TEXT.replace("usual_unit_cents: ", "usual_unit_cents: -").replace("threshold: 3", "threshold: 6"))
    told = refusal(bad).splitlines()
    assert len(told) == 11
    assert told[-1] == "… and 2 more."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", " is not an edition: it must be a list of fields such as “edition: iurc-2026”."),
        (b"- one\n- two\n", " is not an edition: it must be a list of fields such as “edition: iurc-2026”."),
        (b"title: M\xe1laga", " is not text in UTF-8. Save it as UTF-8."),
        (
            b"title: a\x07",
            (
                ": this is not YAML (a character or a nesting that YAML does not allow). Check the indentation, the "
                "brackets and the quotation marks there and just above."
            ),
        ),
    ],
    ids=["empty", "a list", "another encoding", "a control character"],
)
def test_a_file_that_is_no_edition_is_refused_in_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)
    assert refusal(bad) == says


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = " cannot be read: no such file or directory. Check the path and the rights."
    assert refusal(tmp_path / "missing.yaml") == missing
