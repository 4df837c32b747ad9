"""The most memory a measured program had: its own, not what its parent held before it became this program."""

import resource
from pathlib import Path

MEBIBYTE = 1024 * 1024


def peak_mib(*, anew: bool = False) -> float:
    """Return the peak resident memory in MiB: since the last time it was counted *anew*, where the system can."""
    try:
        if anew:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
