"""The contract of a content store, for a folder and for one that speaks S3: moto, which stands in for a real one."""

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

from domain.errors import Malformed, Unavailable
from fund_service.attachments.contents import Contents, FolderContents, contents_of
from fund_service.attachments.s3_contents import S3Contents
from fund_service.settings import Settings

PLAN = b"The plan of the harbour.\n" * 1000
DIGEST = hashlib.sha256(PLAN).hexdigest()
BUCKET = "letters"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Return the address of a stand-in for a store that speaks S3, with an empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        with urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")):
            yield endpoint
    finally:
        server.stop()


@pytest.fixture(params=["a folder", "S3"])
def contents(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contents:
    """Return an empty content store, of either kind in turn."""
    if request.param == "a folder":
        return contents_of(Settings(data=tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    place = f"s3://{BUCKET}/{tmp_path.name}?endpoint={request.getfixturevalue('s3')}&region=eu-west-1"
    return contents_of(Settings(data=tmp_path, attachments=place))


def test_what_is_kept_is_found_whole_under_its_digest(contents: Contents) -> None:
    content = io.BytesIO(PLAN)
    content.seek(100)
    contents.keep(DIGEST, content)
    assert contents.find(DIGEST) == PLAN
    assert contents.size(DIGEST) == len(PLAN)


def test_what_was_never_kept_is_not_found(contents: Contents) -> None:
    other = "0" * 64
    assert (contents.find(other), contents.size(other)) == (None, None)


def test_what_is_kept_again_is_the_same_and_heals_what_was_altered(contents: Contents) -> None:
    contents.keep(DIGEST, io.BytesIO(b"altered"))
    for _ in range(2):
        contents.keep(DIGEST, io.BytesIO(PLAN))
        assert contents.find(DIGEST) == PLAN


def test_a_large_file_is_kept(contents: Contents) -> None:
    large = os.urandom(1 << 10) * 9_765
    digest = hashlib.sha256(large).hexdigest()
    contents.keep(digest, io.BytesIO(large))
    assert contents.size(digest) == len(large)
    assert hashlib.sha256(contents.find(digest) or b"").hexdigest() == digest


def test_a_folder_holds_files_under_names_of_its_own_for_nobody_else(tmp_path: Path) -> None:
    FolderContents(tmp_path / "kept").keep(DIGEST, io.BytesIO(PLAN))
    files = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert [str(path.relative_to(tmp_path / "kept")) for path in files] == [f"{DIGEST[:2]}/{DIGEST[2:]}"]
    assert files[0].stat().st_mode & 0o077 == 0
    assert files[0].parent.stat().st_mode & 0o077 == 0


class Breaking(io.BytesIO):
    """A content whose reading breaks off."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Break off."""
        raise OSError(5, "Input/output error")


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    kept = FolderContents(tmp_path / "kept")
    with pytest.raises(Unavailable, match="Input/output error"):
        kept.keep(DIGEST, Breaking(PLAN))
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    kept = FolderContents(tmp_path / "kept")
    for use in (lambda: kept.keep(DIGEST, io.BytesIO(PLAN)), lambda: kept.find(DIGEST), lambda: kept.size(DIGEST)):
        with pytest.raises(Unavailable, match=r"FUND_ATTACHMENTS"):
            use()


def test_a_bucket_that_is_not_there_or_a_store_that_is_away_is_told(s3: str) -> None:
    missing = S3Contents(f"s3://nothing-here?endpoint={s3}&region=eu-west-1")
    for use in (lambda: missing.keep(DIGEST, io.BytesIO(PLAN)), lambda: missing.find(DIGEST)):
        with pytest.raises(Unavailable, match=r"s3://nothing-here .*is away, or refuses us"):
            use()
    away = S3Contents("s3://letters?endpoint=http://127.0.0.1:9&region=eu-west-1")
    with pytest.raises(Unavailable, match=r"away"):
        away.size(DIGEST)


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3:///letters",
        "s3://key:secret@letters",
        "s3://letters?endpoint=ftp://host",
        "s3://letters?key=secret",
    ],
)
def test_a_url_that_cannot_be_read_is_told_without_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed) as refusal:
        contents_of(Settings(data=tmp_path, attachments=url))
    assert "FUND_ATTACHMENTS" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_setting_names_another_folder(tmp_path: Path) -> None:
    elsewhere = contents_of(Settings(data=tmp_path / "data", attachments=str(tmp_path / "elsewhere")))
    elsewhere.keep(DIGEST, io.BytesIO(PLAN))
    assert (tmp_path / "elsewhere" / DIGEST[:2] / DIGEST[2:]).exists()
