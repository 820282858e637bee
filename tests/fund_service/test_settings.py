"""Every setting comes from the environment, has a default, and stands in the example with it."""

import re
from pathlib import Path

import pytest

from domain.errors import Malformed
from fund_service.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "settings.example.env"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FUND_{name.upper()}", raising=False)


def test_the_example_names_exactly_the_settings_with_their_defaults() -> None:
    lines = re.findall(r"^(?:# )?FUND_([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    shown = {name.lower(): value for name, value in lines}
    assert len(shown) == len(lines)
    assert shown == {
        name: "" if field.default is None else str(field.default) for name, field in Settings.model_fields.items()
    }


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_explains_each_setting_in_the_lines_above_it(name: str) -> None:
    described = Settings.model_fields[name].description
    assert f"# {described}\n" in EXAMPLE.read_text().partition(f"FUND_{name.upper()}=")[0]


def test_a_copy_of_the_example_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = read_settings()
    for name, value in re.findall(r"^FUND_([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE):
        monkeypatch.setenv(f"FUND_{name}", value)
    assert read_settings() == defaults


def test_what_is_given_goes_before_the_environment_and_that_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(port=None).port == 8080
    monkeypatch.setenv("FUND_PORT", "9090")
    assert read_settings(port=None).port == 9090
    assert read_settings(port=0).port == 0


@pytest.mark.parametrize("port", ["eighty", "-1", "65536", "80.5"])
def test_a_wrong_setting_is_told_in_one_sentence_with_its_name(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("FUND_PORT", port)
    sentence = rf"^The setting port \(FUND_PORT\) cannot be '{re.escape(port)}'\. It is: The port of the API on .+\.$"
    with pytest.raises(Malformed, match=sentence):
        read_settings()


def test_the_environment_of_other_programs_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("FUND_OF_ANOTHER_KIND", "2")
    assert read_settings().port == 8080
