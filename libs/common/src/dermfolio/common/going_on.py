"""Whether a task is to go on: what a loop asks each time round whose awaiting goes through libraries."""

import asyncio


def going_on() -> bool:
    """Tell whether the running task may go on; False once it was cancelled.

    `asyncio.wait_for` of Python 3.11, which libraries wait with, swallows a cancellation that comes in the moment in
    which what it waits for ends (python/cpython#86296). A loop would then turn for ever, and whoever waits for its end
    with it; but the task still knows that it was asked to end.
    """
    task = asyncio.current_task()
    return task is None or task.cancelling() == 0
