"""A real browser: Debian's Chromium, or the one that `CHROMIUM` names."""

import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from dermfolio.ops.api_client import Api

WINDOW = ViewportSize(width=1440, height=900)
FLAGS = (
    "--no-sandbox",  # benchmarks may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One browser."""
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if program is None:
        raise FileNotFoundError("there is no Chromium: install Debian's package, or name one in CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        await browser.close()


@asynccontextmanager
async def window(browser: Browser, api: Api) -> AsyncIterator[Page]:
    """An empty window of a browser that has seen nothing yet but the session of `api`."""
    context = await browser.new_context(viewport=WINDOW, locale="en-US")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    await context.add_cookies([{"name": c.key, "value": c.value, "url": api.base_url} for c in api.http.cookie_jar])
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def cpu_seconds(browser: Browser) -> dict[str, float]:
    """CPU seconds so far of the browser's processes, by their type."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    seconds: Counter[str] = Counter()
    for process in told["processInfo"]:
        kind = process["type"].rpartition(".")[2].lower()
        seconds[f"chromium {kind}"] += process["cpuTime"]
    return dict(seconds)
