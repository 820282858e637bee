"""Every checkpoint gets to where it is sent, however long that was away; a witness's word is kept with it."""

import asyncio
import io
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from domain.errors import Malformed
from domain.people import Role
from fund_service.audit.checkpoints import origin, origin_of_call, own_key, sign_now, witness_log
from fund_service.audit.destinations import Diverged, Undelivered, destinations_of
from fund_service.audit.exporting import export
from fund_service.audit.keeper import Keeper, keeping
from fund_service.audit.live import proven_here
from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.bundle import Bundle
from fund_service.audit.offline.notes import WITNESS, Key, key_of, note_of, signers_of
from fund_service.audit.offline.package import Trusted
from fund_service.audit.sending import Sender, owed, send_on, senders
from fund_service.audit.witness import STATE_FILE, Witness
from fund_service.audit.witness_service import prepared
from fund_service.cli.checks import checks
from fund_service.composition import Parts, open_parts
from fund_service.health import health
from fund_service.settings import Settings
from tests.fund_service.audit.forging import unprotected
from tests.fund_service.audit.receivers import (
    NAME,
    SEEN,
    MailServer,
    Taker,
    answering,
    certificate,
    over_tls,
    witness_at,
)
from tests.fund_service.small_fund import CALL_ID, SmallFund
from tests.fund_service.staged_fund import Stage

LATER = 1e9
SOON = 30
Open = Callable[..., Parts]


@pytest.fixture(name="opened")
def opened_anew(stages: dict[Stage, Path], tmp_path: Path) -> Iterator[Open]:
    """Return a way to open a fund whose list is approved and not released, with these settings."""
    place = tmp_path / "fund"
    shutil.copytree(stages[Stage.APPROVED], place)
    with ExitStack() as closing_all:
        yield lambda checkpoints=None, **given: closing_all.enter_context(
            open_parts(Settings(data=place, checkpoints=checkpoints, **given))
        )


def grown(parts: Parts) -> None:
    """Let the log grow by something that is no reason to sign it, and have it signed."""
    story = SmallFund(parts.fund)
    story.number = parts.log.end() + 10_000
    story.open_account(f"Auditor after {parts.log.end()}", Role.AUDITOR, "Court of Auditors")
    sign_now(parts, witness_log(parts), own_key(parts))


def released(parts: Parts) -> None:
    """Release the outcomes, and have the keeper look."""
    story = SmallFund(parts.fund)
    story.number = 10_000
    story.release()
    Keeper(parts, LATER).look()


def all_sent(sender: Sender) -> int:
    """Send whatever there is, and return how much that was."""
    count = 0
    while sender.send():
        count += 1
    return count


def signed_by(parts: Parts, key: Key) -> list[int]:
    """Return the sizes of the log at which a witness signed it."""
    kept = witness_log(parts).checkpoints(origin(parts))
    return [one.size for one in kept if signers_of(one.note, [key])]


async def until(there: Callable[[], object]) -> None:
    """Wait until something is there."""
    while not there():  # noqa: ASYNC110 - another thread makes it
        await asyncio.sleep(0.01)


def key_in(address: str) -> Key:
    return key_of(address.partition("#")[2])


def test_a_folder_gets_each_checkpoint_once_and_none_is_changed(opened: Open, tmp_path: Path) -> None:
    out = tmp_path / "out"
    parts = opened(str(out))
    (sender,) = senders(parts)
    grown(parts)
    with pytest.raises(Undelivered, match="no such file"):
        sender.send()
    out.mkdir()
    assert all_sent(sender) == 1
    released(parts)
    assert all_sent(sender) == 2
    kept = [
        *witness_log(parts).checkpoints(origin(parts)),
        *witness_log(parts).checkpoints(origin_of_call(parts, CALL_ID)),
    ]
    assert sorted(file.read_text() for file in out.iterdir()) == sorted(str(one.note) for one in kept)
    assert all_sent(*senders(parts)) == 0


def test_a_folder_that_holds_another_history_says_so(opened: Open, tmp_path: Path) -> None:
    parts = opened(f"file://{tmp_path}/out")
    (tmp_path / "out").mkdir()
    (sender,) = senders(parts)
    grown(parts)
    all_sent(sender)
    (file,) = (tmp_path / "out").iterdir()
    grown(parts)
    size = witness_log(parts).latest(origin(parts)).size  # type: ignore[union-attr]
    other = file.with_name(f"{file.name.partition('.')[0]}.{size:012}.checkpoint")
    other.write_text(before := file.read_text())
    with pytest.raises(Diverged, match="another checkpoint"):
        sender.send()
    assert other.read_text() == before


def test_mail_takes_the_note_along_unchanged(opened: Open) -> None:
    server = MailServer()
    with answering(server) as port:
        parts = opened("mailto:auditor@example.org", mail_server=f"smtp://127.0.0.1:{port}?from=fund@example.org")
        (sender,) = senders(parts)
        grown(parts)
        server.refuses = True
        with pytest.raises(Undelivered) as refused:
            sender.send()
        assert "auditor" not in str(refused.value)
        server.refuses = False
        assert all_sent(sender) == 1
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == ("auditor@example.org", "fund@example.org")
    (attached,) = mail.iter_attachments()
    assert attached.get_content().decode() == str(witness_log(parts).latest(origin(parts)).note)  # type: ignore[union-attr]


def test_a_password_is_not_told_without_tls(opened: Open) -> None:
    server = MailServer()
    with answering(server) as port:
        parts = opened("mailto:auditor@example.org", mail_server=f"smtp://me:secret@127.0.0.1:{port}")
        (sender,) = senders(parts)
        grown(parts)
        with pytest.raises(Undelivered, match="offers no TLS"):
            sender.send()
    assert server.mails == []


def test_whoever_takes_a_post_gets_everything_that_it_missed_after_a_restart_too(opened: Open) -> None:
    taker = Taker()
    with answering(taker) as port:
        address = f"http://127.0.0.1:{port}/checkpoints?token=secret"
        parts = opened(address)
        (sender,) = senders(parts)
        taker.status = 503
        for _ in range(2):
            grown(parts)
            with pytest.raises(Undelivered, match="answered 503"):
                sender.send()
        taker.status, taker.taken = 204, []
        again = opened(address)
        assert all_sent(*senders(again)) == 2
    kept = witness_log(parts).checkpoints(origin(parts))
    assert taker.taken == [str(one.note) for one in kept]
    assert "token=" not in repr(parts.settings) + sender.to.shown


ELSEWHERE = "127.0.0.2"
"""This machine, too; but by an address that is taken for another's."""


@pytest.mark.parametrize("kind", ["post", "witness", "mail"])
def test_whoever_shows_a_certificate_that_is_not_trusted_gets_nothing_until_it_is(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    right = certificate(tmp_path, ELSEWHERE)
    log_key = own_key(opened()).key
    (tmp_path / "w").mkdir()
    signer = prepared(tmp_path / "w", NAME)
    witness = Witness(tmp_path / "w", signer, [log_key], lambda: SEEN) if kind == "witness" else None
    server = MailServer(ELSEWHERE) if kind == "mail" else Taker(ELSEWHERE, witness)
    over_tls(server, right)
    with answering(server) as port:
        at = f"https://{ELSEWHERE}:{port}/"
        address = {"post": at, "witness": f"witness+{at}#{signer.key}", "mail": "mailto:auditor@example.org"}[kind]
        parts = opened(address, mail_server=f"smtps://{ELSEWHERE}:{port}")
        (sender,) = senders(parts)
        grown(parts)
        for trusted in (None, certificate(tmp_path, ELSEWHERE)):
            if trusted is not None:
                monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            with pytest.raises(Undelivered, match=r"^its certificate is not trusted here: [\w -]+$") as refused:
                sender.send()
            assert [(one.number, one.trouble) for one in owed(parts)] == [(1, str(refused.value))]
        monkeypatch.setenv("SSL_CERT_FILE", str(right))
        assert all_sent(sender) == 1
        assert [(one.number, one.trouble) for one in owed(parts)] == [(0, None)]
        assert len(server.mails if isinstance(server, MailServer) else server.taken) == 1
        assert bool(signed_by(parts, signer.key)) is (kind == "witness")


def test_what_is_delivered_and_countersigned_is_known_on_either_store(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    settings = {"data": tmp_path / "fund", "store": store_url}
    with open_parts(Settings(**settings)) as parts:
        SmallFund(parts.fund).found()
        log_key = own_key(parts).key
    with witness_at(tmp_path / "w", [log_key]) as address:
        settings["checkpoints"] = f"{tmp_path}/out {address}"
        for times in (1, 2):
            with open_parts(Settings(**settings)) as parts:
                folder, witness = senders(parts)
                assert [folder.send(), witness.send()] == [False, False]
                grown(parts)
                assert [all_sent(folder), all_sent(witness)] == [1, 1]
                assert [one.number for one in owed(parts)] == [0, 0]
                assert len(signed_by(parts, key_in(address))) == times
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_new_address_begins_with_the_newest_checkpoint(opened: Open) -> None:
    taker = Taker()
    with answering(taker) as port:
        parts = opened(f"http://127.0.0.1:{port}/")
        for _ in range(3):
            grown(parts)
        assert all_sent(*senders(parts)) == 1
    assert taker.taken == [str(witness_log(parts).latest(origin(parts)).note)]  # type: ignore[union-attr]


def test_a_witness_that_was_away_signs_every_checkpoint_that_it_missed(opened: Open, tmp_path: Path) -> None:
    log_key = own_key(opened()).key
    with witness_at(tmp_path / "w", [log_key]) as address:
        parts = opened(address)
        (sender,) = senders(parts)
        grown(parts)
        assert all_sent(sender) == 1
    released(parts)
    grown(parts)
    with pytest.raises(Undelivered, match="ConnectError"):
        sender.send()
    (before,) = owed(parts)
    assert (before.number, before.trouble) == (2, "ConnectError")
    port = int(address.partition("#")[0].rpartition(":")[2])
    with witness_at(tmp_path / "w", [log_key], port):
        assert all_sent(*senders(parts)) == 2
    assert [(one.number, one.trouble) for one in owed(parts)] == [(0, None)]
    kept = [one.size for one in witness_log(parts).checkpoints(origin(parts))]
    assert signed_by(parts, key_in(address)) == kept
    assert len(kept) == 3


def test_two_witnesses_sign_side_by_side(opened: Open, tmp_path: Path) -> None:
    log_key = own_key(opened()).key
    with witness_at(tmp_path / "one", [log_key]) as one, witness_at(tmp_path / "two", [log_key]) as two:
        parts = opened(f"{one}, {two}")
        grown(parts)
        assert [all_sent(sender) for sender in senders(parts)] == [1, 1]
    for address in (one, two):
        assert len(signed_by(parts, key_in(address))) == 1


def test_a_witness_that_does_not_know_the_log_or_signs_by_another_key_is_told(opened: Open, tmp_path: Path) -> None:
    stranger = key_of("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    with witness_at(tmp_path / "w", [stranger]) as address:
        parts = opened(address)
        grown(parts)
        with pytest.raises(Undelivered, match="give it to its operator"):
            senders(parts)[0].send()
    with witness_at(tmp_path / "x", [own_key(parts).key]) as address:
        other = Key("witness.example/w1", WITNESS, bytes(32))
        parts = opened(f"{address.partition('#')[0]}#{other}")
        with pytest.raises(Undelivered, match="is the key in the address the right one"):
            senders(parts)[0].send()
    assert signed_by(parts, other) == []


async def test_a_log_that_was_restored_and_grew_otherwise_is_refused_loudly(
    opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = opened()
    grown(parts)
    shutil.copytree(tmp_path / "fund", tmp_path / "backup")
    with witness_at(tmp_path / "w", [own_key(parts).key]) as address:
        parts = opened(address)
        (sender,) = senders(parts)
        grown(parts)
        assert all_sent(sender) == 1
        with open_parts(Settings(data=tmp_path / "backup", checkpoints=address)) as forked:
            (other,) = senders(forked)
            with pytest.raises(Diverged, match="restored from an older backup"):
                other.send()
            for _ in range(2):
                grown(forked)
            with caplog.at_level(logging.CRITICAL, "fund"):
                running = asyncio.create_task(send_on(other))
                async with asyncio.timeout(SOON):
                    await until(lambda: caplog.messages)
                running.cancel()
                await asyncio.wait([running])
            assert caplog.messages[0].startswith("THE LOG IS NOT WHAT IT WAS, says the witness witness.example/w1: it ")
            assert signed_by(forked, key_in(address)) == []
            assert {part.name: part.undelivered for part in health(forked)}["checkpoints"]
        seen = {check.id: check for check in checks(tmp_path / "backup")}
        assert seen["checkpoints"].well


@pytest.mark.parametrize("restored", ["an older backup", "nothing"])
async def test_a_witness_that_forgot_what_it_signed_is_told_loudly_and_signs_no_more(
    opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture, restored: str
) -> None:
    log_key, state = own_key(opened()).key, tmp_path / "w" / STATE_FILE
    with witness_at(tmp_path / "w", [log_key]) as address:
        before = state.read_bytes()
        parts = opened(address)
        grown(parts)
        assert all_sent(*senders(parts)) == 1
        old = state.read_bytes() if restored == "an older backup" else before
        grown(parts)
        assert all_sent(*senders(parts)) == 1
        state.write_bytes(old)
        grown(parts)
        with caplog.at_level(logging.CRITICAL, "fund"):
            running = asyncio.create_task(send_on(*senders(parts)))
            async with asyncio.timeout(SOON):
                await until(lambda: caplog.messages)
            running.cancel()
            await asyncio.wait([running])
        assert caplog.messages[0].startswith(
            "A WITNESS HAS FORGOTTEN WHAT IT SIGNED, the witness witness.example/w1: it"
        )
        assert len(signed_by(parts, key_in(address))) == 2
        (told,) = owed(parts)
        assert told.number == 1
        assert "restored from an older backup" in (told.trouble or "")


def test_doctor_says_what_is_not_taken_and_why(opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    parts = opened(str(missing))
    grown(parts)
    with pytest.raises(Undelivered):
        senders(parts)[0].send()
    monkeypatch.setenv("FUND_CHECKPOINTS", str(missing))
    seen = {check.id: check for check in checks(tmp_path / "fund")}
    told = seen[f"sending to the folder {missing}"]
    assert not told.well
    assert told.seen == "1 checkpoint not taken: no such file or directory"
    assert "the last was signed" in seen["checkpoints"].seen
    monkeypatch.setenv("FUND_CHECKPOINTS", "nonsense")
    assert "Address 1" in {check.id: check for check in checks(tmp_path / "fund")}["checkpoints"].seen


async def test_the_keeper_sends_what_it_signs_and_waits_for_nobody(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    parts = opened(f"http://127.0.0.1:9/nobody {tmp_path}/out")
    grown(parts)
    async with keeping(parts) as tasks, asyncio.timeout(SOON):
        assert len(tasks) == 3
        await until(lambda: list((tmp_path / "out").glob("*.checkpoint")))
        assert not any(task.done() for task in tasks)


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "/",
        "ftp://example.org/",
        "http://example.org/",
        "https://",
        "https://example.org:port/",
        "https://[",
        "mailto:nobody",
        "witness+https://example.org/",
        "witness+https://example.org/#x",
        "witness+http://example.org/#x",
        "witness+https://example.org/#example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_an_address_that_cannot_be_used_is_told_by_its_number_with_the_cure(address: str) -> None:
    with pytest.raises(Malformed, match=r"^Address 2 of FUND_CHECKPOINTS cannot be used\. Write /FOLDER, .*\.$"):
        destinations_of(Settings(checkpoints=f"/out {address}"))


@pytest.mark.parametrize("server", [None, "example.org", "smtp://", "smtp://host:port"])
def test_mail_needs_a_server(server: str | None) -> None:
    with pytest.raises(Malformed, match="FUND_MAIL_SERVER"):
        destinations_of(Settings(checkpoints="mailto:a@example.org", mail_server=server))


def exported(parts: Parts) -> Archive:
    target = io.BytesIO()
    export(parts, CALL_ID, target)
    return Archive(io.BytesIO(target.getvalue()))


def come_late(place: Path) -> None:
    """Put a record into the earlier history, and have the log signed anew as if it had always been there."""
    with closing(sqlite3.connect(place / "events.db")) as log, log, unprotected(log):
        at, stream, topic, state = log.execute(
            "SELECT rowid, originator_id, topic, state FROM stored_events WHERE originator_version = 1 "
            "AND topic LIKE 'organisation.%' ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        late = uuid4()
        log.execute("UPDATE stored_events SET rowid = -rowid WHERE rowid >= ?", (at,))
        log.execute("UPDATE stored_events SET rowid = 1 - rowid WHERE rowid < 0")
        state = re.sub(rb'"caused_by":"[^"]*"', f'"caused_by":"{late}"'.encode(), state)
        added = (at, late.hex if len(stream) == 32 else str(late), 1, topic, state)
        log.execute("INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) "
                    "VALUES (?, ?, ?, ?, ?)", added)  # fmt: skip
    (place / "witness.db").unlink()


def test_what_came_after_the_deadline_cannot_be_put_before_it(opened: Open, tmp_path: Path) -> None:
    log_key = own_key(opened()).key
    with witness_at(tmp_path / "w", [log_key]) as address:
        parts = opened(address)
        released(parts)
        (sender,) = senders(parts)
        all_sent(sender)
        witness_key = key_in(address)
        brought = Trusted([log_key], [], [witness_key])
        (size,) = signed_by(parts, witness_key)
        told = [step.sentence for step in Bundle(exported(parts), brought).steps()]
        assert f"witness.example/w1 saw the log with {size:,} records at 2026-03-20 09:46:40 UTC." in told
        assert any(one.startswith("They are all") for one in told)
        assert all(step.holds for step in proven_here(parts, witness_log(parts), brought))
        countersigned = witness_log(parts).checkpoints(origin(parts))[-1].note

        shutil.copytree(tmp_path / "fund", tmp_path / "forged")
        come_late(tmp_path / "forged")
        with open_parts(Settings(data=tmp_path / "forged", checkpoints=address)) as forged:
            bundle = exported(forged)
            assert [step for step in Bundle(bundle, Trusted([log_key])).steps() if not step.holds] == []
            with pytest.raises(Diverged, match="they do not begin with"):
                all_sent(*senders(forged))
            *_, silent = Bundle(exported(forged), brought).steps()
            assert (silent.holds, silent.sentence) == (False, "witness.example/w1 signed no checkpoint that is known.")
            *_, altered = Bundle(exported(forged), brought._replace(checkpoints=[countersigned])).steps()
            assert not altered.holds
            assert "history was altered" in altered.sentence
    assert signers_of(note_of(str(countersigned).encode()), [witness_key])[0].seconds == SEEN
