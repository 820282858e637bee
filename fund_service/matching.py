"""Words that people type, and what they mean by them: accents and typing errors are forgiven."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from fund_service.listing import folded

K = TypeVar("K", bound=Hashable)

_WORD: Final = re.compile(r"\w+")
_ID: Final = re.compile(r"[0-9a-f]{6,64}|[0-9a-f]{8}(?:-[0-9a-f]{0,12}){1,4}")
_MOST: Final = 8
"""So many words of a query are looked at."""
_BEGINS, _HOLDS, _ERRS = 1, 2, 3
"""How far a word is that only begins with what is typed, that holds it, that has so many typing errors more."""


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without case and accents: Málaga, 2026 → malaga, 2026."""
    return tuple(_WORD.findall(folded(text)))


class Near(NamedTuple):
    """How near a text is to what was typed: 0 where all stands there as typed; and which words were taken for it."""

    far: int
    words: tuple[str, ...]

    @property
    def as_typed(self) -> bool:
        """Whether every word stands there, alone or as a part."""
        return not self.words


class Sought:
    """What somebody types. `id` is the beginning of an id or of a digest, where it can be one."""

    def __init__(self, typed: str) -> None:
        """Take what is typed; a few words of it count."""
        self.words = words_of(typed)[:_MOST]
        plain = folded(typed.strip())
        self.id = plain.replace("-", "") if _ID.fullmatch(plain) else None

    def near(self, *texts: str) -> Near | None:
        """Return how near texts are that stand together; None where a word is in none of them."""
        there, far, taken = dict.fromkeys(word for text in texts for word in words_of(text)), 0, list[str]()
        for word in self.words:
            best = min(((distance, known) for known, distance in close(word, there)), default=None)
            if best is None:
                return None
            far += best[0]
            taken += [best[1]] if best[0] >= _ERRS else []
        return Near(far, tuple(taken)) if self.words else None

    def is_id(self, id: UUID | str) -> bool:
        """Tell whether an id or a digest begins so."""
        return self.id is not None and (id.hex if isinstance(id, UUID) else id).startswith(self.id)


def close(word: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield the known words that somebody may mean by a word, each with how far it is.

    In four letters one error is forgiven, in eight two; an error is a letter too many, too few, another, or two that
    changed places.
    """
    there = known if isinstance(known, list) else list(known)
    forgiven = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    for one in there:
        if word in one:
            yield one, 0 if one == word else _BEGINS if one.startswith(word) else _HOLDS
    if forgiven:
        for one, errors, _ in process.extract(word, there, scorer=OSA.distance, score_cutoff=forgiven, limit=None):
            if word not in one:
                yield one, _HOLDS + int(errors)


class Index(Generic[K]):
    """Many things by the words of their texts. It is made once, and never changes."""

    def __init__(self, texts: Mapping[K, Iterable[str]]) -> None:
        """Enter the texts by which each thing can be found."""
        self._things = list(texts)
        self._by_word: dict[str, list[int]] = {}
        self._words: list[str] = []
        for at, those in enumerate(texts.values()):
            for word in {word for text in those for word in _WORD.findall(folded(text))}:
                self._by_word.setdefault(word, []).append(at)
        self._words += self._by_word

    def closest(self, sought: Sought) -> list[K]:
        """Return the things that hold every word, the nearest first, those alike in their own order."""
        found: dict[int, int] | None = None
        for word in sought.words:
            best: dict[int, int] = {}
            for known, far in close(word, self._words):
                for at in self._by_word[known]:
                    best[at] = min(far, best.get(at, far))
            found = best if found is None else {at: far + best[at] for at, far in found.items() if at in best}
        return [self._things[at] for at in sorted(found or {}, key=lambda at: ((found or {})[at], at))]

    def identified(self, sought: Sought) -> list[K]:
        """Return the things whose id begins as what was typed."""
        return [one for one in self._things if isinstance(one, UUID) and sought.is_id(one)] if sought.id else []
