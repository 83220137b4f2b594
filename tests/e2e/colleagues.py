"""Users beside the administrator."""

from contextlib import AsyncExitStack
from uuid import UUID, uuid4

from dermfolio.contracts.roles import Role
from dermfolio.ops import people

from .conftest import System
from .seen_directly import rows

_MUST_CHANGE = "UPDATE users SET password_change_required = true WHERE login = $1"


async def engage(system: System, role: Role, *, site: UUID | None = None, must_change_password: bool = False) -> str:
    """A user with a role, at a site (the first one) or in the installation, and the admin's password; returns the
    login.
    """
    login = f"{role.value}-{uuid4().hex[:8]}"
    async with AsyncExitStack() as exits:
        admin = await system.api(exits)
        assert admin.session is not None
        assert system.password is not None
        at = site or admin.session.sites[0].site
        await people.engage(admin, login, system.password, role, at, name=f"{role.value.title()} Test")
    if must_change_password:
        await rows(system.stack, "identity", _MUST_CHANGE, login)
    return login
