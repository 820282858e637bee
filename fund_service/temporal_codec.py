"""What Temporal keeps of processes is sealed: every payload, and the words and traces of every failure.

Payloads hold ids and instants, no text of people; an error that nobody expected may hold anything. One key of the
vault, that of the processes, seals all of them. What was recorded before stays readable as it is.
"""

import dataclasses
import os
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec

from domain.errors import Unavailable
from fund_service.keys import KeyVault

SEALED: Final = b"binary/fund-sealed"
"""The encoding of a sealed payload; histories hold it for ever."""
_NONCE_BYTES: Final = 12


class SealingCodec(PayloadCodec):
    """Seals payloads with AES-256-GCM; the key's id stands beside each, bound to it."""

    def __init__(self, key_id: str, secret: bytes) -> None:
        """Use this key."""
        self._key_id = key_id.encode()
        self._cipher = AESGCM(secret)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads sealed."""
        return [self._sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads opened. Raises Unavailable for one that another key sealed, or that was altered."""
        return [self._opened(payload) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        nonce = os.urandom(_NONCE_BYTES)
        data = nonce + self._cipher.encrypt(nonce, payload.SerializeToString(), self._key_id)
        return Payload(metadata={"encoding": SEALED, "key-id": self._key_id}, data=data)

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != SEALED:
            return payload
        nonce, sealed = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(self._cipher.decrypt(nonce, sealed, payload.metadata["key-id"]))
        except InvalidTag as other:
            raise Unavailable(
                "What Temporal keeps does not fit the keys of this fund.",
                "Restore both from the same backup, or give each fund a namespace of its own.",
            ) from other


def sealing_converter(vault: KeyVault) -> DataConverter:
    """Return what turns values of processes into what Temporal keeps, with the vault's key for them."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=SealingCodec(*vault.secret_of_processes()),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
