"""The licence of the installation."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from dermfolio.common.bus import Requests
from dermfolio.common.licences import LIMIT_BYTES
from dermfolio.contracts.licence import GetLicence, InstallLicence
from dermfolio.contracts.views.licence import REFUSED_FILES, LicenceView
from dermfolio.gateway.asking import passed_on
from dermfolio.gateway.bodies import read_bytes
from dermfolio.gateway.operations import CHANGING, READING, Operation, Success
from dermfolio.gateway.visits import Visits

_REFUSED = tuple(f"licence_file_{reason}" for reason in sorted(REFUSED_FILES))


class LicenceApi:
    """What may be done here, and until when."""

    def __init__(self, requests: Requests, visits: Visits) -> None:
        self._requests = requests
        self._visits = visits

    def operations(self) -> Sequence[Operation]:
        """What this part of the API offers."""
        return (
            Operation(
                "get_licence",
                "GET",
                "/licence",
                "The state of the licence, and whether uploads are accepted. What the licence says is for "
                "administrators of the installation.",
                self.get,
                {200: Success("The licence.", LicenceView)},
                READING,
            ),
            Operation(
                "install_licence",
                "PUT",
                "/licence",
                f"Install a licence. The body is the file as the vendor sent it, at most {LIMIT_BYTES // 1024} KiB. A "
                "file that would not let photographs be added is refused, and the former one stays. For administrators "
                "of the installation.",
                self.install,
                {200: Success("The licence as it is now.", LicenceView)},
                (*CHANGING, "forbidden", "too_large", "upload_incomplete", *_REFUSED),
                raw_body=True,
            ),
        )

    async def get(self, request: Request) -> Response:
        """Show the licence."""
        visit = await self._visits.admit(request)
        return passed_on(await self._requests.ask_raw(GetLicence(), visit.call))

    async def install(self, request: Request) -> Response:
        """Install a licence."""
        visit = await self._visits.admit(request)
        # what is not UTF-8 is no licence, and identity says so
        file = (await read_bytes(request, LIMIT_BYTES)).decode(errors="replace")
        return passed_on(await self._requests.ask_raw(InstallLicence(file=file), visit.call))
