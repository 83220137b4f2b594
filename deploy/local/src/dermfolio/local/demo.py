"""The demonstration on a scratch stack."""

from pathlib import Path

from dermfolio.local.scratch import scratch_directory
from dermfolio.local.stack import Stack, StackError
from dermfolio.ops.demo import run_demo


async def demo(photos: list[Path]) -> int:
    """Run the operators' demo on a fresh stack, which is gone afterwards; returns its exit code."""
    with scratch_directory() as directory:
        print("Starting a scratch system …", flush=True)
        async with Stack(directory / "run", durable=False) as stack:
            if stack.first_admin_password is None:
                raise StackError("a fresh stack has no first admin")
            return await run_demo(stack.gateways[0], stack.first_admin_password, photos)
