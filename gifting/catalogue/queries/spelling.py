"""The word of the catalogue a misspelt one most probably meant."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

SIMILAR_ENOUGH = 0.75
SHORTEST = 4
"""Letters: below it almost any word resembles almost any other."""

_PLAIN = str.maketrans("àáâäãèéêëìíîïòóôöõùúûüçñ", "aaaaaeeeeiiiiooooouuuucn")
_WORD = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words without accents, as the database's search does."""
    return _WORD.findall(text.lower().translate(_PLAIN))


def find_closest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the most similar word, the more frequent one on a tie; None if none is close.

    `vocabulary` says how often each plain word occurs. Similarity is Ratcliff and Obershelp's.
    """
    if len(word) < SHORTEST:
        return None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    scored = [
        (score, count, candidate)
        for candidate, count in vocabulary.items()
        if len(candidate) >= SHORTEST
        and (score := _similarity(matcher, candidate)) >= SIMILAR_ENOUGH
    ]
    best = min(scored, key=lambda found: (-found[0], -found[1], found[2]), default=None)
    return best[2] if best else None


def count_words(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for word in words_of(text):
            counts[word] = counts.get(word, 0) + 1
    return counts


def _similarity(matcher: SequenceMatcher[str], candidate: str) -> float:
    matcher.set_seq1(candidate)
    if matcher.real_quick_ratio() < SIMILAR_ENOUGH or matcher.quick_ratio() < SIMILAR_ENOUGH:
        return 0.0
    return matcher.ratio()
