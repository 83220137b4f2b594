"""The limits under which a decoding process lives."""

import resource


def confine(memory_bytes: int) -> None:
    """Bound this process's own memory, and let a crash leave no core dump: it would hold a photograph.

    RLIMIT_DATA counts private writable memory. RLIMIT_AS would count libraries and untouched stacks as well, more than
    photographs need.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
