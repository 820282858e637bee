"""An applicant, a losing one too, proves what happened to its application, and learns nothing that is hidden."""

import io
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.call.events import OutcomesReleased
from domain.ids import evaluation_id, grant_id
from fund_service.api.limits import Limits
from fund_service.audit.checkpoints import key_file, own_key, sign_now, witness_log
from fund_service.audit.dossier import dossier
from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.dossier import Dossier
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import LARGEST_NOTE, note_of
from fund_service.audit.offline.package import MANIFEST, SEAL, Step, Trusted, seal
from fund_service.audit.proving import proven
from fund_service.audit.signing import OwnKey, replace_key
from fund_service.audit.signing import signed as sign
from fund_service.cli.main import main
from fund_service.permissions.actors import Actor
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.audit.forging import (
    drop_a_record,
    edit_a_record,
    flip_a_bit,
    manifest_of,
    packed,
    swap_two_records,
    unpacked,
)
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, EVALUATORS, Applicant, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import Stage, copied

TURIN, MALAGA, HAMBURG, DUBLIN = APPLICANTS
SEED = 2026
OUTCOME = b"not selected"


@contextmanager
def signed(turning: Turning, data: Path, to: Path) -> Iterator[Api]:
    """Serve a copy of a fund whose log was signed."""
    with turning.opened(copied(data, to)) as api:
        sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
        context = api.client.app.state.context  # type: ignore[attr-defined]
        limits, context.limits = context.limits, Limits(0)
        yield api
        context.limits = limits


@pytest.fixture
def api(stages: dict[Stage, Path], turning: Turning, tmp_path: Path) -> Iterator[Api]:
    """Serve a fund whose outcomes are released, whose log was signed after that and never before."""
    with signed(turning, stages[Stage.GRANTED], tmp_path / "fund") as found:
        yield found


def taken(api: Api, one: Applicant) -> bytes:
    """Return the dossier that the officer of a city downloads."""
    answer = api.get(f"Officer of {one.city}", f"/pilot-actions/{action_of(one)}/dossier")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip"), answer.text
    return answer.content


def steps(content: bytes, trusted: Trusted) -> list[Step]:
    try:
        found = Dossier(Archive(io.BytesIO(content)), trusted)
        steps = list(found.steps())
        return [*steps, found.sealed()] if all(step.holds for step in steps) else steps
    except Unproven as failed:
        return [Step(False, str(failed))]


def holds(content: bytes, trusted: Trusted) -> bool:
    return all(step.holds for step in steps(content, trusted))


def trusted_of(api: Api) -> Trusted:
    return Trusted([own_key(api.parts).key])


def hidden_from(one: Applicant) -> list[UUID]:
    """Return ids that must not stand in somebody's dossier: evaluators, approvers, others and what is theirs."""
    others = [other for other in APPLICANTS if other is not one]
    theirs = [
        id
        for other in others
        for id in (
            *(action_of(other), partnership_of(other), evaluation_id(action_of(other)), grant_id(action_of(other))),
            *(id_of(other.city), id_of(f"Officer of {other.city}"), id_of(f"Officer of {other.partner}")),
        )
    ]
    return [*theirs, *map(id_of, (*EVALUATORS, "Approver 1", "Approver 2"))]


@pytest.mark.parametrize("one", [TURIN, DUBLIN], ids=["who is supported", "who is not"])
def test_an_applicant_verifies_its_dossier_with_nothing_but_the_verifier_in_it(
    api: Api, one: Applicant, tmp_path: Path
) -> None:
    content, key = taken(api, one), str(own_key(api.parts).key)
    place = tmp_path / "laptop"
    place.mkdir()
    (place / "dossier.zip").write_bytes(content)
    (place / "verify.py").write_bytes(unpacked(content)["verify.py"])
    chance = random.Random(SEED)

    def verify() -> "subprocess.CompletedProcess[str]":
        given = [sys.executable, "-I", "-W", "error", "verify.py", "dossier.zip", "--key", key]
        return subprocess.run(given, cwd=place, env={}, capture_output=True, text=True, check=False)

    good = verify()
    assert (good.returncode, good.stderr) == (0, "")
    assert "byte for byte" in good.stdout
    assert "NOT proven by this file alone" in good.stdout
    (place / "dossier.zip").write_bytes(flip_a_bit(content, chance))
    assert verify().returncode == 1


def test_a_losing_applicant_reads_its_outcome_and_what_was_recorded_about_it(api: Api) -> None:
    files = unpacked(taken(api, DUBLIN))
    assert OUTCOME in files["README.txt"]
    assert b"was submitted" in files["history.csv"]
    assert b"admissible and eligible" in files["history.csv"]
    assert len(files["withheld"].splitlines()) > len(EVALUATORS)
    assert OutcomesReleased.TOPIC.encode() not in files["events.jsonl"]


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED, Stage.EVALUATED, Stage.APPROVED, Stage.RELEASED])
def test_nothing_that_is_hidden_from_an_applicant_stands_anywhere_in_its_dossier(
    stages: dict[Stage, Path], turning: Turning, tmp_path: Path, stage: Stage
) -> None:
    with signed(turning, stages[stage], tmp_path / "fund") as api:
        for one in (TURIN, DUBLIN):
            content = taken(api, one)
            found = [str(id) for id in hidden_from(one) if str(id).encode() in content or id.hex.encode() in content]
            assert found == []
            assert holds(content, trusted_of(api))


def test_until_the_release_a_dossier_ends_with_the_closing_and_tells_of_nothing_hidden_not_even_how_much(
    stages: dict[Stage, Path], turning: Turning, tmp_path: Path
) -> None:
    with signed(turning, stages[Stage.CLOSED], tmp_path / "closed") as api:
        at_closing = taken(api, DUBLIN)
    files = unpacked(at_closing)
    assert files["withheld"] == b""
    assert b"not told yet" in files["README.txt"]
    for stage in (Stage.EVALUATED, Stage.APPROVED):
        with signed(turning, stages[stage], tmp_path / stage.name) as api:
            later = unpacked(taken(api, DUBLIN))
        assert later["events.jsonl"] == files["events.jsonl"]
        assert later["withheld"] == b""
        assert OUTCOME not in b"".join(later.values())


def test_before_closing_no_record_of_a_dossier_tells_how_many_applications_there_are(
    stages: dict[Stage, Path], turning: Turning, tmp_path: Path
) -> None:
    with signed(turning, stages[Stage.OPEN], tmp_path / "fund") as api:
        lines = unpacked(taken(api, TURIN))["events.jsonl"].splitlines()
    of_call = [line for line in lines if f'"stream":"{CALL_ID}"'.encode() in line]
    assert [f'"version":{number},'.encode() in line for number, line in enumerate(of_call, 1)] == [True] * len(of_call)


def test_anothers_dossier_is_not_there(api: Api) -> None:
    path = f"/pilot-actions/{action_of(TURIN)}/dossier"
    for who in ("Officer of Dublin", "Evaluator 1", "Secretariat 1", "Auditor 1", "Coach 1"):
        answer = api.get(who, path)
        assert answer.status_code == 404
        assert f"There is no dossier {action_of(TURIN)}." in answer.text
    assert api.get("Officer of Nagoya", path).status_code == 200, "its partner is a member too"
    assert api.get(None, path).status_code == 401


def test_whatever_somebody_alters_in_a_dossier_is_found(api: Api) -> None:
    content, trusted, chance = taken(api, DUBLIN), trusted_of(api), random.Random(SEED)
    files = unpacked(content)
    assert holds(packed(files), trusted)
    for number in range(60):
        for forge in (edit_a_record, swap_two_records, drop_a_record):
            assert not holds(packed(forge(files, chance)), trusted), (number, forge.__name__)
        assert not holds(flip_a_bit(content, chance), trusted), number
    proof = next(name for name in files if name.startswith("proofs/"))
    assert not holds(packed({**files, "withheld": files["withheld"][45:]}), trusted)
    assert not holds(packed({**files, proof: files[next(reversed(files))]}), trusted)
    assert not holds(
        packed({**files, "manifest.json": files["manifest.json"].replace(b'"application": "', b'"a": "')}), trusted
    )


@pytest.mark.parametrize("folder", ["proofs/", "consistency/", "checkpoints/"])
def test_what_is_larger_in_a_dossier_than_it_can_be_is_refused_unread(api: Api, folder: str) -> None:
    api.post("Officer of Dublin", f"/calls/{CALL_ID}/questions", {"question": "May we see our scores, please?"})
    sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
    files = unpacked(taken(api, DUBLIN))
    name = next(name for name in files if name.startswith(folder))
    assert holds(packed(files), trusted_of(api))
    last = steps(packed({**files, name: bytes(LARGEST_NOTE + 1)}), trusted_of(api))[-1]
    assert last == Step(False, f"The file {name} in the archive is larger than it can be.")


@pytest.mark.parametrize("name", ["README.txt", "history.csv", "verify.py"])
def test_what_no_record_tells_of_is_found_to_be_altered_too(api: Api, name: str) -> None:
    files = unpacked(taken(api, DUBLIN))
    *before, last = steps(packed({**files, name: files[name] + b"# \n"}), trusted_of(api))
    assert all(step.holds for step in before)
    assert last.sentence.startswith("The manifest is not the one that was signed: a file that no record tells of")


def test_a_manifest_that_another_key_signed_is_not_let_pass(api: Api) -> None:
    files, origin = unpacked(taken(api, DUBLIN)), own_key(api.parts).key.name
    files["README.txt"] += b"You were promised the money."
    forger = OwnKey(origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    files[SEAL] = str(sign(seal(origin, manifest_of(files)), forger)).encode()
    last = steps(packed(files), trusted_of(api))[-1]
    assert last.sentence.startswith("No known key of the log signed the manifest")


def test_a_dossier_of_an_older_format_is_told_to_be_one_and_not_let_pass(api: Api) -> None:
    files = unpacked(taken(api, DUBLIN))
    del files[SEAL]
    files[MANIFEST] = files[MANIFEST].replace(b'"format": 3', b'"format": 2')
    *before, last = steps(packed(files), trusted_of(api))
    assert all(step.holds for step in before)
    assert last.sentence.startswith("Nobody signed the manifest: this dossier is of format 2. Its records hold")
    for number in (b"0", b"4", b"-1", b'"3"', b"true", b"3.0", b"null", b"[]"):
        odd = files[MANIFEST].replace(b'"format": 2', b'"format": ' + number)
        [only] = steps(packed({**files, MANIFEST: odd}), trusted_of(api))
        assert only.sentence.startswith("The manifest says of no format that this verifier knows, which are 1 to 3.")


def test_a_dossier_waits_until_the_log_was_signed_by_its_new_key(api: Api) -> None:
    old = own_key(api.parts).key
    replace_key(key_file(api.parts), old.name)
    path = f"/pilot-actions/{action_of(DUBLIN)}/dossier"
    answer = api.get("Officer of Dublin", path)
    assert (answer.status_code, "was not signed by it yet" in answer.text) == (503, True)
    sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
    assert holds(api.get("Officer of Dublin", path).content, Trusted([old, own_key(api.parts).key]))


def test_the_history_in_words_follows_from_the_records(api: Api, tmp_path: Path) -> None:
    files, file = unpacked(taken(api, TURIN)), tmp_path / "dossier.zip"
    file.write_bytes(packed(files))
    found = list(proven(file, trusted_of(api)))
    assert all(step.holds for step in found)
    assert "signed the manifest, too" in found[-1].sentence
    file.write_bytes(packed({**files, "history.csv": files["history.csv"] + b"1,call,,,All is well.\n"}))
    last = list(proven(file, trusted_of(api)))[-1]
    assert (last.holds, last.sentence) == (False, "history.csv is not what follows from the records.")


def test_a_checkpoint_that_the_applicant_kept_is_compared(
    stages: dict[Stage, Path], turning: Turning, tmp_path: Path
) -> None:
    with signed(turning, stages[Stage.GRANTED], tmp_path / "fund") as api:
        kept = note_of(unpacked(taken(api, DUBLIN))["checkpoint"])
        api.post("Officer of Dublin", f"/calls/{CALL_ID}/questions", {"question": "May we see our scores, please?"})
        sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
        later = taken(api, DUBLIN)
        key = own_key(api.parts).key
        found = steps(later, Trusted([key], [kept]))
        assert all(step.holds for step in found), found
        assert any("1 of them brought from elsewhere" in step.sentence for step in found)
        forged = note_of(str(kept).replace(f"\n{int(str(kept).splitlines()[1])}\n", "\n7\n").encode())
        assert not all(step.holds for step in steps(later, Trusted([key], [forged])))


def test_the_command_line_writes_the_same_bytes(api: Api, tmp_path: Path) -> None:
    content, file = taken(api, DUBLIN), tmp_path / "dossier.zip"
    written = io.BytesIO()
    dossier(api.parts, Actor(id_of("Officer of Dublin"), now=api.parts.clock.now), action_of(DUBLIN), written)
    assert written.getvalue() == content
    data = ["--data", str(tmp_path / "fund")]
    asked = ["audit", "dossier", str(action_of(DUBLIN)), "--as", "Officer of Dublin", "--out", str(file), *data]
    assert main(asked) == 0
    assert file.read_bytes() == content
    assert main(["audit", "verify", str(file)]) == 0
    asked[4] = "Officer of Turin"
    asked[6] = str(tmp_path / "other.zip")
    assert main(asked) == 5
    assert not (tmp_path / "other.zip").exists()
