"""Many places and partnerships at once from a file: a dry run first, all or none, and twice changes nothing."""

import json
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest

from fund_service.cli.main import main
from fund_service.composition import open_parts
from fund_service.editions.loader import shipped_editions
from fund_service.settings import Settings
from tests.fund_service.cli.conftest import Run, Said

SHIPPED = Path(str(files("fund_service.rehearsal").joinpath("data/partnerships.csv")))
PLACES = "name,kind,side,country,population,strand\n"
PAIRS = "partnership,role,name,kind,country,geography\n"
TURIN = "Turin,city,EU,IT,847287,AA\n"
NAGOYA = "Nagoya,city,non-EU,JP,,\n"
PAIR = "1,coordinator,Turin,city,IT,Asia\n1,member,Nagoya,city,JP,Asia\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a live fund with its first secretariat and a call, to be copied."""
    place = tmp_path_factory.mktemp("begun") / "live"
    assert main(["init", "--data", str(place)]) == 0
    rules = str(shipped_editions()["iurc-2026"])
    assert main(["call", "publish", rules, "--as", "Secretariat 1", "--data", str(place)]) == 0
    return place


@pytest.fixture
def live(begun: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `fund` in a live fund with its first secretariat and a call; texts with line ends are files to import."""
    monkeypatch.setenv("FUND_DATA", str(copytree(begun, tmp_path / "live")))

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return run


def places(tmp_path: Path, content: str | bytes) -> list[str]:
    """Return the words that import a file of places with this content."""
    file = tmp_path / "places.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return ["organisations", "import", str(file), "--as", "Secretariat 1"]


def pairs(tmp_path: Path, content: str) -> list[str]:
    """Return the words that import a file of partnerships with this content."""
    file = tmp_path / "pairs.csv"
    file.write_text(content, encoding="utf-8")
    return ["partnerships", "import", str(file), "--call", "iurc-2026", "--as", "Secretariat 1"]


def end_of(tmp_path: Path) -> int:
    """Return the end of the live fund's log."""
    with open_parts(Settings(data=tmp_path / "live")) as parts:
        return parts.log.end()


def test_an_import_is_a_dry_run_until_it_is_applied(live: Run, tmp_path: Path) -> None:
    before, words = end_of(tmp_path), places(tmp_path, PLACES + TURIN + NAGOYA)
    said = live(*words)
    assert said.out.splitlines() == [
        "line 2  Turin: registered and admitted (AA)",
        "line 3  Nagoya: registered",
        "2 things to import, 0 unchanged.",
        "Nothing is recorded yet. Do it with --apply.",
    ]
    assert end_of(tmp_path) == before
    assert live(*words, "--apply").out.splitlines()[-1] == "2 things imported, 0 unchanged."
    assert "admitted: yes" in live("show", "organisation", "Turin").out


def test_importing_again_changes_nothing(live: Run, tmp_path: Path) -> None:
    words, pairing = places(tmp_path, PLACES + TURIN + NAGOYA), pairs(tmp_path, PAIRS + PAIR)
    live(*words, "--apply")
    live(*pairing, "--apply")
    end = end_of(tmp_path)
    assert json.loads(live(*words, "--apply", "--json").out) == {"applied": True, "steps": [], "unchanged": 2}
    assert json.loads(live(*pairing, "--apply", "--json").out) == {"applied": True, "steps": [], "unchanged": 1}
    assert end_of(tmp_path) == end


def test_an_admission_can_follow_the_registration(live: Run, tmp_path: Path) -> None:
    live(*places(tmp_path, PLACES + "Turin,city,EU,IT,,\n"), "--apply")
    assert "Turin: admitted (AA)" in live(*places(tmp_path, PLACES + "Turin,city,EU,IT,,AA\n"), "--apply").out


def test_the_shipped_pairings_can_be_imported_as_they_are(live: Run) -> None:
    office = ("--as", "Secretariat 1", "--apply")
    assert live("organisations", "import", SHIPPED, *office).code == 0
    said = live("partnerships", "import", SHIPPED, "--call", "iurc-2026", *office)
    assert said.out.splitlines()[-1] == "52 things imported, 0 unchanged."
    assert live("partnerships", "list").out.splitlines()[-1] == "52 partnerships"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + (PLACES + TURIN).encode(),
        (PLACES + TURIN).replace(",", ";").encode(),
        (PLACES + TURIN).replace(",", "\t").encode(),
        (PLACES + TURIN).replace("\n", "\r\n").encode(),
        ("\n" + PLACES.upper() + "\n , , , , , \n\n Turin , city,EU,IT,847287,AA").encode(),
        b'name,kind,side,country,strand,population\n"Turin",city,EU,IT,AA,847287\n',
    ],
    ids=["mark", "semicolons", "tabs", "line ends", "blank lines and spaces", "quotes and order"],
)
def test_every_usual_way_to_write_csv_is_read(live: Run, tmp_path: Path, content: bytes) -> None:
    assert "Turin: registered and admitted (AA)" in live(*places(tmp_path, content)).out


BAD_FILES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty. Begin with the columns name, kind, side, country."),
    ("blank", b"\n\n", "is empty."),
    ("header only", PLACES.encode(), "has a header and no rows."),
    ("latin", "name,kind,side,country\nMálaga,city,EU,ES\n".encode("latin-1"), "is not text in UTF-8."),
    ("utf-16", (PLACES + TURIN).encode("utf-16"), "is not text in UTF-8."),
    ("twice", b"name,name,kind,side,country\nA,A,city,EU,ES\n", "the column “name” stands there twice."),
    ("unknown", b"name,kind,side,country,populaton\nA,city,EU,ES,1\n", "“populaton”. Did you mean “population”?"),
    ("missing", b"name,kind,side\nA,city,EU\n", "the column country is missing."),
    ("uneven", (PLACES + "Turin,city,EU\n").encode(), "line 2: 3 cells under 6 columns."),
    ("quotes", (PLACES + '"Turin,city,EU,IT,,\n').encode(), "is not CSV"),
]


@pytest.mark.parametrize(("content", "sentence"), [bad[1:] for bad in BAD_FILES], ids=[bad[0] for bad in BAD_FILES])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(
    live: Run, tmp_path: Path, content: bytes, sentence: str
) -> None:
    said = live(*places(tmp_path, content), "--apply")
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert said.err.startswith(str(tmp_path))


BAD_ROWS: list[tuple[str, str, str]] = [
    ("Essen,town,EU,DE,,", "kind", "is “town”; write city, metropolitan_area"),
    ("Essen,city,Europe,DE,,", "side", "is “Europe”; write EU or non-EU."),
    ("Essen,city,EU,Germany,,", "country", "is “Germany”; write two capital letters"),
    ("Essen,city,EU,DE,-1,", "population", "is “-1”; write a whole number in digits alone"),
    ("Essen,city,EU,DE,NaN,", "population", "is “NaN”; write a whole number in digits alone"),
    ("Essen,city,EU,DE,0,", "population", "is 0; write a number above 0."),
    ('Essen,city,EU,DE,"592,346",', "population", "is “592,346”; write a whole number in digits alone"),
    ("Essen,city,EU,DE,,XX", "strand", "is “XX”; write AA or LAC."),
    (",city,EU,DE,,", "name", "is empty; fill it in."),
    ("Turin,city,non-EU,IT,847287,AA", "side", "differs from line 2, which names the same place."),
]


@pytest.mark.parametrize(("row", "column", "sentence"), BAD_ROWS, ids=[row for row, *_ in BAD_ROWS])
def test_one_bad_row_is_named_and_nothing_is_imported(
    live: Run, tmp_path: Path, row: str, column: str, sentence: str
) -> None:
    before = end_of(tmp_path)
    said = live(*places(tmp_path, f"{PLACES}{TURIN}{row}\n{NAGOYA}"), "--apply")
    assert (said.code, said.out) == (2, "")
    assert f"line 3, column {column}: {sentence}" in said.err
    assert said.err.endswith("Nothing was imported.\n")
    assert end_of(tmp_path) == before


def test_every_bad_row_is_named_in_the_files_order(live: Run, tmp_path: Path) -> None:
    rows = "Essen,town,EU,DE,,\nTurin,city,EU,IT,,\nBonn,city,EU,D,,\n"
    said = live(*places(tmp_path, PLACES + rows))
    named = [line.partition(", line ")[2][:1] for line in said.err.splitlines()[:-1]]
    assert named == ["2", "4"]


def test_what_is_recorded_is_not_changed_by_an_import(live: Run, tmp_path: Path) -> None:
    live(*places(tmp_path, PLACES + TURIN), "--apply")
    said = live(*places(tmp_path, PLACES + TURIN.replace("847287", "1000000")), "--apply")
    assert "line 2, column population: is “1000000”, and “847287” is recorded; an import changes nothing" in said.err
    assert said.code == 2


BAD_PAIRS: list[tuple[str, str, str]] = [
    (
        "unknown place",
        PAIR + "2,coordinator,Bonn,city,DE,Asia\n2,member,Nagoya,city,JP,Asia\n",
        "“Bonn” (city, DE) is not",
    ),
    ("no coordinator", PAIR.replace("coordinator", "member"), "the pair has 0 coordinators; write one coordinator."),
    ("two", PAIR.replace("member", "coordinator"), "the pair has 2 coordinators; write one coordinator."),
    ("role", PAIR.replace("member", "partner"), "column role: is “partner”; write coordinator or member."),
    ("geography", PAIR.replace("JP,Asia", "JP,Africa"), "column geography: differs from line 2 of the same pair."),
    ("unknown geography", PAIR.replace("Asia", "Africa"), "column geography: is “Africa”; write Asia"),
    ("no number", ",coordinator,Turin,city,IT,Asia\n", "column partnership: is empty"),
    ("alone", "1,coordinator,Turin,city,IT,Asia\n", "The partnership has 1 of at least 2 members."),
    (
        "from abroad",
        PAIR.replace("coordinator,Turin", "member,Turin").replace("member,Nag", "coordinator,Nag"),
        "EU city",
    ),
]


@pytest.mark.parametrize(("rows", "sentence"), [bad[1:] for bad in BAD_PAIRS], ids=[bad[0] for bad in BAD_PAIRS])
def test_a_pair_that_cannot_be_formed_is_named_and_no_other_is(
    live: Run, tmp_path: Path, rows: str, sentence: str
) -> None:
    live(*places(tmp_path, PLACES + TURIN + NAGOYA), "--apply")
    before = end_of(tmp_path)
    said = live(*pairs(tmp_path, PAIRS + rows), "--apply")
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert end_of(tmp_path) == before


def test_who_may_not_import_is_told_so_once(live: Run, tmp_path: Path) -> None:
    asked = ("--set", "subject=new", "--set", "label=Evaluator 1", "--set", "unit=Unit 1")
    assert live("act", "--as", "Secretariat 1", "open-account", *asked).code == 0
    words = places(tmp_path, PLACES + TURIN + NAGOYA)
    said = live(*[word.replace("Secretariat 1", "Evaluator 1") for word in words], "--apply")
    assert (said.code, said.err) == (4, "You may not do this; only the secretariat may. Ask the secretariat.\n")
