"""Receipts proven: that what an applicant submitted stands in the signed log, to be checked by anyone, for ever.

A proof is a file as C2SP tlog-proof writes it. The applicant's own holds the record itself, so that nobody is needed to
check it; to whoever has the number and the digest of a receipt it is given without, for the record tells the sum.
"""

import re
from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple

from domain.errors import Malformed, NotFound
from domain.pilot_action.events import ApplicationSubmitted
from fund_service.audit.checkpoints import origin, witness_log
from fund_service.audit.offline.notes import Proof
from fund_service.audit.records import record_of
from fund_service.composition import Parts


class Proven(NamedTuple):
    """What a receipt is of: the submission, its arrival (UTC), its record, and the proof; None until it is signed."""

    submitted: ApplicationSubmitted
    arrived_at: datetime
    position: int
    record: bytes
    proof: Proof | None

    def written(self, *, with_record: bool) -> bytes:
        """Return the proof as a file. Raises NotFound until the log is signed."""
        if self.proof is None:
            raise NotFound(
                "The log was not signed since this submission.", "Ask again later: it is signed at least once an hour."
            )
        return str(self.proof._replace(extra=self.record if with_record else None)).encode()


def proven_receipt(parts: Parts, number: int, typed: str) -> Proven:
    """Return what a receipt with this number and digest proves, as they were typed.

    Raises Malformed for what is no digest, NotFound when no such receipt was ever given.
    """
    digest = re.sub(r"\s", "", typed).lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise Malformed("This is no digest of a receipt.", "It has 64 signs, 0 to 9 and a to f; spaces do not matter.")
    stored = next(iter(parts.log.headers(number - 1, 1)), None) if number > 0 else None
    if stored is not None and stored.id == number and stored.topic == ApplicationSubmitted.TOPIC:
        submitted = parts.log.recorded(stored).event
        assert isinstance(submitted, ApplicationSubmitted)
        if compare_digest(submitted.digest, digest):
            return Proven(submitted, submitted.effective_at, number, record_of(stored), _proof(parts, number))
    raise NotFound(
        "No receipt has this number and this digest.", "Check both: the digest has 64 signs, 0 to 9 and a to f."
    )


def _proof(parts: Parts, position: int) -> Proof | None:
    try:
        return witness_log(parts).proof(origin(parts), position)
    except NotFound:
        return None
