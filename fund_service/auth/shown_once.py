"""Secrets that are shown once: what is kept of them is a digest."""

import hashlib


def digest_of(secret: str) -> str:
    """Return what is kept of a secret; whatever somebody shows in its place has a digest too."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
