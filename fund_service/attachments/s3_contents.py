"""Contents in any store that speaks S3: s3://BUCKET/PREFIX?endpoint=URL&region=NAME.

Who we are there says the environment, by the names that every tool reads (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY …).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO, Final
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from domain.errors import Malformed, Unavailable

SECONDS: Final = timedelta(seconds=20)
_KNOWN: Final = {"endpoint", "region"}


class S3Contents:
    """A bucket with an object for each content."""

    def __init__(self, url: str) -> None:
        """Use the bucket that a URL names; nothing is asked of it yet. Raises Malformed."""
        told = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(told.query).items()}
        if not told.netloc or "@" in told.netloc or options.keys() - _KNOWN:
            raise _unreadable()
        self.shown = f"s3://{told.netloc}{told.path}"
        endpoint = options.get("endpoint")
        if endpoint is not None and not endpoint.startswith(("http://", "https://")):
            raise _unreadable()
        try:
            self._store = S3Store(
                told.netloc,
                prefix=told.path.strip("/") or None,
                region=options.get("region"),
                endpoint=endpoint,
                client_options={
                    "allow_http": endpoint is not None and endpoint.startswith("http://"),
                    "timeout": SECONDS,
                    "connect_timeout": timedelta(seconds=5),
                },
                retry_config={"max_retries": 2, "retry_timeout": SECONDS},
            )
        except BaseError as wrong:
            raise _unreadable() from wrong

    def keep(self, digest: str, content: BinaryIO) -> None:
        """Put an object in its place, which the store does in one step."""
        content.seek(0)
        with self._asking():
            obstore.put(self._store, digest, content.read(), use_multipart=False)

    def find(self, digest: str) -> bytes | None:
        """Return the content of the object."""
        with self._asking():
            try:
                return bytes(obstore.get(self._store, digest).bytes())
            except FileNotFoundError as missing:
                self._is_missing_itself(missing)
                return None

    def size(self, digest: str) -> int | None:
        """Return the size of the object."""
        with self._asking():
            try:
                return obstore.head(self._store, digest)["size"]
            except FileNotFoundError:
                return None

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as trouble:
            raise Unavailable(
                f"The store {self.shown} of attached files is away, or refuses us.",
                "Look after its bucket, address and key (FUND_ATTACHMENTS, AWS_ACCESS_KEY_ID …), then try again.",
            ) from trouble

    def _is_missing_itself(self, missing: FileNotFoundError) -> None:
        """Raise again where it is the bucket that is not there."""
        if "NoSuchBucket" in str(missing):
            raise missing


def _unreadable() -> Malformed:
    return Malformed(
        "The store of attached files (FUND_ATTACHMENTS) cannot be read.",
        "Write the path of a folder, or s3://BUCKET/PREFIX?endpoint=https://…&region=….",
    )
