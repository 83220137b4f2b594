"""`/ws`: who may open a connection."""

import structlog
from starlette.websockets import WebSocket

from dermfolio.common.bus import Requests
from dermfolio.common.errors import Refused, Unavailable
from dermfolio.gateway import problems
from dermfolio.gateway.live.hub import Hub
from dermfolio.gateway.live.presence import Presence
from dermfolio.gateway.live.socket import Socket
from dermfolio.gateway.metrics import SOCKETS
from dermfolio.gateway.sessions import Sessions
from dermfolio.gateway.visits import REQUEST_ID, Visits

log = structlog.get_logger()


class LiveEndpoint:
    """Opens connections."""

    def __init__(self, visits: Visits, sessions: Sessions, requests: Requests, hub: Hub, presence: Presence) -> None:
        self._visits = visits
        self._sessions = sessions
        self._requests = requests
        self._hub = hub
        self._presence = presence

    async def open(self, websocket: WebSocket) -> None:
        """Serve one connection; without a session, or from another origin, the handshake is answered with a problem."""
        try:
            visit = await self._visits.admit(websocket)
        except (Refused, Unavailable) as error:
            code = error.code if isinstance(error, Refused) else "unavailable"
            await websocket.send_denial_response(problems.answer(code, websocket.scope[REQUEST_ID]))
            return
        await websocket.accept()
        socket = Socket(
            websocket,
            visit,
            hub=self._hub,
            presence=self._presence,
            sessions=self._sessions,
            requests=self._requests,
        )
        log.info("socket.opened", request_id=visit.call.request_id)
        with SOCKETS.track_inprogress():
            await socket.serve()
        log.info("socket.closed", request_id=visit.call.request_id)
