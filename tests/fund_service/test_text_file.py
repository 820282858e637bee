"""Every file that somebody hands over is read in one place."""

from pathlib import Path

import pytest

from domain.errors import Malformed
from fund_service.text_file import LARGEST, text_of


def test_a_byte_order_mark_and_the_lines_of_windows_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_bytes("\ufeffMálaga\r\nTurin\r\n".encode())
    assert text_of(file) == "Málaga\nTurin\n"


@pytest.mark.parametrize(("size", "read"), [(LARGEST, True), (LARGEST + 1, False)])
def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path, size: int, read: bool) -> None:
    file = tmp_path / "a file"
    file.write_bytes(b"x" * size)
    if read:
        assert len(text_of(file)) == size
        return
    with pytest.raises(Malformed, match="is larger than 5 MB"):
        text_of(file)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read: is a directory"):
        text_of(tmp_path)
