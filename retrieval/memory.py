"""Gives memory back to the system between the steps of a build. Knows nothing of what was in it."""

import ctypes
import gc
import mmap
import sys
from collections.abc import Iterable
from contextlib import suppress

from retrieval.embedder import Vectors


def give_back(mapped: Iterable[Vectors] = ()) -> None:
    """Lets the system have what nothing holds any more; changes nothing, and does nothing where it cannot be done.

    Args:
        mapped: arrays that lie on the disk, whose pages are read again when they are next needed.
    """
    for array in mapped:
        base: object = array.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)
