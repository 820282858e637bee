"""A bundle proves a call's history to a stranger, and every change of it is found (P12)."""

import io
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fund_service.audit.checkpoints import origin, witness_log
from fund_service.audit.exporting import export
from fund_service.audit.live import proven_here
from fund_service.audit.offline.archive import Archive
from fund_service.audit.offline.bundle import Bundle
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import note_of
from fund_service.audit.offline.package import SEAL, Step, Trusted
from fund_service.audit.one_file import one_file
from fund_service.audit.proving import proven
from fund_service.composition import Parts, open_parts
from fund_service.settings import Settings
from tests.fund_service.audit.forging import (
    FORGERIES,
    alter_what_follows,
    cut_off,
    edit_the_log,
    flip_a_bit,
    packed,
    unpacked,
)
from tests.fund_service.small_fund import CALL_ID

SEED = 2026


def written(parts: Parts) -> bytes:
    target = io.BytesIO()
    export(parts, CALL_ID, target)
    return target.getvalue()


def steps(bundle: bytes, trusted: Trusted) -> list[Step]:
    try:
        return list(Bundle(Archive(io.BytesIO(bundle)), trusted).steps())
    except Unproven as failed:
        return [Step(False, str(failed))]


def holds(bundle: bytes, trusted: Trusted) -> bool:
    return all(step.holds for step in steps(bundle, trusted))


def sealed(bundle: bytes, trusted: Trusted) -> bool:
    """Tell whether a bundle holds with everything that is in it, also what no record tells of."""
    try:
        opened = Bundle(Archive(io.BytesIO(bundle)), trusted)
    except Unproven:
        return False
    return all(step.holds for step in opened.steps()) and opened.sealed().holds


def test_a_bundle_holds_and_the_same_call_and_checkpoint_give_the_same_bytes(
    parts: Parts, bundle: bytes, trusted: Trusted, tmp_path: Path
) -> None:
    assert holds(bundle, trusted)
    assert written(parts) == bundle
    (tmp_path / "bundle.zip").write_bytes(bundle)
    found = list(proven(tmp_path / "bundle.zip", trusted))
    assert all(step.holds for step in found)
    assert "a key that you brought" in found[1].sentence
    assert any("the log holds no other" in step.sentence for step in found)
    assert found[-2].sentence.endswith("and came to the same.")
    assert "signed the manifest, too" in found[-1].sentence


def test_the_forger_puts_together_what_holds_when_nothing_was_altered(bundle: bytes, trusted: Trusted) -> None:
    assert holds(packed(unpacked(bundle)), trusted)


def test_whatever_somebody_alters_in_a_bundle_is_found(bundle: bytes, trusted: Trusted) -> None:
    chance, files = random.Random(SEED), unpacked(bundle)
    missed = []
    for number in range(720):
        forge = FORGERIES[number % len(FORGERIES)]
        if holds(packed(forge(files, chance)), trusted):
            missed.append((number, forge.__name__))
    assert missed == []


def test_whatever_somebody_alters_in_the_file_itself_is_found(bundle: bytes, trusted: Trusted) -> None:
    chance = random.Random(SEED)
    assert sealed(bundle, trusted)
    assert [number for number in range(200) if sealed(flip_a_bit(bundle, chance), trusted)] == []
    assert [number for number in range(40) if sealed(cut_off(bundle, chance), trusted)] == []


def test_what_no_record_tells_of_is_found_to_be_altered_too(bundle: bytes, trusted: Trusted) -> None:
    files = unpacked(bundle)
    assert sealed(packed(files), trusted)
    for name in ("README.txt", "verify.py", "call.json", "screens/timeline_entries.csv"):
        altered = packed({**files, name: files[name] + b"\n"})
        assert holds(altered, trusted)
        assert not sealed(altered, trusted)
    assert not sealed(packed({**files, "z.txt": b""}), trusted)
    assert not sealed(packed({**files, SEAL: files[SEAL] + files[SEAL].splitlines(keepends=True)[-1]}), trusted)


def test_what_is_said_to_follow_from_the_records_and_does_not_is_found(
    bundle: bytes, trusted: Trusted, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(packed(alter_what_follows(unpacked(bundle), random.Random(SEED))))
    last = list(proven(file, trusted))[-1]
    assert not last.holds
    assert "is not what follows from the records" in last.sentence


def test_whatever_somebody_alters_in_the_database_is_found(signed_fund: Path, trusted: Trusted, tmp_path: Path) -> None:
    chance, hows = random.Random(SEED), Counter[str]()
    for number in range(40):
        place = tmp_path / str(number)
        shutil.copytree(signed_fund, place)
        with closing(sqlite3.connect(place / "events.db")) as log, log:
            hows[edit_the_log(log, chance)] += 1
        with open_parts(Settings(data=place)) as parts:
            assert not all(step.holds for step in proven_here(parts, witness_log(parts), trusted)), number
        shutil.rmtree(place)
    assert len(hows) == 5


def test_the_log_of_a_fund_that_nobody_altered_holds(parts: Parts, trusted: Trusted) -> None:
    assert all(step.holds for step in proven_here(parts, witness_log(parts), trusted))


def test_an_older_checkpoint_that_somebody_kept_finds_a_history_that_was_made_anew(
    parts: Parts, bundle: bytes, trusted: Trusted
) -> None:
    kept = witness_log(parts).checkpoints(origin(parts))[0].note
    assert holds(bundle, trusted._replace(checkpoints=[kept]))
    forged = note_of(str(kept).replace("\n", "\n1", 1).encode())
    assert not holds(bundle, trusted._replace(checkpoints=[forged]))


def test_the_verifier_of_one_file_needs_nothing_but_python(bundle: bytes, trusted: Trusted, tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_text(one_file())
    (tmp_path / "bundle.zip").write_bytes(bundle)
    (tmp_path / "forged.zip").write_bytes(packed(FORGERIES[0](unpacked(bundle), random.Random(SEED))))
    key = str(trusted.keys[0])

    def verify(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
        given = [sys.executable, "-I", "-W", "error", "verify.py", name, *options]
        return subprocess.run(given, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)

    good, forged = verify("bundle.zip", "--key", key), verify("forged.zip", "--key", key)
    assert (good.returncode, good.stderr) == (0, "")
    assert "Proven: nothing of it was altered." in good.stdout
    assert (forged.returncode, forged.stderr) == (1, "")
    assert "NOT proven" in forged.stdout
    assert verify("missing.zip").returncode == 2


def test_no_two_of_its_modules_give_one_name_to_two_things() -> None:
    import ast

    named = Counter(
        name
        for statement in ast.parse(one_file()).body
        for name in (
            [statement.name]
            if isinstance(statement, ast.FunctionDef | ast.ClassDef)
            else [target.id for target in getattr(statement, "targets", ()) if isinstance(target, ast.Name)]
        )
    )
    assert [name for name, times in named.items() if times > 1] == []


@given(st.binary(max_size=400))
def test_whatever_is_brought_as_a_bundle_is_refused_in_a_sentence(brought: bytes) -> None:
    assert not holds(brought, Trusted())


@given(st.data())
def test_a_bundle_with_any_part_replaced_is_refused_in_a_sentence(bundle: bytes, data: st.DataObject) -> None:
    files = unpacked(bundle)
    name = data.draw(st.sampled_from(sorted(files)))
    files[name] = data.draw(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    if name != "manifest.json":
        assert not holds(packed(files), Trusted()) or not name.startswith(("events", "tile", "check", "log"))
