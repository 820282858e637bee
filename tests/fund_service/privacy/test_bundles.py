"""A bundle with files and names holds nothing of who was erased, and what was taken before stays proven."""

import io
from hashlib import sha256

import pytest

from domain.account.commands import DecideErasure
from domain.files import File, FileKind, Scan
from domain.people import Role
from domain.pilot_action.events import FileAttached
from domain.values import ProtectedText
from fund_service.audit.checkpoints import own_key, witness_log
from fund_service.audit.exporting import Besides, export
from fund_service.audit.live import proven_here
from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.bundle import Bundle
from fund_service.audit.offline.notes import note_of
from fund_service.audit.offline.package import Step, Trusted
from fund_service.cli.main import main
from fund_service.composition import Parts
from fund_service.event_store import Stored
from tests.fund_service.audit.forging import packed, unpacked
from tests.fund_service.privacy.conftest import ERASABLE, NAME, OFFICER
from tests.fund_service.small_fund import APPLICANTS, CALENDAR, CALL_ID, OFFICE, SmallFund, action_of, id_of

CONTENT = b"The plan that the officer gave."
DIGEST = sha256(CONTENT).hexdigest()
ALL = Besides(files=True, names=True)


def attach(parts: Parts) -> None:
    """Attach a file to the officer's application, as its log would say."""
    parts.attachments.contents.keep(DIGEST, io.BytesIO(CONTENT))
    about = {"digest": DIGEST, "size": len(CONTENT), "kind": FileKind.TEXT, "scan": Scan.CLEAN}
    file = File(**about, title=ProtectedText(subject=OFFICER, text="Our plan"))
    when, action = CALENDAR.settled, action_of(APPLICANTS[-1])
    event = FileAttached(by=OFFICER, effective_at=when, attachment_id=id_of("file"), file=file)
    parts.log.append([Stored(action, len(parts.log.history(action)) + 1, when, action, event)])


def taken(parts: Parts, besides: Besides = ALL) -> bytes:
    target = io.BytesIO()
    export(parts, CALL_ID, target, besides=besides)
    return target.getvalue()


def steps(bundle: bytes, trusted: Trusted) -> list[Step]:
    return list(Bundle(Archive(io.BytesIO(bundle)), trusted).steps())


def holds(bundle: bytes, trusted: Trusted) -> bool:
    return all(step.holds for step in steps(bundle, trusted))


def test_files_and_names_are_in_a_bundle_where_they_are_asked_for(parts: Parts) -> None:
    attach(parts)
    trusted, files = Trusted([own_key(parts).key]), unpacked(taken(parts))
    assert files[f"files/{DIGEST}"] == CONTENT
    assert NAME.encode() in files["people.csv"]
    found = steps(packed(files), trusted)
    assert all(step.holds for step in found), found
    assert found[-1].sentence.startswith("1 of the 1 files that the records name are there")
    assert not holds(packed({**files, f"files/{DIGEST}": b"Another plan."}), trusted)
    assert not holds(packed({**files, f"files/{sha256(b'x').hexdigest()}": b"x"}), trusted)
    plain = taken(parts, Besides())
    assert NAME.encode() not in plain
    assert CONTENT not in plain
    assert steps(plain, trusted)[-1].sentence.startswith("None of the 1 files")


def test_who_is_erased_is_in_no_bundle_any_more_and_the_older_one_stays_proven(parts: Parts) -> None:
    attach(parts)
    before, key = taken(parts), own_key(parts).key
    kept = Trusted([key], [note_of(unpacked(before)["checkpoint"])])
    parts.fund.handle(DecideErasure(by=OFFICE, at=ERASABLE, key="erase", subject=OFFICER))
    after = taken(parts)
    assert NAME.encode() not in after
    assert CONTENT not in after
    assert holds(after, kept)
    assert holds(before, kept)
    assert all(step.holds for step in proven_here(parts, witness_log(parts), kept))


def test_names_go_to_an_auditor_alone_and_it_is_told(
    parts: Parts, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    place = parts.directory.path("")
    out, asked = place / "out.zip", ["audit", "export", "--call", str(CALL_ID), "--with-names", "--data", str(place)]
    assert main([*asked, "--out", str(out)]) == 2
    assert "Say who you are" in capsys.readouterr().err
    assert main([*asked, "--out", str(out), "--as", "Approver 1"]) == 4
    assert not out.exists()
    assert not caplog.records
    story = SmallFund(parts.fund)
    story.at, story.number = CALENDAR.settled, 10_000
    story.open_account("Auditor 1", Role.AUDITOR, "Audit")
    parts.projector.catch_up()
    assert main([*asked, "--out", str(out), "--as", "Auditor 1"]) == 0
    [told] = [record.getMessage() for record in caplog.records if record.name == "fund.access"]
    assert f"subject={id_of('Auditor 1')} as=auditor names=yes" in told
    assert NAME.encode() in out.read_bytes()
