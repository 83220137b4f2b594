"""Headers on the bus: who asks, how the answer ended, and the trace it belongs to."""

import secrets
from urllib.parse import quote, unquote

from opentelemetry import propagate

from dermfolio.common.auth import Call

ACTOR = "Dermfolio-Actor"
REQUEST_ID = "Dermfolio-Request-Id"
ADDRESS = "Dermfolio-Address"
USER_AGENT = "Dermfolio-User-Agent"
STATUS = "Dermfolio-Status"
VERSION = "Dermfolio-Version"
ERROR = "Nats-Service-Error"
ERROR_CODE = "Nats-Service-Error-Code"
MESSAGE_ID = "Nats-Msg-Id"
RESENT = "."
"""Between a message's id and what tells a second sending from the first."""

DEAD_REASON = "Dermfolio-Dead-Reason"
DEAD_CONSUMER = "Dermfolio-Dead-Consumer"
DEAD_ATTEMPT = "Dermfolio-Dead-Attempt"

USER_AGENT_LENGTH = 400


def outgoing(token: str, call: Call | None) -> dict[str, str]:
    """Headers of a request: the signed actor, the circumstances, the current trace."""
    headers = {ACTOR: token}
    if call is not None:
        headers[REQUEST_ID] = call.request_id or secrets.token_hex(8)
        if call.address:
            headers[ADDRESS] = call.address
        if call.user_agent:
            headers[USER_AGENT] = quote(call.user_agent[:USER_AGENT_LENGTH], safe=" /();,.:+-_")
    propagate.inject(headers)
    return headers


def user_agent(headers: dict[str, str]) -> str | None:
    """The user agent as the client sent it, bounded."""
    value = headers.get(USER_AGENT)
    return None if value is None else unquote(value)
