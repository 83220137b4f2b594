"""How much script a browser has to load before the Patient Database can be shown."""

import json
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Route

from benchmarks.web.browser import window
from dermfolio.local.places import web_directory
from dermfolio.ops.api_client import Api

PAGE, ROUTE = "index.html", "src/database/page.tsx"
"""What is loaded at the address of the Patient Database, as web/ names its sources."""

UNBUNDLED = {"/colour-scheme.js"}
_ARRIVED = """() => Object.fromEntries(performance.getEntriesByType("resource")
  .filter(entry => new URL(entry.name).pathname.endsWith(".js"))
  .map(entry => [new URL(entry.name).pathname, entry.encodedBodySize]))"""
"""Compressed bytes of each script that has arrived, by its path."""


async def initial_bytes(browser: Browser, api: Api) -> int:
    """Compressed bytes of script that had arrived when a patient was shown.

    Script outside the static imports of page and route is held back, so that what the list waits for is told from what
    is loaded at leisure.
    """
    built = web_directory()
    assert built is not None, "the user interface has not been built"
    needed = _closure(json.loads((built / ".vite" / "manifest.json").read_text())) | UNBUNDLED
    patient = await api.create_patient("initial-script")

    async def hold(route: Route) -> None:
        if urlsplit(route.request.url).path in needed:
            await route.continue_()

    async with window(browser, api) as page:
        await page.route("**/*.js", hold)
        await page.goto(f"{api.base_url}/patients")
        await page.locator(f"a[href='/patients/{patient.id}']").wait_for()
        arrived: dict[str, int] = await page.evaluate(_ARRIVED)
    assert arrived.keys() == needed, f"not as the manifest says: {sorted(arrived.keys() ^ needed)}"
    print(f"  {len(arrived)} scripts, the largest {max(arrived.values()) / 1000:.0f} kB", flush=True)
    return sum(arrived.values())


def _closure(manifest: dict[str, dict[str, Any]]) -> set[str]:
    """Addresses of what page and route import, and what that imports, dynamic imports apart."""
    waiting, found = [PAGE, ROUTE], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += manifest[name].get("imports", [])
    return {f"/{manifest[name]['file']}" for name in found}
