"""What verifies, with the standard library alone: an auditor's laptop needs nothing of the fund.

package.py  what is the same in every archive     bundle.py  of a call     dossier.py  of an application
merkle.py   hashes, roots and proofs of RFC 6962     ed25519.py  signatures by RFC 8032
notes.py    signed notes, checkpoints and proofs of C2SP
"""
