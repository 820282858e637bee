"""Is this receipt genuine? Anybody who has it can ask, without an account; and how the log was signed last."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query

from domain.errors import FundError, Malformed
from fund_service.api.asking import Asking, Open
from fund_service.api.resources.log import last_checkpoint
from fund_service.audit.receipts import proven_receipt
from fund_service.web.pages import Pages

Typed = Annotated[str, Query(max_length=200)]


def proof_page(pages: Pages) -> None:
    """Enter the page; what is asked stands in its address, and nothing of it is kept."""

    @pages.page("/proof", "proof.html", Open.EVERYBODY)
    def proof(asking: Asking, number: Typed = "", digest: Typed = "") -> Mapping[str, Any]:
        found, wrong = None, None
        if number or digest:
            try:
                found = proven_receipt(asking.context.parts, _number(number), digest)
            except FundError as no:
                wrong = no
        return {
            "number": number,
            "digest": digest,
            "found": found,
            "wrong": wrong,
            "checkpoint": last_checkpoint(asking),
        }


def _number(typed: str) -> int:
    plain = "".join(typed.split()).replace(",", "").replace(".", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise Malformed("This is no number of a receipt.", "Write it in figures, as it stands on the receipt.")
    return int(plain)
