"""Says which version of the project was measured, and when. Knows nothing of what was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = PROJECT / "evaluation" / "results"
BUSY: Final = 0.5
"""Processes per core that want to run; above it, seconds say more of the neighbours than of the project."""
UNKNOWN: Final = "unknown"
GIT_SECONDS: Final = 10
"""Git answers within milliseconds unless its folder lies on a network that is down."""


def commit(folder: Path = PROJECT) -> str:
    """The commit that a folder is at, with -dirty where files differ from it; `unknown` outside git."""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return done.stdout.strip() or UNKNOWN


def busy() -> str | None:
    """A line where the machine has been at other work for the last minute, so that times taken now are too long."""
    if not hasattr(os, "getloadavg"):
        return None
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return (
        f"the machine was busy (load {load:.1f} on {cores} cores): times are too long" if load > BUSY * cores else None
    )


def now() -> str:
    """UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def machine() -> str:
    """Processor and system, in words; no name that tells whose it is."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
