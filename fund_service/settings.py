"""Every setting of the service, read from the environment (`FUND_…`) in this file alone."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import Malformed


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
