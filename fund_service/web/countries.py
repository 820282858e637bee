"""Countries as they can be chosen: the member states, those where the programme's partners lie, and any other."""

from collections.abc import Mapping
from typing import Final

from domain.organisation.countries import MEMBER_STATES

ABROAD: Final[Mapping[str, str]] = {
    "AR": "Argentina",
    "AU": "Australia",
    "BR": "Brazil",
    "CL": "Chile",
    "CO": "Colombia",
    "IN": "India",
    "ID": "Indonesia",
    "JP": "Japan",
    "KR": "Korea",
    "MY": "Malaysia",
    "MX": "Mexico",
    "NZ": "New Zealand",
    "PE": "Peru",
    "SG": "Singapore",
    "TW": "Taiwan",
    "TH": "Thailand",
    "ZZ": "Another country outside the EU",
}
"""Where partners lie in the programme's documents; ISO 3166-1 leaves ZZ to everybody's own use."""
CHOICES: Final = (("In the EU", MEMBER_STATES), ("Outside the EU", ABROAD))
