"""Where a request comes from: its peer, or whom a configured proxy names in X-Forwarded-For."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection

Network = IPv4Network | IPv6Network


class Proxies:
    """The networks of the proxies that are believed."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = networks

    def address(self, request: HTTPConnection) -> str | None:
        """The address of who asks.

        Proxies append to X-Forwarded-For, so it is read from its end for as long as proxies of ours wrote it; what is
        before the first stranger that way, anybody may have written.
        """
        peer = request.scope["client"][0] if request.scope["client"] else None
        if not self._networks or peer is None or not self._ours(peer):
            return peer
        named = [one.strip() for field in request.headers.getlist("x-forwarded-for") for one in field.split(",")]
        last = str(peer)
        for one in reversed(named):
            address = _parsed(one)
            if address is None:
                return last
            last = str(address)
            if not self._ours(last):
                return last
        return last

    def _ours(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
