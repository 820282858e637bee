"""Every setting of the service, read from the environment (`FUND_…`) in this file alone."""

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import Malformed

THIS_MACHINE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Settings(BaseSettings):
    """The settings, each with its default; deploy/settings.example.env shows them all."""

    model_config = SettingsConfigDict(env_prefix="FUND_", env_ignore_empty=True, extra="ignore", frozen=True)

    data: Path = Field(default=Path("fund-data"), description="The data directory of the embedded service.")
    store: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="The store, when another than the data directory's: sqlite:///FILE or postgresql://…",
    )
    port: int = Field(
        default=8080, ge=0, le=65535, description="The port of the API on 127.0.0.1, at most 65535; 0 takes a free one."
    )
    hosts: str = Field(
        default="127.0.0.1,localhost,[::1]",
        pattern=r"^([^\s,:/\[]+|\[[0-9a-fA-F:.]+\])(,([^\s,:/\[]+|\[[0-9a-fA-F:.]+\]))*$",
        description="The hosts, divided by commas, that the API answers for, at any port; other requests are refused.",
    )
    docs: Literal["open", "closed"] | None = Field(
        default=None,
        description="Whether the API shows its document: open or closed; else while its hosts are this machine alone.",
    )
    requests: int = Field(
        default=6000,
        ge=0,
        description="So many requests a minute are taken from one person, 20 times as many from an address; 0: any.",
    )
    attachments: str | None = Field(
        default=None,
        description="Where attached files lie, when elsewhere than in the data directory: a folder, or s3://BUCKET/…",
    )
    log_key: Path | None = Field(
        default=None, description="The file with the key that signs the log, when elsewhere than in the data directory."
    )
    log_signer: str | None = Field(
        default=None,
        repr=False,  # it may hold the number that opens a module of hardware
        description="The command line of a program that signs the log, when its key lies in no file but in an HSM.",
    )
    checkpoints: str | None = Field(
        default=None,
        repr=False,  # an address may hold a password
        description="Where signed checkpoints are sent: /FOLDER, mailto:…, https://…, witness+https://…#KEY, in a row.",
    )
    mail_server: str | None = Field(
        default=None,
        repr=False,
        description="The server by which mail is sent: smtp://HOST:PORT, or smtps://USER:PASSWORD@HOST:PORT.",
    )
    clamd: str | None = Field(
        default=None, description="The virus scanner, clamd: HOST:PORT, or the path of its socket; else files say so."
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)(/[^\s?#]*)?$",
        max_length=200,
        description="The issuer of the OpenID Connect provider that people sign in by; else by a password alone.",
    )
    oidc_client: str | None = Field(
        default=None, min_length=1, max_length=200, description="What that provider calls this fund: its client id."
    )
    oidc_secret: str | None = Field(
        default=None, min_length=1, repr=False, description="The client's secret, where no file holds it."
    )
    oidc_secret_file: Path | None = Field(default=None, description="The file that holds the client's secret.")
    oidc_preset: Literal["generic", "eu-login"] = Field(
        default="generic",
        description="Which manners the provider has: generic sends the secret (over TLS), eu-login signs with it.",
    )
    contact: str | None = Field(
        default=None,
        pattern=r"^([^@\s]+@[^@\s]+|https://\S+)$",
        description="How people reach who runs the service: an address of mail, or https://…; the notices show it.",
    )
    temporal: Path | None = Field(
        default=None, description="The Temporal binary, when another than the installed package's is wanted."
    )
    temporal_address: str | None = Field(
        default=None,
        pattern=r"^[^\s:/]+:\d{1,5}$",
        description="HOST:PORT of the Temporal server for `work` and `relay`; else that of `fund temporal` here.",
    )
    temporal_namespace: str = Field(
        default="default", min_length=1, description="The namespace on that Temporal server; it must be there."
    )

    @property
    def trusted_hosts(self) -> frozenset[str]:
        """The hosts that the API answers for, in small letters."""
        return frozenset(self.hosts.lower().split(","))

    @property
    def shows_docs(self) -> bool:
        """Tell whether the API shows its document."""
        return self.docs == "open" or (self.docs is None and self.trusted_hosts <= THIS_MACHINE)


def read_settings(**given: object) -> Settings:
    """Return the settings: what is given (not None) before the environment. Raises Malformed, naming the setting."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        name = str(first["loc"][0])
        raise Malformed(
            f"The setting {name} (FUND_{name.upper()}) cannot be {first['input']!r}.",
            f"It is: {Settings.model_fields[name].description}",
        ) from invalid
