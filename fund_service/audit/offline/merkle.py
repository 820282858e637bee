"""The Merkle tree of RFC 6962 (and RFC 9162, 2.1) over SHA-256: hashes, roots, and what proofs must lead to."""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

WIDTH = 256
HEIGHT = 8

Subtree = Callable[[int, int], bytes]
"""`subtree(start, end)`: the hash of the tree over the leaves from `start` up to, and without, `end`."""

HashesAt = Callable[[int, int, int], Sequence[bytes]]
"""`hashes_at(level, first, count)`: hashes of a level of tiles: of leaves in level 0, else of whole tiles below it."""


class Unproven(Exception):
    """Something does not hold what it claims; the text says what, in a sentence."""


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over the hashes of its two subtrees."""
    return sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over neighbours of one height; what has no neighbour goes up as it is."""
    level = list(hashes)
    while len(level) > 1:
        left, odd = iter(level), level[len(level) - len(level) % 2 :]
        level = [sha256(b"\1" + one + other).digest() for one, other in zip(left, left, strict=False)] + odd
    return level[0] if level else EMPTY_ROOT


def split(size: int) -> int:
    """Return how many leaves stand to the left in a tree of so many, at least two: the largest power of two below."""
    return 1 << ((size - 1).bit_length() - 1)


def subtree_of(hashes_at: HashesAt, start: int, end: int) -> bytes:
    """Return the hash of a tree as RFC 6962 divides it, from the levels of its tiles."""
    size = end - start
    if size & (size - 1):
        middle = start + split(size)
        return node_hash(subtree_of(hashes_at, start, middle), subtree_of(hashes_at, middle, end))
    level, below = divmod(size.bit_length() - 1, HEIGHT)
    return root_of(hashes_at(level, start >> HEIGHT * level, 1 << below))


class Levels:
    """A tree in memory: the hashes of its leaves, and of every whole tile above them."""

    def __init__(self, leaves: list[bytes]) -> None:
        """Hash every whole tile once."""
        self.levels = [leaves]
        while len(last := self.levels[-1]) >= WIDTH:
            whole = range(0, len(last) - WIDTH + 1, WIDTH)
            self.levels.append([root_of(last[at : at + WIDTH]) for at in whole])

    def root(self, size: int) -> bytes:
        """Return the root over so many leaves from the first."""
        return subtree_of(lambda level, at, count: self.levels[level][at : at + count], 0, size) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that a leaf is in a tree: from its sibling upwards (RFC 6962, 2.1.1)."""
    start, end, downwards = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            downwards.append(subtree(middle, end))
            end = middle
        else:
            downwards.append(subtree(start, middle))
            start = middle
    return downwards[::-1]


def consistency_path(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that a tree begins with the leaves of an older one, of at least one leaf (RFC 6962, 2.1.2)."""
    start, end, whole, downwards = 0, size, True, []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            downwards.append(subtree(middle, end))
            end = middle
        else:
            downwards.append(subtree(start, middle))
            start, whole = middle, False
    return ([] if whole else [subtree(start, end)]) + downwards[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root to which the proof of a leaf leads (RFC 9162, 2.1.3.2). Raises Unproven when it cannot be one."""
    if not 0 <= index < size or len(leaf) != HASH_BYTES:
        raise Unproven(f"There is no such leaf {index} in a tree of {size}.")
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0 or len(sibling) != HASH_BYTES:
            raise Unproven("The proof of inclusion is too long, or holds what is no hash.")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Unproven("The proof of inclusion is too short.")
    return found


def check_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """Check that a tree begins with the leaves of an older one (RFC 9162, 2.1.4.2). Raises Unproven."""
    if not 0 < old <= size:
        raise Unproven(f"A tree of {size} does not follow one of {old}.")
    if old == size:
        if path or old_root != root:
            raise Unproven(f"Two trees of {size} leaves have different roots, or something is said to lie between.")
        return
    rest = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not rest or any(len(one) != HASH_BYTES for one in rest):
        raise Unproven("The proof of consistency is too short, or holds what is no hash.")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = rest[0]
    for one in rest[1:]:
        if last == 0:
            raise Unproven("The proof of consistency is too long.")
        if at & 1 or at == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, one)
        at, last = at >> 1, last >> 1
    if last or before != old_root or after != root:
        raise Unproven(f"The tree of {size} leaves does not begin with the {old} leaves of the older one.")
