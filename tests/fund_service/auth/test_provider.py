"""The identity provider: asked only when somebody signs in; away, wrong, or set by half, it is told in a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.errors import Malformed, NotFound, Unavailable
from fund_service.auth.departures import secrets_of
from fund_service.auth.provider import EU_LOGIN, Came, Provider, provider_of
from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.simulated_provider import CLIENT, SECRET, SimulatedProvider, simulated_provider

BACK = "https://fund.example/api/v1/session/provider/return"
SECRETS = secrets_of("departure")
ISSUER = "https://provider.example"


@pytest.fixture
def serving() -> Iterator[SimulatedProvider]:
    """Return a provider of the test's own."""
    with simulated_provider() as made:
        yield made


def known(serving: SimulatedProvider, secret: str = SECRET, *, signs: bool = False) -> Provider:
    """Return the provider as the fund sees it."""
    return Provider(serving.issuer, CLIENT, lambda: secret, signs=signs)


def told(provider: Provider, serving: SimulatedProvider) -> str:
    """Return whom the provider names when somebody went there and comes back."""
    brought = serving.goes(provider.address(SECRETS, BACK, again=False), "ona")
    came = Came(brought["state"], brought["code"], brought["iss"], None)
    return provider.told(came, SECRETS, BACK, datetime.now(UTC)).identifier


@pytest.mark.parametrize("signs", [False, True])
def test_the_fund_shows_who_it_is_by_its_secret_or_by_what_is_signed_with_it(
    serving: SimulatedProvider, signs: bool
) -> None:
    assert told(known(serving, signs=signs), serving) == "ona"
    assert ("client_assertion" in serving.given) is signs
    assert SECRET not in str(serving.given)
    with pytest.raises(Unavailable, match="cannot be used now"):
        told(known(serving, SECRET[:-1] + "?", signs=signs), serving)


def test_nothing_is_asked_before_somebody_signs_in_and_then_no_more_than_is_needed(serving: SimulatedProvider) -> None:
    provider = known(serving)
    assert serving.asked == []
    wanted = parse_qs(urlsplit(provider.address(SECRETS, BACK, again=False)).query)
    assert serving.asked == ["/.well-known/openid-configuration", "/keys"]
    assert (wanted["redirect_uri"], wanted["max_age"], "prompt" in wanted) == ([BACK], ["43200"], False)
    assert not {*SECRETS[2:], SECRET} & {value for values in wanted.values() for value in values}
    wanted = parse_qs(urlsplit(provider.address(SECRETS, BACK, again=True)).query)
    assert (wanted["prompt"], wanted["max_age"], len(serving.asked)) == (["login"], ["0"], 2)


def test_a_provider_that_is_away_is_told_in_a_sentence_with_the_cure() -> None:
    with simulated_provider() as gone:
        provider = known(gone)
    with pytest.raises(Unavailable, match="Try again in a moment; who has a password signs in by it"):
        provider.address(SECRETS, BACK, again=False)


@pytest.mark.parametrize(
    "about",
    [{"issuer": "https://elsewhere.example"}, {"token_endpoint": None}, {"jwks_uri": "not an address"}],
    ids=str,
)
def test_a_provider_that_says_something_else_of_itself_is_not_used(
    serving: SimulatedProvider, about: dict[str, Any]
) -> None:
    serving.about |= about
    with pytest.raises(Unavailable):
        known(serving).address(SECRETS, BACK, again=False)


def test_a_provider_is_asked_over_tls(serving: SimulatedProvider) -> None:
    provider = known(serving)
    provider._here = False
    with pytest.raises(Unavailable):
        provider.address(SECRETS, BACK, again=False)


def test_what_is_not_set_is_not_there(tmp_path: Path) -> None:
    assert provider_of(Settings(data=tmp_path)) is None
    with open_parts(Settings(data=tmp_path)) as parts, pytest.raises(NotFound, match="Sign in by name and password"):
        parts.provider.sign_in(BACK, "/", datetime.now(UTC))


def test_eu_login_needs_no_issuer_to_be_set(tmp_path: Path) -> None:
    found = provider_of(Settings(oidc_preset="eu-login", oidc_client=CLIENT, oidc_secret=SECRET))
    assert found is not None
    assert found.issuer == EU_LOGIN


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"oidc_issuer": ISSUER, "oidc_secret": "x"}, "FUND_OIDC_CLIENT"),
        ({"oidc_client": CLIENT, "oidc_secret": "x"}, "FUND_OIDC_ISSUER"),
        ({"oidc_preset": "eu-login"}, "FUND_OIDC_CLIENT"),
        ({"oidc_issuer": ISSUER, "oidc_client": CLIENT}, "secret"),
        ({"oidc_issuer": ISSUER, "oidc_client": CLIENT, "oidc_secret": "x", "oidc_secret_file": Path("x")}, "secret"),
    ],
)
def test_half_a_provider_is_refused(given: dict[str, Any], missing: str) -> None:
    with pytest.raises(Malformed, match=missing):
        provider_of(Settings(**given))


def test_a_secret_is_read_when_it_is_needed(serving: SimulatedProvider, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    settings = Settings(oidc_issuer=serving.issuer, oidc_client=CLIENT, oidc_secret_file=file)
    provider = provider_of(settings)
    assert provider is not None
    with pytest.raises(Unavailable):
        told(provider, serving)
    file.write_text(f"{SECRET}\n")
    assert told(provider, serving) == "ona"


@pytest.mark.parametrize("issuer", ["http://provider.example", "ftp://x", "https://a b", "https://x?y", "https://x#y"])
def test_an_issuer_is_reached_over_tls_or_on_this_machine(issuer: str) -> None:
    with pytest.raises(ValueError, match="oidc_issuer"):
        Settings(oidc_issuer=issuer)
