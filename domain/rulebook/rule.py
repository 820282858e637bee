"""What a rule is: a clause with a true sentence, its status and its source."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.errors import RuleViolated

Status = Literal["C", "E", "D"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause of the fund.

    `sentence` is true when all is well. `status` is C (certain, stated by the programme), E (taken from EU or
    comparable grant rules; the contracting authority must confirm its force) or D (our default, configurable).
    """

    id: str
    sentence: str
    status: Status
    source: str
    quote: str = ""
    note: str = ""
    version: int = 1
    effective_from: date = date(2025, 12, 15)

    def require(self, holds: bool, detail: str, cure: str = "") -> None:
        """Raise RuleViolated with `detail` (one sentence: what is wrong) and `cure` (what to do) unless `holds`."""
        if not holds:
            raise RuleViolated(self.id, detail, cure)
