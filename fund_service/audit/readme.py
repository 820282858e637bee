"""The text that a stranger reads first in a bundle."""

from uuid import UUID

from fund_service.audit.witness_log import Kept

_TEXT = """The history of one call of the competitive fund, and the proof that it was not altered
======================================================================================

call        {call}
as of       position {position:,} of the fund's log, which had {size:,} records then
signed      {signed}

To verify it you need Python 3.11 or newer and nothing else:

    python3 verify.py BUNDLE.zip --key KEY --checkpoint FILE

KEY is the log's public key (log.keys names every one that the fund ever used). Take it from somewhere else than from
this bundle: from the fund's public pages, from a letter, from another auditor. FILE is a checkpoint that you or
somebody else kept earlier; it may be left out, and may be given several times. With the key of a witness (a second
--key) it says when that witness, by its own clock, saw how many records: what came later is not among them.
Take verify.py from somewhere you trust, too, or read it: it is short. Other people's tools can do the same: see
"Formats" below.

What is in it
  events.jsonl      every record that is not another call's, byte for byte as it is stored
  events.places     the place of each of them in the log, from 0: one number a line
  tile/             the hashes of all records of the log, other calls' among them, as a Merkle tree
  checkpoint        how the log stood, signed; checkpoints/ holds the earlier ones
  call.checkpoint   which of its records are the call's, signed; call.checkpoints/ holds the earlier ones
  log.keys          the log's public keys, the one in use last
  call.json         the call's rules as they are in force, with every correction; from the records
  screens/          what people see on the fund's screens, as tables; from the records
  attachments.csv   the SHA-256 digest, size and kind of every file that was attached; from the records
  files/            where it was asked for: the attached files, each under its digest
  people.csv        where it was asked for: the names behind the ids, as the fund knows them; they are in no record
  manifest.json     the SHA-256 digest of every file here but itself and its signature
  manifest.note     that manifest, signed: its first line is the log's name and /manifest, its second the digest
  verify.py         the verifier

What is not in it
  Names (but where they were asked for), addresses and texts that people wrote: in the records they are encrypted, each
  person's by a key of its own, and when a person's data are erased that key is destroyed. Records that belong to other
  calls alone: of each there is the hash.

What the verification proves
  that the records are those that the log's key signed, each at its place: none altered, dropped, added or displaced;
  that the log had only grown since every earlier checkpoint that is known; that no record is missing between others of
  the same thing, and every request has its answer; that these are all the records that the fund signed as the call's,
  now and at each earlier checkpoint: the fund signs them at each closing and release; that every file here is as
  the fund wrote it.
What it does not prove
  that the fund recorded what really happened, or signed as the call's all that was; anything about the time before the
  first checkpoint that you know.
  `fund audit verify` proves more: that the rules, screens and digests here follow from the records.

Formats
  A record is hashed as a leaf of RFC 6962 (SHA-256 of a zero byte and the line without its end). tile/, checkpoint:
  c2sp.org/tlog-tiles and c2sp.org/tlog-checkpoint; keys and signatures: c2sp.org/signed-note (Ed25519);
  signatures of witnesses: c2sp.org/tlog-cosignature.
"""


def verifying(key: str) -> str:
    """Return what one types to verify what was taken away, with a key of the log."""
    return f"python3 verify.py FILE.zip --key {key}"


_DOSSIER = """The history of one application to the competitive fund, with the proof that it was not altered
====================================================================================================

application {application}
as of       position {position:,} of the fund's log, which had {size:,} records then
outcome     {outcome}
signed      {signed}

To read it, open history.csv: what happened, in words. Times are UTC.
To verify it you need Python 3.11 or newer and nothing else:

    python3 verify.py DOSSIER.zip --key KEY --checkpoint FILE

KEY is the log's public key. Take it from somewhere else than from this file: from the fund's public page on receipts,
from a letter, from another applicant. FILE may be left out: a checkpoint that you kept, such as the one at the end of
the file of your receipt (its lines below the first empty one). It proves that history was not made anew since.
Take verify.py from somewhere you trust, too, or read it: it is short.

What is in it
  history.csv       what happened, in words; it follows from the records, as `fund audit verify` proves
  events.jsonl      every record about the application that you may read, byte for byte as it is stored
  events.places     the place of each of them in the log, from 0: one number a line
  withheld          after the release: what is about the application and you may not read (who evaluates, what others
                    decided about several applications at once), each as its place and hash
  proofs/           for each record the proof that it stands in the log: c2sp.org/tlog-proof
  checkpoint        how the log stood, signed; checkpoints/ holds, for each record, the first that was signed after it
  consistency/      that the log had only grown since each of those (RFC 6962, 2.1.2; a hash a line, in base64)
  log.keys          the log's public keys, the one in use last
  manifest.json     the SHA-256 digest of every file here but itself and its signature
  manifest.note     that manifest, signed: its first line is the log's name and /manifest, its second the digest
  verify.py         the verifier

What is not in it
  What people wrote: in the records it is encrypted, by a key of each person's own; you read it on the pages of your
  application. What others did, and you may not read. Until the outcomes are released it ends with the closing of the
  call, for what comes then would tell of them: take it again after the release.

What the verification proves
  that the records are those that the log's key signed, each at its place, and none of them was altered or displaced;
  that each stood in the log already at the checkpoints that were signed soon after it; that every file here is as the
  fund wrote it.
What it does not prove
  that these are all the records about the application: the fund says so, and an auditor can prove it, with the bundle
  of the whole call. That the fund recorded what really happened. The outcome above is told in one record together with
  those of others; so it stands here by its hash, and the line above is what the fund says of it.

Formats
  As the file of a receipt. A record is hashed as a leaf of RFC 6962 (SHA-256 of a zero byte and the line without its
  end); keys and signatures: c2sp.org/signed-note (Ed25519); of witnesses: c2sp.org/tlog-cosignature.
"""


def dossier_readme(application: UUID, kept: Kept, outcome: str) -> str:
    """Return the text for the dossier of an application, as of a checkpoint; `outcome` is empty until it is told."""
    signed = ", ".join(one.name for one in kept.note.signatures)
    about = {"application": application, "outcome": outcome or "not told yet"}
    return _DOSSIER.format(**about, position=kept.position, size=kept.size, signed=signed)


def readme(call_id: UUID, kept: Kept) -> str:
    """Return the text for a bundle of a call, as of a checkpoint."""
    signed = ", ".join(one.name for one in kept.note.signatures)
    return _TEXT.format(call=call_id, position=kept.position, size=kept.size, signed=signed)
