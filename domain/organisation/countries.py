"""On which side a country stands: a member state of the European Union, or any other."""

from collections.abc import Mapping
from typing import Final

from domain.organisation.events import Side

MEMBER_STATES: Final[Mapping[str, str]] = {
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "HR": "Croatia",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DK": "Denmark",
    "EE": "Estonia",
    "FI": "Finland",
    "FR": "France",
    "DE": "Germany",
    "GR": "Greece",
    "HU": "Hungary",
    "IE": "Ireland",
    "IT": "Italy",
    "LV": "Latvia",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "MT": "Malta",
    "NL": "Netherlands",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SK": "Slovakia",
    "SI": "Slovenia",
    "ES": "Spain",
    "SE": "Sweden",
}
"""The member states of the European Union since 1 February 2020: ISO 3166-1 code → name, in the order of names."""


def side_of(country: str) -> Side:
    """Return the side of a city or region in a country, given by its ISO 3166-1 code."""
    return "EU" if country in MEMBER_STATES else "non-EU"
