"""The page after a deed says how it can be taken back, and leads there only where that would be accepted now."""

from pathlib import Path

from domain.account.aggregate import ACCOUNT
from domain.people import Role
from tests.fund_service.api.conftest import Turning
from tests.fund_service.small_fund import APPLICANTS, action_of, id_of
from tests.fund_service.staged_fund import Stage, copied
from tests.fund_service.web.visitor import somebody

TURIN = APPLICANTS[0]


def test_a_withdrawal_says_until_when_it_can_be_submitted_again(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        officer = somebody(opened, "Officer of Turin")
        here = f"/do/pilot-actions/{action_of(TURIN)}"
        left = officer.send(f"{here}/withdrawal", {"key": "w", "reason": "Too early."})
        opened.parts.projector.catch_up()
        page = officer.see(left.headers["Location"])
        assert "Can it be taken back? It can be submitted again. Until Fri 20 March 2026, 17:00 Brussels." in page.said
        assert any(link.startswith(f"{here}/submissions") for link in page.links)
        officer.language = "es"
        assert "¿Se puede deshacer? Puede presentarse otra vez." in officer.see(left.headers["Location"]).said


def test_a_hold_is_lifted_by_somebody_else_and_the_page_says_so(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        first, subject = somebody(opened, "Secretariat 1"), id_of("Officer of Turin")
        held = first.send(f"/do/accounts/{subject}/erasure/hold", {"key": "h", "reason": "An appeal."})
        opened.parts.projector.catch_up()
        page = first.see(held.headers["Location"])
        assert "A second person can lift the hold, with a reason. Not now: You asked for this yourself" in page.said
        assert f"/do/accounts/{subject}/erasure/hold/lifting" not in page.links
        assert somebody(opened, "Secretariat 2").see(held.headers["Location"]).said.count("taken back") == 0


def test_a_role_that_was_granted_leads_to_its_revocation(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        first, subject = somebody(opened, "Secretariat 1"), id_of("Evaluator 5")
        given = first.send(f"/do/accounts/{subject}/roles", {"key": "g", "role": "coach", "strand": "AA"})
        assert given.status_code == 303, given.text
        opened.parts.projector.catch_up()
        back = f"/do/accounts/{subject}/roles/coach/revocation"
        assert back in first.see(given.headers["Location"]).links
        assert first.send(back, {"key": "r", "reason": "A mistake."}).status_code == 303
        account = opened.parts.fund.look(ACCOUNT, subject)
        assert account is not None
        assert Role.COACH not in account.roles
        done = first.see(given.headers["Location"])
        assert "Not now: This subject does not have the role coach." in done.said


def test_where_there_is_no_way_back_the_page_says_why(
    turning: Turning, stages: dict[Stage, Path], tmp_path: Path
) -> None:
    with turning.opened(copied(stages[Stage.OPEN], tmp_path / "fund")) as opened:
        opened.parts.projector.catch_up()
        officer = somebody(opened, "Secretariat 1")
        proposed = officer.send(
            f"/do/accounts/{id_of('Evaluator 5')}/clusters", {"key": "c", "cluster": "Circular Economy"}
        )
        opened.parts.projector.catch_up()
        said = officer.see(proposed.headers["Location"]).said
        assert "It cannot be taken back: who managed a cluster does not judge its applications." in said
