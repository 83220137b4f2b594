"""One thin function per message."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.host import Parts
from dermfolio.contracts.images import (
    CheckUpload,
    GetImage,
    ListPool,
    LocateOriginal,
    LocateRendition,
    RegisterImage,
    RetryIngest,
    StoredObject,
    UploadKnown,
)
from dermfolio.contracts.moving import MoveImage
from dermfolio.contracts.recount import CountImages, ImageCounts, KnownImages, ListKnownImages
from dermfolio.contracts.tags import TagImage, UntagImage
from dermfolio.contracts.views.images import ImageView, PoolPage, UploadView
from dermfolio.contracts.views.moving import MoveView
from dermfolio.contracts.views.tags import ImageTags
from dermfolio.images import tagging
from dermfolio.images.count import count_images, known_images
from dermfolio.images.move import move_image
from dermfolio.images.read import Reader
from dermfolio.images.register import Registrar
from dermfolio.images.retry import retry_ingest
from dermfolio.images.sight import Sight
from dermfolio.images.workspaces import Workspaces


class Handlers:
    """What images answers."""

    def __init__(self, parts: Parts, registrar: Registrar) -> None:
        self._db = parts.db
        self._requests = parts.requests
        self._registrar = registrar
        self._sight = Sight(parts.db, parts.requests)
        self.workspaces = Workspaces(parts)
        self._reader = Reader(parts.db, parts.requests, parts.reads, parts.cursors)

    async def register(self, request: RegisterImage, call: Call) -> Answer[UploadView]:
        """Make stored bytes a photograph."""
        return await self._registrar.register(call, request)

    async def check_upload(self, request: CheckUpload, call: Call) -> UploadKnown:
        """Tell whether an upload's id is known."""
        return await self._registrar.check(request)

    async def get(self, request: GetImage, call: Call) -> Answer[ImageView]:
        """Show an image's facts."""
        return await self._reader.image(call, request)

    async def list_pool(self, request: ListPool, call: Call) -> Answer[PoolPage]:
        """Show a page of a pool."""
        return await self._reader.pool(call, request)

    async def retry(self, request: RetryIngest, call: Call) -> Answer[ImageView]:
        """Process a failed image again."""
        await retry_ingest(self._db, self._sight, call, request)
        return await self._reader.image(call, GetImage(patient=request.patient, image=request.image))

    async def move(self, request: MoveImage, call: Call) -> Answer[MoveView]:
        """Send an image to another patient."""
        return await move_image(self._db, self._requests, call, request)

    async def tag(self, request: TagImage, call: Call) -> ImageTags:
        """Give an image a tag."""
        return await tagging.tag_image(self._db, self._sight, self._requests, call, request)

    async def untag(self, request: UntagImage, call: Call) -> ImageTags:
        """Take a tag away from an image."""
        return await tagging.untag_image(self._db, self._sight, call, request)

    async def locate_rendition(self, request: LocateRendition, call: Call) -> StoredObject:
        """Tell where a rendition lies."""
        return await self._reader.rendition(call, request)

    async def locate_original(self, request: LocateOriginal, call: Call) -> StoredObject:
        """Tell where the uploaded bytes lie."""
        return await self._reader.original(call, request)

    async def count(self, request: CountImages, call: Call) -> ImageCounts:
        """Tell patients how many images count."""
        return await count_images(self._db, call, request)

    async def known(self, request: ListKnownImages, call: Call) -> KnownImages:
        """Tell patients which images there are."""
        return await known_images(self._db, call, request)
