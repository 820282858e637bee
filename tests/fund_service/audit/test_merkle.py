"""Trees and proofs agree with RFC 6962: with vectors that others published, and with its own definition."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund_service.audit.offline.merkle import (
    EMPTY_ROOT,
    Unproven,
    check_consistency,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
    split,
)

VECTORS: Final = json.loads((Path(__file__).parent / "vectors" / "rfc6962.json").read_text())


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["file"].removesuffix(".json")) for case in VECTORS[kind]]


def path_of(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(one) for one in case["proof"] or []]


def test_the_published_hashes_are_ours() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@pytest.mark.parametrize("case", cases("inclusion"))
def test_a_proof_of_inclusion_is_taken_or_refused_as_published(case: dict[str, Any]) -> None:
    assert holds(case["leafIdx"], case["treeSize"], case) is not case["wantErr"]


@pytest.mark.parametrize("case", cases("subtreeinclusion"))
def test_a_proof_of_inclusion_in_a_part_of_the_tree_too(case: dict[str, Any]) -> None:
    start, end = case["start"], case["end"]
    aligned = start % (1 << max(0, end - start - 1).bit_length()) == 0
    assert (aligned and holds(case["leafIdx"] - start, end - start, case)) is not case["wantErr"]


def holds(index: int, size: int, case: dict[str, Any]) -> bool:
    try:
        found = root_from_inclusion(index, size, b64decode(case["leafHash"]), path_of(case))
    except Unproven:
        return False
    return found == b64decode(case["root"])


@pytest.mark.parametrize("case", cases("consistency"))
def test_a_proof_of_consistency_is_taken_or_refused_as_published(case: dict[str, Any]) -> None:
    roots = b64decode(case["root1"]), b64decode(case["root2"])
    try:
        check_consistency(case["size1"], case["size2"], *roots, path_of(case))
        assert not case["wantErr"]
    except Unproven:
        assert case["wantErr"]


def tree(hashes: list[bytes]) -> bytes:
    """Return the root as RFC 6962 defines it, word by word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    left = split(len(hashes))
    return node_hash(tree(hashes[:left]), tree(hashes[left:]))


@pytest.mark.parametrize("size", [*range(68), 255, 256, 257])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    hashes = [leaf_hash(str(one).encode()) for one in range(size)]
    assert root_of(hashes) == tree(hashes)


@given(st.integers(1, 300), st.data())
def test_what_is_proven_of_a_tree_holds_for_its_root_and_for_no_other(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(str(one).encode()) for one in range(size)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = inclusion_path(index, size, lambda start, end: tree(hashes[start:end]))
    consistency = consistency_path(old, size, lambda start, end: tree(hashes[start:end]))
    assert root_from_inclusion(index, size, hashes[index], inclusion) == tree(hashes)
    check_consistency(old, size, tree(hashes[:old]), tree(hashes), consistency)
    assert root_from_inclusion(index, size, leaf_hash(b"other"), inclusion) != tree(hashes)
    with pytest.raises(Unproven):
        check_consistency(old, size, leaf_hash(b"other"), tree(hashes), consistency)
