"""A browser window as its user sees it."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from dermfolio.local.places import checkout

PATIENCE_MS = 30_000
LARGE = {"width": 1440, "height": 900}

_EXPECTED = re.compile(
    r"status of (401|404|409|412|413|422|503)|"
    r"ERR_(INTERNET_DISCONNECTED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING)|WebSocket connection to"
)
"""What Chromium itself notes down when a request is refused or the network is gone: the test saw to that."""


class Screen:
    """One window. `complaints` collects errors of scripts, of the content security policy and of the console."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", lambda message: self._heard(message.type, message.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not _EXPECTED.search(text):
            self.complaints.append(f"console {kind}: {text}")

    async def go(self, path: str) -> None:
        """Open an address."""
        await self.page.goto(self.url + path)

    async def sign_in(self, login: str, password: str) -> None:
        """Sign in as a user does."""
        await self.go("/sign-in")
        await self.page.get_by_label("User name").fill(login)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))

    async def choose_files(self, *files: Path) -> None:
        """Choose files to upload, as with the button."""
        await self.page.locator("input[type=file][multiple]").first.set_input_files(list(files))

    async def drop_files(self, target: str, *files: Path) -> None:
        """Drop files on an element, as from a file manager."""
        import base64
        import mimetypes

        sent = [
            {
                "name": file.name,
                "type": mimetypes.guess_type(file.name)[0] or "",
                "data": base64.b64encode(file.read_bytes()).decode(),
            }
            for file in files
        ]
        transfer = await self.page.evaluate_handle(_TRANSFER, sent)
        for event in ("dragenter", "dragover", "drop"):
            await self.page.dispatch_event(target, event, {"dataTransfer": transfer})

    async def tiles(self, state: str = "ready") -> int:
        """How many tiles of a state are on the screen."""
        return await self.page.locator(f"[data-tile][data-state={state}]").count()

    async def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, and its best practices."""
        await self.page.mouse.move(0, 0)  # what is said of the thing under the pointer lies over the page
        await expect(self.page.get_by_role("tooltip")).to_have_count(0)
        await self.page.evaluate(_axe())
        found: list[dict[str, Any]] = await self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)"
        )
        return [f"{v['id']}: {v['help']} {json.dumps([n['target'] for n in v['nodes']][:5])}" for v in found]


@asynccontextmanager
async def opened(browser: Browser, url: str, **options: Any) -> AsyncIterator[Screen]:
    """A window of its own: cookies, storage and cache are nobody else's."""
    context = await browser.new_context(**({"viewport": LARGE, "locale": "en-US"} | options))
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield Screen(context, await context.new_page(), url)
    finally:
        await context.close()


_TRANSFER = """files => {
  const transfer = new DataTransfer();
  for (const {name, type, data} of files) {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    transfer.items.add(new File([bytes], name, {type}));
  }
  return transfer;
}"""


@cache
def _axe() -> str:
    return (checkout() / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()
