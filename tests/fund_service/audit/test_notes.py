"""Keys, notes, checkpoints and proofs are read as C2SP writes them, and what is signed is found to be, or not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fund_service.audit.offline.ed25519 import is_signed
from fund_service.audit.offline.merkle import Unproven, leaf_hash
from fund_service.audit.offline.notes import (
    checkpoint_of,
    key_of,
    note_of,
    proof_of,
    signers_of,
)

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
            "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
            "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
"""Public key, message and signature of RFC 8032, 7.1."""


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_the_standard_hold(public: str, message: str, signature: str) -> None:
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 64 * 8 - 1))
def test_what_a_library_signs_holds_until_a_bit_is_another(secret: bytes, message: bytes, bit: int) -> None:
    owner = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = owner.public_key().public_bytes_raw(), bytearray(owner.sign(message))
    assert is_signed(public, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, message, bytes(signature))


@pytest.mark.parametrize("public", ["00" * 31, "ff" * 32, "02" + "00" * 31])
def test_what_is_no_key_has_signed_nothing(public: str) -> None:
    assert not is_signed(bytes.fromhex(public), b"", bytes(64))


def test_a_signature_is_not_taken_in_a_second_form() -> None:
    public, message, signature = (bytes.fromhex(one) for one in RFC_8032[1])
    order = 2**252 + 27742317777372353535851937790883648493
    twin = int.from_bytes(signature[32:], "little") + order
    assert not is_signed(public, message, signature[:32] + twin.to_bytes(32, "little"))


def test_the_published_note_is_signed_by_its_key() -> None:
    key, note = key_of(KEY), note_of(NOTE.encode())
    assert str(key) == KEY
    assert str(note) == NOTE
    assert [one.key for one in signers_of(note, [key])] == [key]


def test_a_note_that_was_altered_is_refused_and_an_unknown_signature_counts_for_nothing() -> None:
    altered = note_of(NOTE.replace("example", "other", 1).encode())
    with pytest.raises(Unproven, match="does not hold"):
        signers_of(altered, [key_of(KEY)])
    assert signers_of(note_of(NOTE.encode()), []) == []


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\xe2\x80\x94 a b\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAA=",
        b"text\n\n- name AAAAAAA=\n",
        b"text\r\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"\xff\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 na+me AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAA=\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(given: bytes) -> None:
    with pytest.raises(Unproven):
        note_of(given)


@pytest.mark.parametrize("given", ["", "a", "a+b+c", "a+00000000+AA==", KEY.replace("53", "54"), KEY + "AAAA"])
def test_what_is_no_key_is_refused(given: str) -> None:
    with pytest.raises(Unproven):
        key_of(given)


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_a_checkpoint_is_read_as_it_is_written() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    assert str(checkpoint_of(text)) == text


@pytest.mark.parametrize(
    "given",
    [
        f"a\n01\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n²\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"a\n1\n{ROOT}",
        f"a\n1\n{ROOT}\nmore\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + ROOT.replace("2I=", "2J=") + "\n",
        f"a\n{'9' * 19}\n{ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(given: str) -> None:
    with pytest.raises(Unproven):
        checkpoint_of(given)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_brought_is_read_or_refused(given: bytes) -> None:
    for read in (note_of, proof_of, lambda one: key_of(one.decode(errors="replace"))):
        try:
            read(given)
        except Unproven:
            assert leaf_hash(given)
