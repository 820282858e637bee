"""The signed log in public: its last checkpoint and its keys, and the proof that a receipt stands in it."""

from typing import Annotated, BinaryIO, Final
from uuid import UUID

from fastapi import Query

from domain.log_key import LOG_KEY, LOG_KEY_ID
from domain.values import Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Answered, Routes
from fund_service.api.resources.pilot_actions import receipt_of
from fund_service.audit.checkpoints import origin, witness_log
from fund_service.audit.dossier import dossier
from fund_service.audit.receipts import proven_receipt
from fund_service.permissions.views import View

TEXT: Final = "text/plain; charset=utf-8"

Number = Annotated[int, Query(ge=1, le=2**53, description="The number of a receipt.")]
TypedDigest = Annotated[
    str, Query(min_length=1, max_length=200, description="The digest of a receipt; spaces in it do not matter.")
]


class CheckpointState(Value):
    """How the log stood when it was signed last: so many records, up to a position, and the note that was signed (C2SP
    tlog-checkpoint), or null before the first time; `keys` are all that ever signed it, the one in use last.
    """

    origin: str
    size: int
    position: int
    note: str | None
    keys: tuple[str, ...]


def log_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.one("/log/checkpoint", CheckpointState, Open.EVERYBODY, name="readCheckpoint")
    def checkpoint(asking: Asking) -> Answered[CheckpointState]:
        """Read how the log stood when it was signed last; whoever keeps this can later prove what was there."""
        return last_checkpoint(asking), None

    @routes.document("/log/receipt-proof", Open.EVERYBODY, TEXT, name="proveReceipt")
    def receipt(asking: Asking, number: Number, digest: TypedDigest) -> tuple[str, bytes]:
        """Download the proof that a receipt stands in the signed log, by what is written on it (C2SP tlog-proof)."""
        return proof_name(number), proven_receipt(asking.context.parts, number, digest).written(with_record=False)

    @routes.document("/pilot-actions/{pilot_action_id}/receipt/proof", View.DRAFT, TEXT, name="downloadReceiptProof")
    def own(asking: Asking, pilot_action_id: UUID) -> tuple[str, bytes]:
        """Download the receipt of what was submitted last as a proof that needs nobody: the record is in it."""
        receipt = receipt_of(asking, pilot_action_id)
        found = proven_receipt(asking.context.parts, receipt.position, receipt.digest)
        return proof_name(receipt.position), found.written(with_record=True)

    @routes.archive("/pilot-actions/{pilot_action_id}/dossier", View.DOSSIER, name="downloadDossier")
    def own_dossier(asking: Asking, target: BinaryIO, pilot_action_id: UUID) -> tuple[str, str]:
        """Download the history of your own application as one ZIP file, which you can verify offline.

        It holds every record about it that you may read, byte for byte, with the proof that it stands in the signed
        log, the history in words, and the verifier. Until the outcomes are released it ends with the closing of the
        call; after it what you may not read is there as hashes.
        """
        written = dossier(asking.context.parts, asking.actor, pilot_action_id, target)
        return f"application-{str(pilot_action_id)[:8]}-{written.position}.zip", written.digest


def last_checkpoint(asking: Asking) -> CheckpointState:
    """Return how the log stood when it was signed last."""
    parts = asking.context.parts
    kept = witness_log(parts).latest(origin(parts))
    keys = (asking.world.find(LOG_KEY, LOG_KEY_ID) or LOG_KEY.initial).verifiers
    if kept is None:
        return CheckpointState(origin=origin(parts), size=0, position=0, note=None, keys=keys)
    return CheckpointState(
        origin=kept.checkpoint.origin, size=kept.size, position=kept.position, note=str(kept.note), keys=keys
    )


def proof_name(number: int) -> str:
    """Return the name of the file with a receipt's proof."""
    return f"receipt-{number}.tlog-proof"
