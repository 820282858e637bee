"""An applicant's way to the receipt on pages alone: nothing is lost, and nothing submitted unawares."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest

from domain.pilot_action.aggregate import PILOT_ACTION
from fund_service.web.wishes import deed_address
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, RULES, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage
from tests.fund_service.web.reading_pages import Page
from tests.fund_service.web.test_doing import hidden_fields
from tests.fund_service.web.visitor import Visitor, seen, somebody

ACTION, TURIN = action_of(APPLICANTS[0]), partnership_of(APPLICANTS[0])
APPLICATION = f"/pilot-actions/{ACTION}"
SECTION = deed_address("SaveDraftSection", pilot_action_id=ACTION, section="action")
RESOURCES = deed_address("SaveDraftSection", pilot_action_id=ACTION, section="resources")
SUBMIT = deed_address("SubmitApplication", pilot_action_id=ACTION)
LINE = {"kind": "expert_days", "quantity": "2", "unit_euros": "600", "why": "Two days at two schools."}


@pytest.fixture(scope="module")
def fund(turning: Turning, stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Return a small fund of the file's own, with the window for applications open."""
    place = copytree(stages[Stage.OPEN], tmp_path_factory.mktemp("applying") / "fund")
    with turning.opened(place) as opened:
        opened.parts.projector.catch_up()
        yield opened


def line(number: int, **changed: str) -> dict[str, str]:
    """Return a line of resources as it is sent."""
    return {f"resources.{number}.{name}": value for name, value in {**LINE, **changed}.items()}


def follow(fund: Api, who: Visitor, address: str) -> Page:
    """Return the page to which a deed led."""
    fund.parts.projector.catch_up()
    return who.see(address)


def test_what_was_submitted_says_so_on_every_page(fund: Api) -> None:
    who = somebody(fund, "Officer of Turin")
    for address in ("/home", APPLICATION, f"/partnerships/{TURIN}", SECTION):
        assert "Submitted, version 1." in who.see(address).said
    assert "9 of 9 sections are complete" in who.see(APPLICATION).said


def test_a_section_is_saved_put_forward_confirmed_and_submitted_on_pages(fund: Api) -> None:
    who, partner = somebody(fund, "Officer of Turin"), somebody(fund, "Officer of Nagoya")
    form = who.see(SECTION)
    need = "Shade für 12 schoolyards, “cool” by June — ひなた"
    typed = {"answers.need": need, "answers.joint_action": "Trees.", "next": RESOURCES}
    saved = who.send(SECTION, {**hidden_fields(form), **typed})
    assert saved.headers["Location"].startswith(f"{RESOURCES}?done=")
    changed = follow(fund, who, saved.headers["Location"])
    assert "A section of the draft was saved" in changed.said
    assert "Not now:" not in changed.said
    assert "Saved, but NOT submitted." in changed.said
    assert "Changed since version 1" in who.see(APPLICATION).said

    forward = deed_address("PutForwardVersion", pilot_action_id=ACTION, next=APPLICATION)
    told = who.see(forward)
    assert "Version 2 was put forward" in told.said
    put = who.send(forward.partition("?")[0], hidden_fields(told))
    assert "Waits for Nagoya" in follow(fund, who, put.headers["Location"]).said

    confirm = deed_address("ConfirmParticipation", pilot_action_id=ACTION, organisation_id=id_of("Nagoya"))
    not_me = next(link for link in partner.see(confirm).links if "/refusals?" in link and "ask_another=yes" in link)
    sends_on = {**hidden_fields(partner.see(not_me)), "ask_another": "yes", "reason": "Ask ひなた, who follows me."}
    assert partner.send(not_me.partition("?")[0], sends_on).status_code == 303
    assert "Nagoya asks you to turn to somebody else: Ask ひなた, who follows me." in who.see(APPLICATION).said
    asked = partner.see(confirm)
    assert need in asked.said
    assert "Yes, Nagoya confirms version 2" in asked.said
    confirmed = partner.send(confirm, hidden_fields(asked))
    assert confirmed.status_code == 303
    fund.parts.projector.catch_up()

    check = who.see(SUBMIT)
    assert need in check.said
    assert "Who is told Every member of the partnership" in check.said
    unsure = seen(who.send(SUBMIT, hidden_fields(check)), 409)
    assert "Why can’t I submit the application?" in unsure.said
    fields = [*hidden_fields(unsure).items(), *(("declarations", one.id) for one in RULES.declarations)]
    sent = who.send_all(SUBMIT, fields)
    assert sent.headers["Location"].startswith(f"{APPLICATION}/receipt?done=")
    receipt = follow(fund, who, sent.headers["Location"])
    pilot = fund.parts.fund.look(PILOT_ACTION, ACTION)
    assert pilot is not None
    assert pilot.submitted == 2
    assert "Submitted: version 2" in receipt.said
    assert pilot.versions[1].digest in receipt.said.replace(" ", "")
    assert "Submitted, version 2." in who.see("/home").said
    assert "2 parts differ from version 1." in who.see(f"{APPLICATION}/versions/2").said


def test_sums_add_up_as_they_are_typed_and_one_with_two_meanings_is_asked_back(fund: Api) -> None:
    who = somebody(fund, "Officer of Turin")
    form = hidden_fields(who.see(RESOURCES))
    asked = seen(who.send(RESOURCES, {**form, **line(0), **line(1, unit_euros="1.600", quantity="1")}), 422)
    assert "You typed “1.600”. Which sum do you mean?" in asked.said
    assert "one thousand six hundred euros" in asked.said
    assert "Total €1,200.00" in asked.said
    answer = [*hidden_fields(asked).items(), *line(0).items(), *line(1, unit_euros="1.600", quantity="1").items()]
    chosen = who.send_all(RESOURCES, [*answer, ("resources.1.unit_euros", "1600.00")])
    assert chosen.status_code == 303
    after = follow(fund, who, RESOURCES)
    assert "Total €2,800.00" in after.said
    emptied = dict.fromkeys(line(1), "")
    assert who.send(RESOURCES, {**hidden_fields(after), **line(0), **emptied}).status_code == 303
    assert "Total €1,200.00" in who.see(RESOURCES).said


def test_a_section_that_was_never_saved_begins_with_what_the_roadmap_says(fund: Api) -> None:
    who = somebody(fund, "Officer of Turin")
    proposing = deed_address("ProposePilotAction", partnership_id=TURIN, line="pilot_action")
    form = {
        **hidden_fields(who.see(proposing)),
        "partnership_id": str(TURIN),
        "line": "pilot_action",
        "title": "Another",
    }
    made = who.send(proposing.partition("?")[0], form).headers["Location"].partition("?")[0]
    plan = deed_address("SaveDraftSection", pilot_action_id=UUID(made.rpartition("/")[2]), section="plan")
    fund.parts.projector.catch_up()
    first = who.see(plan)
    assert "Taken from version 1 of your roadmap." in first.said
    assert ">\nA plan.</textarea>" in first.content
    assert who.send(plan, {**hidden_fields(first), "answers.deliverables": ""}).status_code == 303
    emptied = follow(fund, who, plan)
    assert "Taken from" not in emptied.said, "what was saved counts, also nothing"
    assert "What your roadmap says (version 1)" in emptied.said


def test_two_editors_lose_nothing(fund: Api) -> None:
    first, second = somebody(fund, "Officer of Turin"), somebody(fund, "Officer of Turin")
    forms = [hidden_fields(who.see(SECTION)) for who in (first, second)]
    both = {"answers.joint_action": "Trees and water."}
    assert first.send(SECTION, {**forms[0], **both, "answers.need": "Of the first."}).status_code == 303
    clash = seen(second.send(SECTION, {**forms[1], **both, "answers.need": "Of the second."}), 412)
    assert "A colleague saved this section while you were writing." in clash.said
    assert "Your colleague saved Of the first." in clash.said
    assert ">\nOf the second.</textarea>" in clash.content
    merged = {**hidden_fields(clash), **both, "answers.need": "Of both."}
    assert second.send(SECTION, merged).status_code == 303
    assert ">\nOf both.</textarea>" in first.see(SECTION).content


def test_nobody_else_sees_the_draft_and_a_partner_learns_why_it_does_not_write(fund: Api) -> None:
    for label in ("Secretariat 1", "Officer of Dublin", "Coach 1", "Evaluator 1", "Approver 1"):
        who = somebody(fund, label)
        for address in (SECTION, SUBMIT, APPLICATION, f"{APPLICATION}/receipt"):
            answer = who.ask(address)
            led = f"{APPLICATION}/timeline" if label in ("Secretariat 1", "Coach 1") else None
            assert (answer.status_code, answer.headers.get("Location")) == (303 if led else 404, led), (label, address)
    partner = somebody(fund, "Officer of Nagoya").see(SECTION)
    assert "only an officer of the coordinating city or region may" in partner.said


def test_a_roadmap_is_written_and_agreed_word_for_word(fund: Api) -> None:
    lead, partner = somebody(fund, "Officer of Turin"), somebody(fund, "Officer of Nagoya")
    write = deed_address("DraftRoadmap", partnership_id=TURIN)
    form = lead.see(write)
    assert "Workshops." in form.content
    parts = {"fields.stakeholders": "Schools.", "fields.methods": "Visits.", "fields.deliverables": "", "next": ""}
    refused = seen(lead.send(write, {**hidden_fields(form), **parts}), 409)
    assert "Fill in: deliverables." in refused.said
    assert "/rules#S12" in refused.links
    whole = {**hidden_fields(refused), **parts, "fields.deliverables": "A manual."}
    assert lead.send(write, whole).status_code == 303
    agree = deed_address("AgreeRoadmap", partnership_id=TURIN, organisation_id=id_of("Nagoya"))
    read = partner.see(agree)
    assert "A manual." in read.said
    assert partner.send(agree, hidden_fields(read)).status_code == 303
    assert "You have agreed to this version." in partner.see(agree).said
    assert somebody(fund, "Coach 1").see(f"/partnerships/{TURIN}").said.count("A manual.") == 1
    assert "A manual." not in somebody(fund, "Approver 1").see(f"/partnerships/{TURIN}").said


def test_a_file_is_attached_on_a_page_and_what_is_no_such_file_is_told_there(fund: Api) -> None:
    who = somebody(fund, "Officer of Turin")
    attach = deed_address("AttachFile", pilot_action_id=ACTION, next=APPLICATION)
    form, where = hidden_fields(who.see(attach)), attach.partition("?")[0]
    wrong = seen(who.bring(where, form, "map.exe", b"MZ"), 415)
    assert "Why" not in wrong.said
    assert "pdf" in wrong.said.lower()
    stale = seen(who.bring(where, {**form, "csrf": "old"}, "plan.txt", b"A plan."), 403)
    assert "This page was opened in an earlier session. Look the form over, and send it again." in stale.said
    kept = who.bring(where, {**hidden_fields(stale), "title": "Our plan"}, "plan.txt", b"A plan.")
    shown = follow(fund, who, kept.headers["Location"])
    assert "Our plan" in shown.said
    assert "In the draft" in shown.said
    other = somebody(fund, "Officer of Dublin")
    assert other.bring(where, {}, "plan.txt", b"A plan.").status_code == 404


def test_a_receipt_says_where_it_can_be_checked_and_what_stands_when_it_is_looked_at(
    fund: Api, turning: Turning, stages: dict[Stage, Path]
) -> None:
    receipt = f"{APPLICATION}/receipt"
    while_open = somebody(fund, "Officer of Turin").see(receipt).said
    assert "http://testserver/proof" in while_open, "as the browser calls the service"
    assert "you may change it and submit again, or withdraw it. Now Then it is checked" in while_open
    with turning.opened(stages[Stage.CLOSED]) as opened:
        opened.parts.projector.catch_up()
        closed = somebody(opened, "Officer of Turin").see(receipt).said
        assert "It could be changed, submitted again or withdrawn until" in closed
        assert "Past Then it is checked and judged" in closed
        assert "Now All applicants get their answer at the same moment" in closed
    with turning.opened(stages[Stage.GRANTED]) as opened:
        opened.parts.projector.catch_up()
        told = somebody(opened, "Officer of Turin").see(receipt)
        assert "All applicants got their answer at the same moment." in told.said
        assert f"{APPLICATION}#outcome" in told.links
        assert "Now" not in told.said.partition("What stands now")[2]


def test_what_cannot_be_put_forward_yet_names_the_sections_and_leads_there(fund: Api) -> None:
    who = somebody(fund, "Officer of Turin")
    emptied = {**hidden_fields(who.see(SECTION)), "answers.need": "", "answers.joint_action": "Trees."}
    assert who.send(SECTION, emptied).status_code == 303
    fund.parts.projector.catch_up()
    page = who.see(deed_address("PutForwardVersion", pilot_action_id=ACTION))
    assert "1 section is not complete: Need and joint action" in page.said
    assert SECTION in page.links
    assert "Not possible yet" in who.see(APPLICATION).said
