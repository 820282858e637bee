"""A witness signs a checkpoint that follows the last one of its log, and nothing else (C2SP tlog-witness)."""

import re
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import Malformed, NotFound, Unavailable
from fund_service.audit.offline.merkle import EMPTY_ROOT, consistency_path, leaf_hash, root_of
from fund_service.audit.offline.notes import (
    Checkpoint,
    Note,
    key_of,
    note_of,
    signature_of,
    signers_of,
)
from fund_service.audit.signing import OwnKey, signature_by, signed
from fund_service.audit.witness import STATE_FILE, Answer, Witness, add_body, asked_of
from fund_service.audit.witness_service import LARGEST_BODY, key_of_witness, log_key, prepared
from fund_service.cli.main import main
from tests.fund_service.audit.receivers import NAME, SEEN, witness_at

LOG = OwnKey("example.com/behind-the-sofa", Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = OwnKey(LOG.key.name, Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
LEAVES = [leaf_hash(b"%d" % number) for number in range(40)]
FORKED = [*LEAVES[:7], leaf_hash(b"another"), *LEAVES[8:]]
PUBLISHED = b"""old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\xe2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\xe2\x80\x94 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501 - as published
"""The request that the specification shows."""


def note(size: int, leaves: list[bytes] = LEAVES, signer: OwnKey = LOG, more: str = "") -> Note:
    return signed(f"{Checkpoint(LOG.key.name, size, root_of(leaves[:size]))}{more}", signer)


def path(old: int, size: int, leaves: list[bytes] = LEAVES) -> list[bytes]:
    return consistency_path(old, size, lambda start, end: root_of(leaves[start:end])) if old else []


def body(old: int, size: int, leaves: list[bytes] = LEAVES) -> bytes:
    return add_body(old, path(old, size, leaves), note(size, leaves)).encode()


Open = Callable[[], Witness]


@pytest.fixture(name="opened")
def opened_anew(tmp_path: Path) -> Open:
    """Return a way to open one witness again and again, as its restart does."""
    return lambda: Witness(tmp_path, prepared(tmp_path, NAME), [LOG.key], lambda: SEEN)


@pytest.fixture(name="witness")
def new_witness(opened: Open) -> Witness:
    return opened()


def standing(witness: Witness) -> Answer:
    """Return how far a witness is."""
    return witness.latest(sha256(LOG.key.name.encode()).hexdigest())


def test_it_signs_with_its_time_what_follows_and_shows_it(witness: Witness, tmp_path: Path) -> None:
    key = key_of_witness(tmp_path).key
    for old, size in ((0, 5), (5, 5), (5, 6), (6, 38)):
        answer = witness.add(body(old, size))
        assert answer.status == 200
        whole = note_of(f"{note(size)}{answer.body}".encode())
        assert [(one.key, one.seconds) for one in signers_of(whole, [LOG.key, key])] == [(LOG.key, None), (key, SEEN)]
        assert standing(witness) == Answer(200, str(whole))


def test_the_published_request_is_read_whole() -> None:
    asked = asked_of(PUBLISHED)
    assert (asked.old, len(asked.path), asked.checkpoint.size) == (20852014, 4, 20852163)
    assert add_body(asked.old, asked.path, asked.note).encode() == PUBLISHED


def test_the_published_request_is_of_no_key_that_is_known_here(witness: Witness) -> None:
    assert witness.add(PUBLISHED).status == 403


def test_where_it_is_not_it_says_so_and_signs_nothing(witness: Witness) -> None:
    witness.add(body(0, 7))
    before = standing(witness)
    for old, size in ((0, 9), (6, 9), (8, 9)):
        assert witness.add(body(old, size)) == Answer(409, "7\n", "text/x.tlog.size")
    assert standing(witness) == before


def test_an_older_checkpoint_is_never_signed_again(witness: Witness) -> None:
    witness.add(body(0, 9))
    assert witness.add(add_body(9, [], note(8)).encode()).status == 400
    assert witness.add(body(7, 8)).status == 409


@pytest.mark.parametrize(
    "asked",
    [
        body(8, 12, FORKED),
        add_body(8, [], note(8, FORKED)).encode(),
        add_body(8, path(8, 12)[1:], note(12)).encode(),
        add_body(8, [*path(8, 12), bytes(32)], note(12)).encode(),
        add_body(8, [bytes(32)], note(8)).encode(),
    ],
    ids=["a fork", "another root of that size", "too short", "too long", "a proof of nothing"],
)
def test_what_does_not_follow_is_refused_and_leaves_no_trace(witness: Witness, asked: bytes) -> None:
    witness.add(body(0, 8))
    before = standing(witness)
    assert witness.add(asked).status == 422
    assert standing(witness) == before
    assert witness.add(body(8, 12)).status == 200


def test_a_log_begins_without_proof_and_without_records(witness: Witness) -> None:
    assert standing(witness).status == 404
    assert witness.add(add_body(0, [bytes(32)], note(5)).encode()).status == 422
    wrong = signed(str(Checkpoint(LOG.key.name, 0, bytes(32))), LOG)
    assert witness.add(add_body(0, [], wrong).encode()).status == 422
    assert standing(witness).status == 404
    assert (
        witness.add(add_body(0, [], signed(str(Checkpoint(LOG.key.name, 0, EMPTY_ROOT)), LOG)).encode()).status == 200
    )
    assert witness.add(body(0, 5)).status == 200


def test_who_may_sign_a_log_is_known_by_key(witness: Witness) -> None:
    stranger = signed(str(Checkpoint("example.com/other", 1, bytes(32))), LOG)
    assert witness.add(add_body(0, [], stranger).encode()).status == 404
    assert witness.add(add_body(0, [], note(5, signer=OTHER)).encode()).status == 403
    false = Note(note(5).text, note(6).signatures)
    assert witness.add(add_body(0, [], false).encode()).status == 403


def test_signatures_of_others_count_for_nothing_and_are_not_shown(witness: Witness) -> None:
    mine = note(5)
    others = Note(mine.text, (signature_by(mine.text, OTHER), *mine.signatures, signature_of("— else AAAAAAAA")))
    assert witness.add(add_body(0, [], others).encode()).status == 200
    names = [(one.name, one.key_id) for one in note_of(standing(witness).body.encode()).signatures]
    assert [name for name, _ in names] == [LOG.key.name, NAME]
    assert names[0][1] == LOG.key.id


def test_lines_below_a_checkpoint_are_signed_with_it(witness: Witness, tmp_path: Path) -> None:
    extended = note(5, more="of the log's own\n")
    answer = witness.add(add_body(0, [], extended).encode())
    assert signers_of(note_of(f"{extended}{answer.body}".encode()), [key_of_witness(tmp_path).key])


HASH = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"old 0",
        f"old 00\n\n{note(5)}".encode(),
        f"old -1\n\n{note(5)}".encode(),
        f"new 0\n\n{note(5)}".encode(),
        f"old 0\n{note(5)}".encode(),
        f"old 5\nAAAA\n\n{note(6)}".encode(),
        f"old 5\n{HASH} \n\n{note(6)}".encode(),
        add_body(5, [bytes(32)] * 64, note(6)).encode(),
        add_body(6, [], note(5)).encode(),
        f"old 0\n\n{note(5)}"[:-1].encode(),
        f"old 0\n\n{note(5, more=chr(10) + 'below an empty line' + chr(10))}".encode(),
        b"old 0\n\n\xff\n\n",
    ],
)
def test_what_cannot_be_read_is_refused(witness: Witness, asked: bytes) -> None:
    assert witness.add(asked).status == 400
    assert standing(witness).status == 404


def test_of_two_that_ask_at_once_one_is_first(opened: Open) -> None:
    opened().add(body(0, 8))
    witnesses = [opened() for _ in range(4)]
    asked = [body(8, size) for size in range(9, 25)]
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda at: witnesses[at % 4].add(asked[at]), range(16)))
    assert sorted(answer.status for answer in answers) == [200, *[409] * 15]
    first = next(at for at, answer in enumerate(answers) if answer.status == 200)
    assert {answer.body for answer in answers if answer.status == 409} == {f"{9 + first}\n"}


def test_after_a_restart_it_knows_what_it_signed(opened: Open) -> None:
    opened().add(body(0, 8))
    again = opened()
    assert again.add(body(0, 9)).status == 409
    assert again.add(body(8, 12, FORKED)).status == 422
    assert again.add(body(8, 12)).status == 200


def test_it_answers_over_http(tmp_path: Path) -> None:
    with witness_at(tmp_path / "w", [LOG.key]) as address:
        at = address.removeprefix("witness+").partition("#")[0]
        first = httpx2.post(f"{at}/add-checkpoint", content=body(0, 5))
        assert (first.status_code, first.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        second = httpx2.post(f"{at}/add-checkpoint", content=body(0, 6))
        assert (second.status_code, second.headers["content-type"], second.text) == (409, "text/x.tlog.size", "5\n")
        assert httpx2.post(f"{at}/add-checkpoint", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
        shown = httpx2.get(f"{at}/{sha256(LOG.key.name.encode()).hexdigest()}/checkpoint")
        assert shown.text == f"{note(5)}{first.text}"
        assert httpx2.get(f"{at}/{'0' * 64}/checkpoint").status_code == 404


def test_a_witness_is_made_once_and_keeps_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Malformed, match="needs a name"):
        prepared(tmp_path / "w", None)
    with pytest.raises(Malformed, match="no spaces and no plus"):
        prepared(tmp_path / "w", "a b")
    with pytest.raises(NotFound, match="makes one there"):
        key_of_witness(tmp_path / "w")
    made = prepared(tmp_path / "w", NAME)
    assert prepared(tmp_path / "w", None).key == made.key
    with pytest.raises(Malformed, match=f"is {re.escape(NAME)}"):
        prepared(tmp_path / "w", "another")
    assert main(["witness", "key", "--data", str(tmp_path / "w")]) == 0
    assert key_of(capsys.readouterr().out) == made.key


def test_a_witness_that_lost_what_it_signed_does_not_begin_anew(opened: Open, tmp_path: Path) -> None:
    opened().add(body(0, 8))
    (tmp_path / STATE_FILE).unlink()
    with pytest.raises(Unavailable, match="has lost what it signed"):
        opened()


def test_a_witness_does_not_live_with_a_fund(recorded: Path) -> None:
    with pytest.raises(Malformed, match="holds a fund"):
        prepared(recorded, NAME)


def test_a_witness_signs_for_logs_alone(tmp_path: Path) -> None:
    for wrong in ("x", str(prepared(tmp_path, NAME).key)):
        with pytest.raises(Malformed, match="page about its log"):
            log_key(wrong)
    assert log_key(str(LOG.key)) == LOG.key
