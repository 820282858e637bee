"""The dossier of a sample as one ZIP: of each drawn item what happened in words, the exact records, the files.

It is made of the log as of the position of the draw, so that the same sample gives the same bytes for ever, until a
person's data are erased, or a file is lost. Free text is told where a page shows it to the reader, else masked.
"""

import io
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final, NamedTuple
from uuid import UUID

from domain.audit.history import History
from domain.audit.populations import Item, PopulationOf, Stratum
from domain.call.events import (
    AwardListAdopted,
    AwardListApproved,
    AwardListProposed,
    AwardListReturned,
    OutcomesReleased,
    RankingEstablished,
)
from domain.errors import Malformed, Unavailable
from domain.evaluation.events import ConsensusProposed, ScoresGiven
from domain.files import Attached, FileKind
from domain.grant.events import (
    EvidenceAttached,
    GrantAccepted,
    GrantOffered,
    OffersCompared,
    PartOffered,
    ReportFileAttached,
)
from domain.messages import Event, Recorded
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.events import DraftSectionSaved, FileAttached, FileDetached, VersionPutForward
from domain.values import in_brussels
from fund_service.attachments.seen import files_of_action
from fund_service.audit.exceptions import labels
from fund_service.audit.offline.archive import TooLarge, Writer
from fund_service.audit.records import record_of
from fund_service.audit.samples import SampleBasis, SampledRow, SampleWanted, basis, items_of, sampled
from fund_service.composition import Parts
from fund_service.listing import as_csv
from fund_service.permissions.actors import Actor
from fund_service.permissions.checking import may_see
from fund_service.permissions.reading_log import may_read
from fund_service.permissions.views import View
from projections.database import one_moment
from projections.timeline import UNKNOWN, sentence

_OF_THE_CHOICE: Final = (
    RankingEstablished
    | AwardListProposed
    | AwardListReturned
    | AwardListApproved
    | AwardListAdopted
    | OutcomesReleased
    | GrantOffered
    | PartOffered
)
"""What of the call, and of a grant, tells how an application came out, and how its applicant was told."""
_OF_THE_SUPPORT: Final = GrantOffered | PartOffered | GrantAccepted
_OF_DRAFTS: Final = DraftSectionSaved | FileAttached | FileDetached
"""What nobody judges, and an auditor does not read."""
_SHOWN: Final[Mapping[type[Event], View]] = {
    VersionPutForward: View.APPLICATION,
    ScoresGiven: View.EVALUATION,
    ConsensusProposed: View.EVALUATION,
    OffersCompared: View.PROCEDURE,
}
"""Events whose free text a page shows, and the view that one needs for it."""
_ENDS: Final[Mapping[FileKind, str]] = {FileKind.TEXT: "txt"}
_README: Final = """The dossier of a sample drawn for an audit
==========================================

call        {call}
sample      {size} of {of}, {method}{by}, seed “{seed}”
population  {items} items of {cents} cents in all, as of position {at} of the fund's log
{interval}
How it was drawn stands in domain/audit/sampling.py and on the page of the sample. To draw it again:

    fund audit sample --call {call} --of {of} --method {method} --size {size} --seed {quoted} --by {strata} --at {at}

What is in it
  sample.csv       what was drawn: the id of each item, by what it was drawn, its stratum and sum, its folder here
  population.csv   everything that it was drawn from, in the order of ids: with it anybody draws it again
  items/N/         one item: events.txt says in words what happened, who did it, and when;
                   records.jsonl holds the same events byte for byte as the log does, each with its position
                   (free text is encrypted there); files.csv lists the attached files
  files/           what was attached, each file once and named by its SHA-256, which was checked when this was written

Of an order, events.txt says which offers of suppliers were compared, which was chosen and why, where that was recorded;
then delivery and invoice, what the city says of it, and the certificate.

Free text that people wrote stands in words where the fund shows it to you: an application's answers, the justifications
of scores, remarks on offers and why one was chosen. Elsewhere it says [protected]. That a record is the log's own is
proven by the call's bundle (`fund audit export`) and by the signed log.
"""


class Named(NamedTuple):
    """A file of an item: where it is attached, in words."""

    attached: Attached
    at: str


class Dossier:
    """Makes the dossier of one sample for a reader; `parts` are the fund as of the position of the draw."""

    def __init__(self, parts: Parts, history: History, wanted: SampleWanted, reader: Actor) -> None:
        """Make the dossier of this sample, for a reader who has the office of today."""
        self._parts, self._history, self._wanted, self._reader = parts, history, wanted, reader
        self._world = parts.fund.world()
        self._contents: dict[str, bytes] = {}

    def write(self, target: BinaryIO) -> None:
        """Write it into a file that is open and empty. Raises Malformed for what cannot be drawn, or is too large."""
        files = self._files()
        archive = Writer(target)
        try:
            for name in sorted(files):
                archive.add(name, files[name])
        except TooLarge as large:
            raise Malformed("The dossier would be larger than one file can be (4 GB).", "Draw fewer items.") from large
        archive.close()

    def _files(self) -> dict[str, bytes]:
        with one_moment(self._parts.views) as connection:
            items = items_of(self._history, self._wanted.of, connection)
            rows = list(sampled(self._history, items, self._wanted, connection))
            people = labels(connection)
        found = {
            "README.txt": self._readme(basis(self._history, items, self._wanted)).encode(),
            "population.csv": _csv([_of_population(item) for item in items]),
            "sample.csv": _csv([_of_sample(number, row) for number, row in enumerate(rows, 1)]),
        }
        by_id = {item.id: item for item in items}
        for number, row in enumerate(rows, 1):
            folder = f"items/{number:04}/"
            events = self._events(by_id[row.id])
            found[f"{folder}events.txt"] = "\n".join(self._told(one, people) for one in events).encode()
            found[f"{folder}records.jsonl"] = b"".join(self._record(one) for one in events)
            found[f"{folder}files.csv"] = _csv([self._kept(one) for one in self._named(by_id[row.id], events)])
        return {**found, **self._contents}

    def _readme(self, drawn: SampleBasis) -> str:
        wanted, stratified = self._wanted, self._wanted.method == "stratified"
        cents = f"interval    {drawn.interval_cents} cents, first chosen cent {drawn.start_cents}\n"
        return _README.format(
            call=self._history.call_id,
            size=wanted.size,
            of=wanted.of,
            method=wanted.method,
            by=f" by {wanted.by}" if stratified else "",
            strata=wanted.by,
            seed=wanted.seed,
            quoted=shlex.quote(wanted.seed),
            items=drawn.items,
            cents=drawn.cents,
            at=drawn.at,
            interval=cents if drawn.interval_cents is not None else "",
        )

    def _events(self, item: Item) -> list[Recorded]:
        """Return what happened with an item, as far as the reader may read it, oldest first."""
        return [
            one for one in self._history.events if self._belongs(item, one) and may_read(self._reader, one, self._world)
        ]

    def _belongs(self, item: Item, one: Recorded) -> bool:
        event, (stream, _, number) = one.event, item.id.partition("/")
        match self._wanted.of:
            case PopulationOf.DECISIONS:
                return one.position in item.positions
            case PopulationOf.GRANTS:
                return str(one.stream) == stream
            case PopulationOf.ORDERS | PopulationOf.DELIVERIES:
                about = isinstance(event, _OF_THE_SUPPORT) or str(getattr(event, "order", "")) == number
                return str(one.stream) == stream and about
            case PopulationOf.APPLICATIONS:
                return self._judges(item, one)

    def _judges(self, item: Item, one: Recorded) -> bool:
        """Tell whether an event is on the way of an application from its submission to its notice."""
        event, kind = one.event, one.event.TOPIC.partition(".")[0]
        if kind == "call":
            return isinstance(event, _OF_THE_CHOICE)
        if self._history.about(one.stream).pilot_action_id != item.pilot_action_id or isinstance(event, _OF_DRAFTS):
            return False
        if isinstance(event, VersionPutForward) and item.pilot_action_id is not None:
            return event.version == self._world.get(PILOT_ACTION, item.pilot_action_id).submitted
        return kind in ("pilot-action", "evaluation") or isinstance(event, _OF_THE_CHOICE)

    def _told(self, one: Recorded, people: Mapping[UUID, str]) -> str:
        """Return an event in words, with all that it says below."""
        who, event = people.get(one.event.by, UNKNOWN), one.event
        view, matter = _SHOWN.get(type(event)), self._history.about(one.stream)
        shows = view is not None and matter.pilot_action_id is not None
        shows = shows and may_see(view, self._reader, matter.pilot_action_id, self._world)  # type: ignore[arg-type]
        how = {"reveal": True} if shows else {"mask": True}
        said = event.model_dump(mode="json", context=how, exclude={"by", "effective_at"})
        held, noted = in_brussels(event.effective_at), in_brussels(one.recorded_at)
        head = f"{one.position}  {held}  {who}\n    {sentence(event)}\n    {event.TOPIC}, recorded {noted}\n"
        return head + "".join(f"      {name}: {value}\n" for name, value in _fields(said))

    def _record(self, one: Recorded) -> bytes:
        return record_of(next(self._parts.log.headers(one.position - 1, 1))) + b"\n"

    def _named(self, item: Item, events: Sequence[Recorded]) -> list[Named]:
        """Return the files of an item that the reader may read, each once."""
        found = {one.attached.id: one for one in self._attached(item, events)}
        return sorted(found.values(), key=lambda one: (one.attached.file.digest, one.attached.id))

    def _attached(self, item: Item, events: Sequence[Recorded]) -> Iterator[Named]:
        for one in events:
            match one.event:
                case EvidenceAttached(attachment_id=id, file=file, order=order):
                    yield Named(Attached(id, file, order=order), f"order {order}")
                case ReportFileAttached(attachment_id=id, file=file):
                    yield Named(Attached(id, file), "final report")
                case _:
                    pass
        if self._wanted.of is PopulationOf.APPLICATIONS and item.pilot_action_id is not None:
            for attached in files_of_action(self._reader, item.pilot_action_id, self._world):
                yield Named(attached, f"section {attached.section}" if attached.section else "proof")

    def _kept(self, one: Named) -> dict[str, Any]:
        """Put the content of a file among the files, and return its row, which says where that could not be."""
        file = one.attached.file
        name, state = f"files/{file.digest}.{_ENDS.get(file.kind, file.kind.value)}", "checked"
        try:
            self._contents[name] = self._parts.attachments.content(file)
        except Unavailable as lost:
            state = lost.detail
        title = file.title.shown
        about = {"id": str(one.attached.id), "attached_to": one.at, "title": title, "kind": file.kind.value}
        return {**about, "size": file.size, "sha256": file.digest, "name": name, "state": state}


def dossier(parts: Parts, history: History, wanted: SampleWanted, reader: Actor) -> bytes:
    """Return the dossier of a sample; `parts` are the fund as of the position of the history."""
    target = io.BytesIO()
    Dossier(parts, history, wanted, reader).write(target)
    return target.getvalue()


def _of_population(item: Item) -> dict[str, Any]:
    strata = {one.value: item.strata[one] for one in Stratum}
    return {"id": item.id, "cents": item.cents, **strata, "positions": " ".join(map(str, item.positions))}


def _of_sample(number: int, row: SampledRow) -> dict[str, Any]:
    told = row.model_dump(mode="json")
    return {"folder": f"items/{number:04}/", **told, "positions": " ".join(map(str, row.positions))}


def _csv(rows: list[dict[str, Any]]) -> bytes:
    return as_csv(rows, list(rows[0]) if rows else []).encode() if rows else b""


def _fields(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each single value with the way to it."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _fields(inner, f"{way}.{name}" if way else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, 1):
            yield from _fields(inner, f"{way}.{number}")
    else:
        yield way, json.dumps(value, ensure_ascii=False)
