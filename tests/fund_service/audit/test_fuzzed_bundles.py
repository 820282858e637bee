"""Whatever is brought as a bundle is refused in sentences (P12): nothing breaks, nothing altered passes.

Some change the file, some what is in it, and some make records of their own and sign them with a key of their own, so
that every layer of the verifier meets what no fund would write.
"""

import io
import re
import resource
import struct
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from random import Random
from typing import Final
from zlib import crc32

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.log_key import LogKeyNamed
from fund_service.audit.derived import derived
from fund_service.audit.exporting import export
from fund_service.audit.offline.archive import Writer
from fund_service.audit.offline.bundle import OF_CALL
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import key_of
from fund_service.audit.offline.package import CHECKPOINT, EVENTS, KEYS, MANIFEST, PLACES, SEAL, Step, Trusted
from fund_service.audit.offline.verifying import main, proven_record
from fund_service.audit.one_file import one_file
from fund_service.audit.proving import proven
from fund_service.audit.signing import OwnKey
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.audit.forging import Files, framed, manifest_of, packed, records_of, signed_anew, unpacked
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, SmallFund
from tests.stored.samples import read_samples

CASES: Final = 40
"""So many of each kind are tried in each run of the tests."""
SOAKED: Final = 150
PACKS: Final = 10
"""So many of each kind are one test of `make soak`, and so many tests there are of each."""
LONGEST: Final = 20_000
"""So many signs has what is said of a step at most."""
FORGER: Final = OwnKey("iurc-fund/forged", Ed25519PrivateKey.from_private_bytes(bytes(32)))
SAMPLES: Final = read_samples()
TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\}')
ODD: Final = (
    b"null", b"true", b"0", b"-1", b"1.5", b"1e999", b"NaN", b"-Infinity", b"2147483648", b"9223372036854775808",
    b"1" + b"0" * 30, b"9" * 4200, b"9" * 5000, b'""', b'"\\ud800"', b'"\\u0000"', b'"\x1b[2J"', b'"\xff"',
    b'"\xe2\x80\xae"', b'"' + b"long" * 9999 + b'"', b"[]", b"{}", b"[null]", b'{"":[{}]}', b'{"a":1,"a":2}',
    b"[" * 900 + b"]" * 900, b"[" * 9000 + b"]" * 9000, b'{"a":' * 9000 + b"1" + b"}" * 9000,
    b'"0001-01-01T00:00:00Z"', b'"9999-12-31T23:59:59.999999Z"', b'"00000000-0000-0000-0000-000000000000"',
)  # fmt: skip
"""What a value of JSON is replaced by; some is no JSON at all."""


class Case:
    """The bundle of a small call, and who may look at it."""

    def __init__(self, bundle: bytes, key: str, place: Path) -> None:
        self.bundle, self.key, self.place = bundle, key, place
        self.files = unpacked(bundle)

    def refuse(self, altered: bytes) -> None:
        """Check that both verifiers refuse it in sentences, by the fund's own key."""
        if altered == self.bundle:
            return
        self.place.write_bytes(altered)
        with redirect_stdout(io.StringIO()) as told:
            code = main([str(self.place), "--key", self.key])
        *_, last, end = told.getvalue().split("\n")
        assert (code, last, end) == (1, "NOT proven: do not rely on it.", "")
        assert told.getvalue().replace("\n", "").isprintable()
        self.look(Trusted([key_of(self.key)]), passes=False)

    def judge(self, forged: bytes) -> None:
        """Check that whoever knows no key is told in sentences whatever is found, and who knows it is not misled."""
        self.refuse(forged)
        self.look(Trusted())

    def look(self, trusted: Trusted, *, passes: bool | None = None) -> None:
        steps = list(proven(self.place, trusted))
        assert passes is None or all(step.holds for step in steps) is passes
        assert all(0 < len(step.sentence) < LONGEST and step.sentence[-1] in ".}" for step in steps), steps


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the bundle of a call with one partnership."""
    place, target = tmp_path_factory.mktemp("fuzzed"), io.BytesIO()
    with open_parts(Settings(data=place / "fund")) as parts:
        told = SmallFund(parts.fund)
        told.found()
        told.pair(APPLICANTS[0])
        export(parts, CALL_ID, target)
    files = unpacked(target.getvalue())
    return Case(target.getvalue(), files[KEYS].decode().strip(), place / "bundle.zip")


def part_of_the_file(case: Case, chance: Random) -> None:
    """Some bytes of the file are others, are missing, or stand elsewhere."""
    altered = bytearray(case.bundle)
    for _ in range(chance.choice((1, 1, 2, 9))):
        at, length = chance.randrange(len(altered)), chance.choice((1, 1, 4, 30, 4000))
        part = altered[at : at + length]
        match chance.randrange(5):
            case 0:
                altered[at] ^= 1 << chance.randrange(8)
            case 1:
                del altered[at : at + length]
            case 2:
                altered[at:at] = part
            case 3:
                altered[at : at + length] = chance.choice((bytes(len(part)), b"\xff" * len(part)))
            case _:
                altered[at : at + len(part)] = chance.randbytes(len(part))
    case.refuse(bytes(altered))


def archive_by_others(case: Case, chance: Random) -> None:
    """Another program writes the ZIP: packed, linked, named or divided as no bundle is."""
    written = io.BytesIO()
    names = list(case.files)
    chance.shuffle(names)
    odd = {name: chance.choice((f"../{name}", f"/{name}", f"a/../{name}", name.upper(), "C:\\x", "x" * 300, "é", ""))
           for name in names if chance.random() < 0.05}  # fmt: skip
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(written, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive,
    ):
        for name in names:
            about = zipfile.ZipInfo(odd.get(name, name))
            if chance.random() < 0.05:
                about.external_attr = 0o120777 << 16
                about.extra = chance.randbytes(chance.randrange(9))
            archive.writestr(about, case.files[name] if chance.random() < 0.95 else bytes(1 << 20))
            if about.filename and chance.random() < 0.02:
                archive.comment = about.filename.encode()
    case.refuse(written.getvalue())


def frame_of_a_file(case: Case, chance: Random) -> None:
    """A file's frame says another size, sum or length of its name, and the end of the archive says the same."""
    name = chance.choice(list(case.files))
    content, before = case.files[name], case.bundle
    told = struct.pack("<LLL", crc32(content), len(content), len(content))
    other = struct.pack(
        "<LLL", *(chance.choice((0, 1, len(content), 2**31, 2**32 - 1, crc32(content))) for _ in told[::4])
    )
    case.refuse(before.replace(told, other))


def files_in_it(case: Case, chance: Random) -> None:
    """Files are missing, have other names, or are there besides; the manifest fits, or is as it was."""
    files = dict(case.files)
    for _ in range(chance.choice((1, 1, 3))):
        name, other = chance.choice(sorted(files)), chance.choice(sorted(files))
        match chance.randrange(4):
            case 0:
                files.pop(name)
            case 1:
                files[f"{name}.{chance.randrange(9)}"] = files[name]
            case 2:
                files[name], files[other] = files[other], files[name]
            case _:
                folder = chance.choice(("checkpoints/", "call.checkpoints/", "tile/0/", "screens/", "z/"))
                files[f"{folder}{chance.randrange(999):03}"] = files[other]
    case.refuse(_bundled(case, files, chance))


def contents_of_files(case: Case, chance: Random) -> None:
    """Files hold something else, and the manifest names that."""
    files = dict(case.files)
    for name in chance.sample(sorted(files), chance.choice((1, 1, 2, 5))):
        files[name] = _other(files[name], chance)
    case.judge(_bundled(case, files, chance))


def manifest_itself(case: Case, chance: Random) -> None:
    """The manifest holds something else."""
    manifest = case.files[MANIFEST]
    for _ in range(chance.choice((1, 1, 2))):
        manifest = _odd(manifest, chance, manifest)
    case.refuse(framed({**case.files, MANIFEST: manifest}))


def records_of_ones_own(case: Case, chance: Random) -> None:
    """Somebody makes a log of other records and signs everything; what follows from them is there, too."""
    records = _named_by_forger(records_of(case.files))
    if chance.random() < 0.3:
        records = _sampled(records, chance)
    for _ in range(chance.choice((0, 1, 1, 1, 3))):
        at = chance.randrange(len(records))
        match chance.randrange(8):
            case 0:
                del records[at]
            case 1:
                records.insert(chance.randrange(len(records)), records[at])
            case 2:
                records.insert(chance.randrange(len(records)), records.pop(at))
            case _:
                whole = b"".join(chance.sample(records, min(5, len(records))))
                records[at] = _odd(records[at], chance, whole, records[at].find(b'"event":'))
    if chance.random() < 0.9:
        records = _placed(records)
    case.judge(_forged(case.files, records))


KINDS: Final[tuple[Callable[[Case, Random], None], ...]] = (
    part_of_the_file,
    archive_by_others,
    frame_of_a_file,
    files_in_it,
    contents_of_files,
    manifest_itself,
    records_of_ones_own,
)


def _tried(kind: Callable[[Case, Random], None], case: Case, times: int, pack: int) -> None:
    @settings(max_examples=times, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(0, 2**64))
    def one(seed: int) -> None:
        kind(case, Random(f"{pack}/{seed}"))

    one()


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_altered_is_refused_in_sentences(case: Case, kind: Callable[[Case, Random], None]) -> None:
    _tried(kind, case, CASES, 0)


@pytest.mark.soak
@pytest.mark.parametrize("pack", range(1, PACKS + 1))
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_altered_so_often_is_refused_in_sentences(
    case: Case, kind: Callable[[Case, Random], None], pack: int
) -> None:
    _tried(kind, case, SOAKED, pack)


def test_enough_is_tried() -> None:
    assert len(KINDS) * CASES >= 250
    assert len(KINDS) * SOAKED * PACKS >= 10_000


def test_the_forger_gets_as_far_as_can_be_where_nothing_was_altered(case: Case) -> None:
    """Else what is altered might be found by what the forger cannot do, not by what was altered."""
    assert all(step.holds for step in _looked_at(case, case.bundle, Trusted([key_of(case.key)])))
    own = _looked_at(case, _forged(case.files, _named_by_forger(records_of(case.files))), Trusted())
    assert [step.sentence for step in own if not step.holds] == []


SWELLS: Final = 128 << 20
MEMORY: Final = 96 << 20


@pytest.mark.parametrize(
    "name", [MANIFEST, SEAL, KEYS, CHECKPOINT, OF_CALL, EVENTS, PLACES, "tile/0/000.p/68", "checkpoints/000000000001"]
)
def test_no_file_of_a_bundle_takes_more_memory_than_there_is(case: Case, name: str, tmp_path: Path) -> None:
    """A file that is as large as nothing in a bundle can be is refused unread, or read part by part."""
    (tmp_path / "verify.py").write_text(one_file())
    with (tmp_path / "large").open("w+b") as large, (tmp_path / "bundle.zip").open("wb") as target:
        large.truncate(SWELLS)
        digest = file_digest(large, "sha256").hexdigest()
        large.seek(0)
        named = {**case.files, name: b"" if name != MANIFEST else case.files[name]}
        manifest = manifest_of(named).replace(sha256(b"").hexdigest().encode(), digest.encode())
        archive = Writer(target)
        for one in sorted(named):
            if one == name:
                archive.add_from(one, large)
            else:
                archive.add(one, manifest if one == MANIFEST else case.files[one])
        archive.close()
    told = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout.endswith("NOT proven: do not rely on it.\n")


@given(st.binary(max_size=2000) | st.text(max_size=400).map(str.encode))
def test_whatever_is_brought_as_the_proof_of_a_receipt_is_refused_in_a_sentence(case: Case, brought: bytes) -> None:
    for begins in (b"", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n"):
        case.place.write_bytes(begins + brought)
        found = proven_record(case.place, Trusted([key_of(case.key)]))
        assert not found.holds
        assert found.sentence.endswith(".")


def _looked_at(case: Case, bundle: bytes, trusted: Trusted) -> list[Step]:
    case.place.write_bytes(bundle)
    return list(proven(case.place, trusted))


def _other(content: bytes, chance: Random) -> bytes:
    """Return something else than a file held."""
    lines = content.split(b"\n")
    match chance.randrange(7):
        case 0:
            return chance.choice(
                (b"", b"\n", b"\0", b"{}", b"[]", b"null", b"\xff\xfe", b"\n" * 70_000, bytes(1 << 20))
            )
        case 1:
            chance.shuffle(lines)
        case 2:
            del lines[chance.randrange(len(lines))]
        case 3:
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
        case 4:
            return content[: chance.randrange(len(content) + 1)]
        case 5:
            return _odd(content, chance, content)
        case _:
            at = chance.randrange(len(lines))
            odd = (
                b"",
                b"-1",
                b"0",
                b"01",
                b"1" * 19,
                b"9" * 5000,
                b"\xe2\x80\x94 a AAAAAAAA",
                b"a+00000000+AA==",
                b"+" * 99,
            )
            lines[at] = chance.choice((*odd, lines[at] * 2, lines[at][::-1], lines[at][:-1]))
    return b"\n".join(lines)


def _odd(content: bytes, chance: Random, others: bytes, after: int = 0) -> bytes:
    """Put something odd, or a value from elsewhere, in the place of a value of JSON beyond a place."""
    values = [one for one in TOKEN.finditer(content, max(0, after)) if content[one.end() : one.end() + 1] != b":"]
    if not values:
        return content + b"{}"
    one = chance.choice(values)
    alike = [other for other in TOKEN.findall(others) if other[:1] == one[0][:1]]
    put = chance.choice(alike if alike and chance.random() < 0.5 else ODD)
    return content[: one.start()] + put + content[one.end() :]


def _bundled(case: Case, files: Files, chance: Random) -> bytes:
    """Return a bundle of altered files: mostly with the bundle's own manifest, fitted to them, else as they are."""
    return packed({**files, MANIFEST: case.files[MANIFEST]}) if chance.random() < 0.8 else framed(files)


def _forged(files: Files, records: list[bytes]) -> bytes:
    """Return a bundle of records of one's own with all that follows from them, signed by the forger."""
    files = signed_anew(files, records, FORGER)
    with suppress(Unproven, ArithmeticError, LookupError, TypeError, ValueError):
        files |= {**dict(derived(iter(records), CALL_ID)), KEYS: files[KEYS]}
    return packed(signed_anew(files, records, FORGER))


def _named_by_forger(records: list[bytes]) -> list[bytes]:
    """Return records that name the forger's key as the log's."""
    return [re.sub(rb'"verifier":"[^"]*"', b'"verifier":"%s"' % str(FORGER.key).encode(), one) for one in records]


def _sampled(records: list[bytes], chance: Random) -> list[bytes]:
    """Return stored samples of events of every version in any order, after the record that names the log's key."""
    samples = chance.sample(SAMPLES, chance.choice((9, 99, len(SAMPLES))))
    told = [
        b'{"position":1,"stream":"%s","version":1,"topic":"%s","state":%s}'
        % (str(one.stream).encode(), one.topic.encode(), one.stored)
        for one in samples
        if one.topic != LogKeyNamed.TOPIC
    ]
    return [one for one in records if LogKeyNamed.TOPIC.encode() in one] + told


def _placed(records: list[bytes]) -> list[bytes]:
    """Return records numbered as they stand, each caused by its own stream, so that none is said to be missing."""
    versions: dict[bytes, int] = {}
    placed = []
    for position, one in enumerate(records, 1):
        begins = re.match(rb'{"position":\d+,"stream":"([^"]*)","version":\d+', one)
        if begins is None:
            return records
        stream = begins[1]
        versions[stream] = versions.get(stream, 0) + 1
        rest = re.sub(rb'"caused_by":"[^"]*"', b'"caused_by":"%s"' % stream, one[begins.end() :], count=1)
        placed.append(b'{"position":%d,"stream":"%s","version":%d%s' % (position, stream, versions[stream], rest))
    return placed
