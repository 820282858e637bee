"""A file is of the kind that its name says, of that alone, and holds no harm that can be seen."""

import io
import zipfile

import pytest

from domain.files import FileKind
from fund_service.attachments.kinds import KINDS, KindRefused, kind_of, name_of, title_of
from fund_service.attachments.looking import look_at
from tests.fund_service.attachments.contents_of_files import HOSTILE, WHOLE, office


def looked(name: str, content: bytes) -> None:
    """Look at a file."""
    look_at(io.BytesIO(content), kind_of(name))


def test_every_kind_is_known_by_its_endings() -> None:
    assert set(KINDS) == set(FileKind) == set(WHOLE)
    assert {kind_of(f"Plan.{ending.upper()}") for about in KINDS.values() for ending in about.endings} == set(FileKind)


@pytest.mark.parametrize("kind", FileKind)
def test_a_whole_file_of_each_kind_is_taken_and_of_no_other(kind: FileKind) -> None:
    look_at(io.BytesIO(WHOLE[kind]), kind)
    texts = {FileKind.TEXT, FileKind.CSV}
    for other in set(FileKind) - {kind} - (texts if kind in texts else set()):
        with pytest.raises(KindRefused):
            look_at(io.BytesIO(WHOLE[kind]), other)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_file_is_refused_with_the_cure(hostile: str) -> None:
    with pytest.raises(KindRefused) as refusal:
        looked(*HOSTILE[hostile])
    assert refusal.value.detail.endswith(".")
    assert refusal.value.cure.endswith(".")


def test_a_document_with_a_password_is_refused() -> None:
    content = bytearray(WHOLE[FileKind.DOCX])
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    with pytest.raises(KindRefused, match="password"):
        looked("plan.docx", bytes(content))


def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    content = office(FileKind.DOCX, **{"word/a.xml": bytes(50_000)})
    said = zipfile.ZipFile(io.BytesIO(content)).getinfo("word/a.xml").file_size.to_bytes(4, "little")
    with pytest.raises(KindRefused):
        looked("plan.docx", content.replace(said, (10).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Plan.pdf", "Plan"),
        ("../../etc/passwd.pdf", "passwd"),
        (r"C:\Users\ada\Plan 2.pdf", "Plan 2"),
        ("x" * 300 + ".pdf", "x" * 200),
        (".pdf", ""),
    ],
)
def test_a_file_is_called_by_its_own_name_without_folders(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The plan", "The plan.pdf"),
        ("../../etc/passwd", "etc_passwd.pdf"),
        ('a"; filename="b.exe', "a__ filename=_b_exe.pdf"),
        ("Übersicht für Málaga – 3", "Übersicht für Málaga _ 3.pdf"),
        ("計画", "計画.pdf"),
        ("\r\nSet-Cookie: a", "Set-Cookie_ a.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 200, "x" * 100 + ".pdf"),
    ],
)
def test_a_file_goes_out_under_a_name_that_no_system_misreads(title: str, name: str) -> None:
    assert name_of(title, FileKind.PDF) == name
