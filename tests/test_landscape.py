"""The picture of the guides: near in meaning is near on the plane, the same each time, whatever the number."""

import numpy as np
import pytest

from retrieval import landscape
from retrieval.landscape import Layout, lay_out


def _clusters(each: int, count: int = 3, dimensions: int = 32) -> np.ndarray:
    random = np.random.default_rng(1)
    centres = random.normal(size=(count, dimensions))
    vectors = np.repeat(centres, each, axis=0) + 0.3 * random.normal(size=(count * each, dimensions))
    unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("most_exact", [600, 0], ids=["neighbours", "main axes"])
def test_what_belongs_together_lies_together(monkeypatch: pytest.MonkeyPatch, most_exact: int) -> None:
    monkeypatch.setattr(landscape, "MOST_EXACT", most_exact)
    points = np.array(lay_out(_clusters(8)))
    assert points.min() == 0 and points.max() == 1
    distances = np.linalg.norm(points[:, None] - points[None, :], axis=-1)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    assert (nearest // 8 == np.arange(24) // 8).all()


def test_the_same_vectors_get_the_same_places() -> None:
    assert lay_out(_clusters(5)) == lay_out(_clusters(5).copy())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_few_passages_have_a_picture_too(count: int) -> None:
    points = lay_out(_clusters(2)[:count])
    assert len(points) == count
    assert all(0 <= value <= 1 for point in points for value in point)


def test_equal_vectors_lie_somewhere() -> None:
    assert np.isfinite(np.array(lay_out(np.ones((6, 4)) / 2))).all()


def test_a_query_stands_among_the_passages_it_is_near() -> None:
    vectors = _clusters(8)
    layout = Layout.read([list(point) for point in lay_out(vectors)], 24)
    place = layout.place_of(vectors @ vectors[:8].mean(axis=0))
    assert place is not None
    to = np.linalg.norm(np.array(layout.points) - np.array(place), axis=1)
    assert to.argmin() < 8


@pytest.mark.parametrize("stored", [None, {}, [[0.1, 0.2]]])
def test_an_index_without_a_picture_has_none(stored: object) -> None:
    layout = Layout.read(stored, 2)
    assert layout.points == () and layout.place_of(np.array([0.5, 0.6])) is None
