"""The one web origin that this installation is served from (RFC 6454), and who counts as coming from it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin:
    """The origin of the public address.

    Raises ValueError for an address that is not an origin, and for plain http beyond the loopback interface.
    """

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("must be https://host[:port], without a path")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError("must be https://host[:port], without anything more")
        loopback = _is_loopback(parts.hostname)
        self.secure = parts.scheme == "https"
        if not self.secure and not loopback:
            raise ValueError("must be https: plain http is for loopback addresses only")
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        names = {parts.hostname, "localhost", "127.0.0.1", "::1"} if loopback else {parts.hostname}
        self._accepted = frozenset(_serialised(parts.scheme, name, port) for name in names)

    def sent(self, headers: Headers) -> bool:
        """Tell whether a request may have come from this origin: browsers say where from, others say nothing."""
        return self.named(headers) and headers.get("sec-fetch-site", "same-origin") == "same-origin"

    def named(self, headers: Headers) -> bool:
        """Tell whether a request names this origin, or none; enough for WebSockets, where browsers always name it."""
        return headers.get("origin") in {None, *self._accepted}


def _serialised(scheme: str, host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{name}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
