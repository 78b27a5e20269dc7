"""Gives memory back to the system between the steps of a build. Knows nothing of what was in it."""

import ctypes
import gc
import mmap
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from retrieval.embedder import Vectors

LARGE: Final = 32_000_000
"""Bytes of vectors from which on garbage is collected at once: that takes half a second, a small guide's build less."""


def give_back(mapped: Iterable[Vectors] = ()) -> None:
    """Lets the system have what nothing holds any more; changes nothing, and does nothing where it cannot be done.

    Args:
        mapped: arrays that lie on the disk, whose pages are read again when they are next needed.
    """
    if release(mapped) >= LARGE:
        gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def release(mapped: Iterable[Vectors]) -> int:
    """Lets the system have the pages of arrays that lie on the disk; tells how many bytes these are."""
    size = 0
    for array in mapped:
        size += array.nbytes
        base: object = array.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)
    return size
