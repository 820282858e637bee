"""Signing in at a real identity provider, in a real browser: there and back again, on two different sites."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import update

from domain.account.aggregate import ACCOUNT
from domain.account.commands import OpenAccount, RevokeRole
from domain.people import Role
from fund_service.api.app import make_app
from fund_service.api.server import address_of, bound, serving
from fund_service.auth.directory import SESSIONS
from fund_service.auth.sessions import FRESH
from fund_service.composition import Parts, open_parts
from fund_service.facts import Facts
from fund_service.settings import Settings
from fund_service.store import open_store
from tests.browser.running import RETURN, SECRET, Person, chromium, provider
from tests.fund_service.small_fund import CALENDAR, OFFICE, SmallFund, id_of


@contextmanager
def opened(settings: Settings, at: datetime) -> Iterator[Parts]:
    """Open a fund in which it is always this instant."""
    with open_store(settings) as store:
        Facts(store.engine("facts")).put("clock", at.astimezone(UTC).isoformat())
    with open_parts(settings) as parts:
        yield parts


class Served:
    """A fund that is served, with somebody at a browser."""

    def __init__(self, parts: Parts, issuer: str, story: SmallFund, person: Person) -> None:
        self.parts, self.issuer, self.story, self.person = parts, issuer, story, person


@asynccontextmanager
async def fund(place: Path, method: str, **settings: str) -> AsyncIterator[Served]:
    """Serve a fund that knows a real provider, to which it shows who it is by a method."""
    with bound(0) as listening:
        address = address_of(listening)
        async with provider({"address": address, "method": method}) as issuer, chromium() as context:
            known = Settings(data=place, oidc_issuer=issuer, oidc_client="fund", **settings)
            with open_store(known) as store:
                Facts(store.engine("facts")).put("clock", (CALENDAR.applications_open - timedelta(days=1)).isoformat())
            with open_parts(known) as parts:
                story = SmallFund(parts.fund)
                story.found()
                async with serving(listening, make_app(parts, list)):
                    person = Person(await context.new_page(), address)
                    await person.begin()
                    yield Served(parts, issuer, story, person)


async def test_signed_in_at_the_provider_proved_again_for_a_role_revoked_in_mid_session_signed_out(
    tmp_path: Path,
) -> None:
    async with fund(tmp_path, "client_secret_basic", oidc_secret=SECRET) as served:
        parts, person = served.parts, served.person
        parts.provider.identities.bind(OFFICE, served.issuer, "ona", datetime.now(UTC))

        await person.go("/session/provider")
        await person.prove("ona")
        await person.agree()
        session = await person.shown()
        assert (session["subject"], session["how"]) == (str(OFFICE), "identity provider")

        await person.begin()
        subject = str(uuid4())
        coach = ("POST", f"/accounts/{subject}/roles", {"role": "coach"})
        opening = await person.ask("POST", "/accounts", {"subject": subject, "label": "Coach 8", "unit": "Team"})
        assert opening[0] == 201, opening
        _let_proofs_pass(parts)
        status, said = await person.ask(*coach)
        assert (status, said["type"]) == (403, "/problems/step-up-needed")

        await person.go("/session/step-up/provider", page="/api/v1/me")
        await person.prove("ona")  # although the provider remembers
        assert (await person.shown())["id"] == str(OFFICE)
        await person.begin()
        assert (await person.ask(*coach))[0] == 200
        account = parts.fund.look(ACCOUNT, UUID(subject))
        assert account is not None
        assert set(account.roles) == {Role.COACH}

        revoked = {"subject": OFFICE, "role": Role.SECRETARIAT, "reason": "Left the office."}
        served.story.act(RevokeRole, id_of("Secretariat 2"), **revoked)
        again = await person.ask("POST", "/accounts", {"label": "Coach 9", "unit": "Team"})
        assert (again[0], again[1]["type"]) == (403, "/problems/not-permitted")

        assert (await person.ask("DELETE", "/session"))[0] == 204
        assert (await person.ask("GET", "/me"))[0] == 401


async def test_invited_by_link_and_code_where_the_fund_signs_with_its_secret_as_eu_login_wants_it(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    (place := tmp_path / "fund").mkdir()
    settings = {"oidc_preset": "eu-login", "oidc_secret_file": str(secret)}
    async with fund(place, "client_secret_jwt", **settings) as served:
        parts, person, coach = served.parts, served.person, uuid4()
        served.story.act(OpenAccount, OFFICE, subject=coach, label="Coach 8", unit="Team")
        invitation = parts.local.invite(coach, datetime.now(UTC))

        await person.go("/session/provider")
        await person.prove("jonas")
        await person.agree()
        assert (await person.shown())["type"] == "/problems/unknown-identity"

        await person.begin()
        taken = {"token": invitation.token, "code": invitation.code}
        await person.go("/invitations/accept/provider", **taken)
        await person.prove("jonas")
        assert (await person.shown())["subject"] == str(coach)

        returned = f"{RETURN}?code=1&state=2&iss={served.issuer}"
        await person.page.goto(person.at(returned))
        assert (await person.shown())["type"] == "/problems/return-refused"

        await person.begin()
        assert (await person.ask("DELETE", "/session"))[0] == 204
        await person.go("/session/provider")  # the provider remembers, and asks nothing
        assert (await person.shown())["subject"] == str(coach)


def _let_proofs_pass(parts: Parts) -> None:
    """Let every proof have been given so long ago that it counts no more."""
    with parts.store.engine("directory").begin() as connection:
        connection.execute(update(SESSIONS).values(proved_at=datetime.now(UTC) - FRESH))
