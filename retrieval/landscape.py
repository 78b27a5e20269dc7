"""Lays vectors out on a plane so that what is near in meaning is near on it. Knows nothing of passages or pages.

t-SNE (van der Maaten and Hinton, 2008), exact and in plain numpy, from a start that is the same each time; beyond
`MOST_EXACT` vectors the two main axes alone, which cost next to nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_EXACT = 600
"""Vectors up to which every pair is looked at: some seconds at the most."""
PERPLEXITY = 8.0
"""Neighbours that each vector is held by; a section has about as many passages."""
STEPS = 400
EXAGGERATED_STEPS = 100
EXAGGERATION = 4.0
LEARNING_RATE = 20.0
MOMENTUM = 0.8
BISECTIONS = 40
START_WIDTH = 1e-2
QUERY_NEIGHBOURS = 4
"""Vectors between which a query is put."""
QUERY_SHARPNESS = 20.0
"""How much more a nearer one of them counts: e^(20 · the difference in cosine)."""
DIGITS = 4
TINY = 1e-12

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """Places on the unit square, one for each vector in its order."""

    points: tuple[tuple[float, float], ...] = ()

    def place_of(self, similarities: NDArray[np.floating]) -> tuple[float, float] | None:
        """Where something stands that is so similar to each vector: between the nearest ones. None without a layout.

        Args:
            similarities: cosines to the vectors, in their order.
        """
        if not self.points or len(similarities) != len(self.points):
            return None
        nearest = np.argsort(-similarities, kind="stable")[:QUERY_NEIGHBOURS]
        weights = np.exp(QUERY_SHARPNESS * (similarities[nearest] - similarities[nearest[0]]))
        x, y = weights @ np.array(self.points)[nearest] / weights.sum()
        return round(float(x), DIGITS), round(float(y), DIGITS)

    @classmethod
    def read(cls, stored: object, size: int) -> "Layout":
        """A layout as it was stored; an empty one where that is none of so many vectors."""
        if not isinstance(stored, list) or len(stored) != size:
            return cls()
        return cls(tuple((float(x), float(y)) for x, y in stored))


def lay_out(vectors: NDArray[np.floating]) -> list[tuple[float, float]]:
    """Places of the vectors, shape `(n, dimensions)`, on the unit square; the same vectors get the same places."""
    if not len(vectors):
        return []
    flat = _main_axes(np.asarray(vectors, dtype=np.float64))
    if 3 <= len(vectors) <= MOST_EXACT:  # noqa: PLR2004 -- two have no neighbours to choose from
        flat = _embedded(_affinities(vectors), flat)
    low, high = flat.min(axis=0), flat.max(axis=0)
    unit = (flat - low) / np.maximum(high - low, TINY)
    return [(round(float(x), DIGITS), round(float(y), DIGITS)) for x, y in unit]


def _main_axes(vectors: Floats) -> Floats:
    """The two principal components, each with its largest entry positive, so that a sign is never left to chance."""
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    found: Floats = np.zeros((len(vectors), 2))
    for column, axis in enumerate(axes[:2]):
        found[:, column] = centred @ axis * np.sign(axis[np.argmax(np.abs(axis))])
    return found


def _affinities(vectors: NDArray[np.floating]) -> Floats:
    """How much each pair holds together, summing to 1: Gaussians as wide as `PERPLEXITY` neighbours."""
    exact = np.asarray(vectors, dtype=np.float64)
    distances = np.maximum(2.0 - 2.0 * exact @ exact.T, 0.0)
    perplexity = min(PERPLEXITY, (len(exact) - 1) / 2)
    held = np.stack([_neighbours(row, at, perplexity) for at, row in enumerate(distances)])
    both: Floats = np.maximum((held + held.T) / (2 * len(exact)), TINY)
    return both


def _neighbours(distances: Floats, at: int, perplexity: float) -> Floats:
    """Shares of the others in one vector's neighbourhood; its sharpness is found by bisection."""
    low, high = 0.0, 1e4
    rest = np.delete(distances, at)
    for _ in range(BISECTIONS):
        sharpness = (low + high) / 2
        weights = np.exp(-sharpness * (rest - rest.min()))
        shares = weights / weights.sum()
        entropy = -(shares * np.log(np.maximum(shares, TINY))).sum()
        low, high = (sharpness, high) if entropy > np.log(perplexity) else (low, sharpness)
    found: Floats = np.insert(shares, at, 0.0)
    return found


def _embedded(affinities: Floats, start: Floats) -> Floats:
    """The gradient descent of t-SNE."""
    flat = start / max(float(start.std()), TINY) * START_WIDTH
    moved = np.zeros_like(flat)
    for step in range(STEPS):
        wanted = affinities * (EXAGGERATION if step < EXAGGERATED_STEPS else 1.0)
        squares = (flat**2).sum(axis=1)
        closeness = 1.0 / (1.0 + squares[:, None] + squares[None, :] - 2.0 * flat @ flat.T)
        np.fill_diagonal(closeness, 0.0)
        pull = (wanted - np.maximum(closeness / closeness.sum(), TINY)) * closeness
        gradient = 4.0 * (pull.sum(axis=1)[:, None] * flat - pull @ flat)
        moved = MOMENTUM * moved - LEARNING_RATE * gradient
        flat = flat + moved
        flat = flat - flat.mean(axis=0)
    return flat
