"""Whatever the command line does to the fund, the API does; what it does to the machine itself says so here."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from domain.people import Role
from fund_service.api.deeds import DEED_OF
from fund_service.cli.main import app
from fund_service.permissions.deeds import PERMISSIONS

DOCUMENT: Final = Path(__file__).parents[2] / "deploy" / "openapi.json"

_RUNS = "of the machine itself: it starts a part of the service"
_TENDS = "of the machine itself: it tends the store, the contents or the processes"
_FIRST = "of the machine itself: before there is anybody who could ask"
_MAKES_SURE = (
    "of the machine itself: whoever runs it makes sure first who has an identity; a holder binds it by invitation"
)
_ELSEWHERE = "of the machine itself: a witness is no part of the fund, and belongs on another machine"
_AWAY = "of the machine itself: it reads a file that somebody took away, and nothing of the fund"
_REHEARSES = "of the machine itself: it plays a call in a place of its own"

OVER_HTTP: Final[Mapping[str, tuple[str, ...] | str]] = {
    "act": (),  # every command, below
    "applications list": ("listPilotActions",),
    "attachments get": ("downloadAttachment", "downloadGrantAttachment"),
    "attachments list": ("listAttachments", "listGrantAttachments"),
    "attachments put": ("attachFile", "attachProof", "attachEvidence", "attachToReport"),
    "attachments verify": _TENDS,
    "audit checkpoint": _TENDS,
    "audit dossier": ("downloadDossier",),
    "audit export": ("downloadBundle",),
    "audit rotate-key": _TENDS,
    "audit verifier": _TENDS,
    "audit verify": _TENDS,
    "audit equal-treatment": ("listEqualTreatment", "listTreatmentSpread"),
    "audit exceptions": ("listAuditExceptions", "listAuditQuestions"),
    "audit sample": ("drawSample", "downloadSampleDossier"),
    "audit tables": ("downloadTables",),
    "audit ask": _AWAY,
    "audit papers": ("listWorkingPapers",),
    "audit paper": ("readWorkingPaper",),
    "audit findings": ("listFindings",),
    "audit totals": ("listControlTotals",),
    "audit replay": _TENDS,
    "audit diff": ("listChanges",),
    "audit protect": _TENDS,
    "audit explain outcome": ("explainOutcome",),
    "audit explain refusal": ("explainRefusal", "listRefusals"),
    "audit explain ranking": ("explainRanking", "supposeRanking"),
    "audit explain sum": ("explainGrantSums", "explainLineSums"),
    "call correct": ("proposeCorrection", "confirmCorrection"),
    "call extend-deadline": ("proposeCorrection",),
    "call list": ("listCalls",),
    "call publish": ("publishCall",),
    "call show": ("readCall", "listCalendar"),
    "dashboard": ("readDashboard", "listDashboardGroups"),
    "demo": _REHEARSES,
    "desk": ("listDesk",),
    "doctor": ("isAlive", "isReady"),
    "events": ("listEvents", "followEvents"),
    "home": ("listMyHome",),
    "identity bind": _MAKES_SURE,
    "identity end": _MAKES_SURE,
    "identity list": _MAKES_SURE,
    "init": _FIRST,
    "invite": ("invite",),
    "messages list": ("listMessages", "listPartnershipMessages"),
    "next": ("listMyNext",),
    "organisations import": ("registerOrganisation", "admitOrganisation"),
    "organisations list": ("listOrganisations",),
    "partnerships import": ("formPartnership",),
    "partnerships list": ("listPartnerships",),
    "permissions": ("listPermissions",),
    "privacy erase": ("decideErasure",),
    "privacy export": ("exportMyData",),
    "project": _RUNS,
    "questions list": ("listQuestions", "listAllQuestions"),
    "ranking": ("readRanking", "listRanking", "explainRank"),
    "rebuild": _TENDS,
    "reconcile": _TENDS,
    "rehearse": _REHEARSES,
    "relay": _RUNS,
    "rules": ("listRules", "readRule"),
    "serve": _RUNS,
    "show": (
        "readOrganisation",
        "readAccount",
        "readCall",
        "readPartnership",
        "readPilotAction",
        "readEvaluation",
        "readGrant",
    ),
    "temporal": _RUNS,
    "timeline": ("listCallTimeline", "listPartnershipTimeline", "listPilotActionTimeline", "listGrantTimeline"),
    "token create": ("makeToken",),
    "token end": ("endToken",),
    "token list": ("listTokens",),
    "up": _RUNS,
    "witness key": _ELSEWHERE,
    "witness serve": _ELSEWHERE,
    "work": _RUNS,
}
"""By command: the operations of the API that do the same, or why it is of the machine itself."""


def _commands(group: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*before, name))
        else:
            yield " ".join((*before, name))


@pytest.fixture(scope="module")
def operations() -> set[str]:
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    return {operation["operationId"] for methods in paths.values() for operation in methods.values()}


def test_every_command_says_which_operations_do_the_same_or_why_none_does() -> None:
    assert sorted(_commands(get_command(app))) == sorted(OVER_HTTP)
    assert all(isinstance(same, tuple) or same.startswith("of the machine itself: ") for same in OVER_HTTP.values())


@pytest.mark.parametrize("command", [name for name, same in OVER_HTTP.items() if isinstance(same, tuple)])
def test_what_a_command_does_an_operation_of_the_api_does(command: str, operations: set[str]) -> None:
    assert command == "act" or OVER_HTTP[command]
    assert set(OVER_HTTP[command]) <= operations


def test_whatever_people_may_ask_for_by_the_command_line_has_a_route() -> None:
    nobody = {Role.ENGINE, Role.OPERATOR}
    asked = {command for command, permission in PERMISSIONS.items() if not permission.roles <= nobody}
    holders = {command for command, permission in PERMISSIONS.items() if permission.holders}
    assert asked | holders == DEED_OF.keys()
