"""`python -m dermfolio.gateway serve`."""

import logging
import sys

import uvloop

from dermfolio.common import logs, tracing
from dermfolio.common.lifetime import until_told
from dermfolio.common.settings import load
from dermfolio.gateway.host import hosted
from dermfolio.gateway.settings import GatewaySettings


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    if sys.argv[1:] != ["serve"]:
        raise SystemExit("usage: python -m dermfolio.gateway serve")
    settings = load(GatewaySettings)
    logs.configure("gateway-serve", fmt=settings.log_format, level=settings.log_level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # it would log addresses with their query strings
    tracing.configure("dermfolio-gateway", settings.otlp_endpoint)
    uvloop.run(until_told(hosted(settings)))


if __name__ == "__main__":
    main()
