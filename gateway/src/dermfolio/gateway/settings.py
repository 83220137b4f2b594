"""Settings of the gateway."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from dermfolio.common.settings import StoreSettings
from dermfolio.gateway.origin import Origin


def _usable(url: str) -> str:
    Origin(url)
    return url


class GatewaySettings(StoreSettings):
    """What the gateway needs besides what every process needs."""

    http_host: str = "127.0.0.1"
    http_port: int
    public_url: Annotated[str, AfterValidator(_usable)]
    """The address that people type; https, or http on a loopback address."""

    uploads_at_once: int = 32
    """Uploads whose bytes are read at the same time by this process; more wait."""

    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of reverse proxies whose X-Forwarded-For is believed."""

    requests_per_second: float = 200.0
    """What one session or API token may ask of this gateway in the long run; ten times as much at once."""

    web_directory: Path | None = None
    """Where the built user interface lies; without it only the API is served."""

    patience_seconds: float = 15.0
    """How long a request outlives an outage of the bus or an owner before its caller is told."""

    ring_events: int = 10_000
    """Newest events of the stream kept for sockets that resume."""
