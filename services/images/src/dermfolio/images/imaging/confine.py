"""The limits under which a decoding process lives."""

import resource


def confine(memory_bytes: int) -> None:
    """Bound this process's address space, and let a crash leave no core dump: it would hold a photograph."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
