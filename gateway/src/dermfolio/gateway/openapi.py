"""The gateway's OpenAPI document without a gateway that runs: for the file that is committed."""

from typing import Any

from dermfolio.common.auth import ActorSigner
from dermfolio.common.blobs import Blobs
from dermfolio.common.bus import Connection, Feed, Publisher, Requests
from dermfolio.gateway.app import Gateway, Parts, gateway
from dermfolio.gateway.documentation import describe as described
from dermfolio.gateway.settings import GatewaySettings


def describe() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    made = unconnected()
    return described(made.api, made.operations)


def unconnected() -> Gateway:
    """A gateway with all its routes. Parts connect when they are entered, and here none is."""
    signer = ActorSigner("gateway", bytes(32))
    connection = Connection("nats://localhost", "gateway", "")
    blobs = Blobs("http://localhost", "none", access_key="", secret_key="")
    settings = GatewaySettings.model_construct(public_url="https://localhost")
    return gateway(
        settings, Parts(Requests(connection, signer), signer, Feed(connection), Publisher(connection).hint, blobs)
    )
