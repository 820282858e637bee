"""A deed as somebody asks for it on a page: where that page is, what its path names, what stands in its form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_origin
from urllib.parse import urlencode
from uuid import UUID

from pydantic.fields import FieldInfo
from starlette.routing import compile_path

from domain.account import commands as account
from domain.call import commands as call
from domain.errors import NotFound
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper
from fund_service.api.deeds import DEEDS, Deed
from fund_service.api.describing import names_in, told_by
from fund_service.auth.form_drafts import FormDraft
from fund_service.web.typed import Pairs, named, plain

DO: Final = "/do"
"""The page of a deed stands at the deed's path in the API, after this."""
_PAGES: Final = tuple((compile_path(deed.path)[0], deed) for deed in DEEDS)
_BY_NAME: Final = {deed.command.__name__: deed for deed in DEEDS}
_TITLES: Final[Mapping[type[Command], str]] = {
    account.OpenAccount: "Open an account",
    account.RecordClusterLead: "Record which cluster somebody leads",
    account.GrantRole: "Grant a role",
    account.ConfirmRole: "Confirm the role",
    account.NameDeputy: "Name a deputy",
    account.ConfirmDeputy: "Confirm the deputy",
    account.EndDeputy: "End the deputyship",
    account.MarkSharedMailbox: "Mark this account as a shared mailbox",
    account.ClaimAuthority: "Ask to act for my city or region",
    account.AcceptAuthority: "Accept the proof",
    account.ConfirmAuthority: "Confirm the proof",
    account.DeclineAuthority: "Refuse the proof",
    account.DecideErasure: "Erase the personal data",
    organisation.LinkOrganisations: "Link organisations as one entity",
    call.CancelCall: "Cancel the call",
    call.ProposeCancellation: "Propose to cancel the call",
    call.ConfirmCorrection: "Confirm the correction",
    call.ProposeAwardList: "Propose the award list",
    evaluation.ReplaceEvaluator: "Give a late evaluator's seat to another",
    call.ReturnAwardList: "Send the award list back",
    call.ApproveAwardList: "Approve the award list",
    call.AnswerPrivately: "Answer to the asker alone",
    call.AskQuestion: "Ask the secretariat a question",
    call.AnswerQuestion: "Publish the answer",
    call.DeclineQuestion: "Decline to answer",
    partnership.ConfirmMembership: "Confirm that we take part",
    partnership.DraftRoadmap: "Save a new version of the roadmap",
    partnership.AgreeRoadmap: "Agree to the roadmap",
    partnership.HoldCoachingSession: "Record a session",
    partnership.RecordMissedSession: "Record a missed session",
    partnership.HoldGroupSession: "Record a group session",
    partnership.RecordDeparture: "Record that a member left",
    partnership.RecordMemorandum: "Record the memorandum",
    pilot_action.ProposePilotAction: "Start an application",
    pilot_action.SaveDraftSection: "Save the section",
    pilot_action.PutForwardVersion: "Put the draft forward to the partners",
    pilot_action.ConfirmParticipation: "Confirm our part",
    pilot_action.DeclineParticipation: "Do not confirm",
    pilot_action.SubmitApplication: "Submit the application",
    pilot_action.AskClarification: "Ask for a clarification",
    pilot_action.ChooseApplication: "Choose this application",
    pilot_action.TakeOutApplication: "Take the application out",
    pilot_action.ConfirmRemoval: "Confirm the removal",
    pilot_action.AllowAccess: "Allow the access",
    evaluation.DeclareNoConflict: "I have no conflict of interest",
    evaluation.DeclareConflict: "I have a conflict of interest",
    evaluation.WithdrawEvaluator: "Leave the evaluation",
    evaluation.ConfirmFewerEvaluators: "Confirm the smaller committee",
    evaluation.ProposeFewerEvaluators: "Propose a smaller committee",
    evaluation.GiveScores: "Send my scores",
    evaluation.ProposeConsensus: "Propose the consensus",
    evaluation.AgreeConsensus: "Agree to the consensus",
    grant.OrderResource: "Order a resource in kind",
    grant.RecordInvoice: "Record the supplier's invoice",
    grant.ConfirmReversal: "Confirm the reversal",
    grant.DismissReversal: "Leave the delivery as it is",
    working_paper.OpenWorkingPaper: "Open a working paper",
    working_paper.IssueFinding: "Issue a finding",
    working_paper.AnswerFinding: "Answer the finding",
    working_paper.FollowUpFinding: "Follow up the finding",
}
"""Deeds whose docstring begins too long for a button, or in the words of the office."""
_CLAUSE: Final = re.compile(r"\s*\([A-Z]\d\d(?:, [A-Z]\d\d)*\)")
_NOTHING_HERE: Final = ("There is nothing at this address.", "Go back, and follow a link.")


@dataclass(frozen=True)
class Wish:
    """A deed, what its path names, and what stands in its form."""

    deed: Deed
    names: Mapping[str, Any]
    pairs: Pairs
    draft: FormDraft | None = None
    """What was left in its form before, and is shown again."""

    @property
    def restored(self) -> bool:
        """Whether what stands in its form was begun before."""
        return self.draft is not None

    @property
    def address(self) -> str:
        """The address of its page."""
        return f"{DO}{self.deed.path.format_map(self.names)}"

    def value(self, name: str, otherwise: str = "") -> str:
        """Return what stands in a box."""
        return dict(self.pairs).get(name, otherwise)

    @property
    def fields(self) -> dict[str, FieldInfo]:
        """The fields of the command that are neither in the path nor given by the service."""
        given = {*Command.model_fields, *self.names, self.deed.makes, self.deed.sees}
        return {name: about for name, about in self.deed.command.model_fields.items() if name not in given}

    @property
    def said(self) -> dict[str, Any]:
        """The fields that path and form name; in a form that was sent, no tick is a no. Raises Malformed."""
        kinds = {name: plain(about.annotation) for name, about in self.fields.items() if about.is_required()}
        unsaid: dict[str, Any] = {name: False for name, kind in kinds.items() if kind is bool}
        unsaid |= {name: () for name, kind in kinds.items() if get_origin(kind) is tuple}
        sent = "key" in dict(self.pairs)
        return {**(unsaid if sent else {}), **self.names, **named(self.pairs, self.deed.command)}

    @property
    def title(self) -> str:
        """What the deed is called, as on its button: the first sentence about its command, up to its first mark."""
        if self.deed.command in _TITLES:
            return _TITLES[self.deed.command]
        told = _CLAUSE.sub("", told_by(self.deed.command.__doc__)[0]).rstrip(".")
        return re.split(r"[,;:]", told)[0]


def deed_address(command: str, **given: Any) -> str:
    """Return the address of the page of a deed; what its path does not name stands in its form at first."""
    path = _BY_NAME[command].path
    rest = {name: value for name, value in given.items() if name not in names_in(path)}
    return f"{DO}{path.format_map(given)}{'?' + urlencode(rest, doseq=True) if rest else ''}"


def wish_at(path: str, pairs: Pairs) -> Wish:
    """Return the deed whose page is at an address. Raises NotFound."""
    for pattern, deed in _PAGES:
        if match := pattern.fullmatch(f"/{path}"):
            return Wish(deed, {name: _id(deed, name, text) for name, text in match.groupdict().items()}, pairs)
    raise NotFound(*_NOTHING_HERE)


def _id(deed: Deed, name: str, text: str) -> Any:
    if deed.command.model_fields[name].annotation is not UUID:
        return text
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(*_NOTHING_HERE) from None
