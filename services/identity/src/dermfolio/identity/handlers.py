"""One thin function per message."""

from dermfolio.common.auth import Call
from dermfolio.common.bus import Answer
from dermfolio.common.db import Database
from dermfolio.common.errors import Refused
from dermfolio.contracts.consent import ConsentRule, GetConsentRule
from dermfolio.contracts.dating import DatingRule, GetDatingRule
from dermfolio.contracts.identity import (
    ChangePassword,
    GetInstallation,
    GetPerson,
    GetSession,
    Installation,
    ListPeople,
    SessionFacts,
    SignedIn,
    SignIn,
    SignOut,
)
from dermfolio.contracts.licence import GetLicence, InstallLicence
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.settings import ChangeSettings, GetSettings
from dermfolio.contracts.views.identity import People, PersonView, SignInProvider
from dermfolio.contracts.views.licence import LicenceView
from dermfolio.contracts.views.settings import SettingsView
from dermfolio.identity import repository
from dermfolio.identity.api_tokens import session_of_token
from dermfolio.identity.consent_rule import consent_rule
from dermfolio.identity.dating_rule import dating_rule
from dermfolio.identity.installation import name_of
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.licence import Licensing
from dermfolio.identity.policy import Policy, change_settings, get_settings
from dermfolio.identity.settings import IdentitySettings
from dermfolio.identity.sign_in import change_password, session_of, sign_in, sign_out

GATEWAY = "gateway"


class Handlers:
    """What identity answers."""

    def __init__(
        self, db: Database, settings: IdentitySettings, policy: Policy, keyring: Keyring, licensing: Licensing
    ) -> None:
        self._db = db
        self._licensing = licensing
        self._settings = settings
        self._policy = policy
        self._keyring = keyring

    async def sign_in(self, request: SignIn, call: Call) -> SignedIn:
        """Open a session."""
        call.need_service(GATEWAY)
        return await sign_in(self._db, self._keyring, self._policy, call, request)

    async def session(self, request: GetSession, call: Call) -> SessionFacts:
        """Resolve a cookie or an API token."""
        call.need_service(GATEWAY)
        if request.kind == "token":
            return await session_of_token(self._db, request.token_sha256)
        return await session_of(self._db, self._policy, request.token_sha256, in_use=request.in_use)

    async def sign_out(self, request: SignOut, call: Call) -> Nothing:
        """End the caller's session."""
        await sign_out(self._db, call)
        return Nothing()

    async def change_password(self, request: ChangePassword, call: Call) -> Nothing:
        """Change the caller's password."""
        current, new = request.current_password.get_secret_value(), request.new_password.get_secret_value()
        await change_password(self._db, self._keyring, call, current, new)
        return Nothing()

    async def licence(self, request: GetLicence, call: Call) -> LicenceView:
        """Tell the state of the licence."""
        return await self._licensing.current(call)

    async def install_licence(self, request: InstallLicence, call: Call) -> LicenceView:
        """Install a licence."""
        return await self._licensing.install(call, request.file)

    async def installation(self, request: GetInstallation, call: Call) -> Installation:
        """Tell whose installation this is."""
        providers = [SignInProvider(id=p.id, name=p.name) for p in self._settings.oidc_providers]
        return Installation(name=await name_of(self._db, self._settings), sign_in_providers=providers)

    async def settings(self, request: GetSettings, call: Call) -> Answer[SettingsView]:
        """Show the settings of the installation."""
        return await get_settings(self._db, self._policy, call)

    async def change_settings(self, request: ChangeSettings, call: Call) -> Answer[SettingsView]:
        """Change the settings of the installation."""
        return await change_settings(self._db, self._policy, call, request)

    async def consent_rule(self, request: GetConsentRule, call: Call) -> ConsentRule:
        """Tell what a missing consent means at a site."""
        return await consent_rule(self._db, call, request.site)

    async def dating_rule(self, request: GetDatingRule, call: Call) -> DatingRule:
        """Tell how new photographs of a site are dated."""
        return await dating_rule(self._db, call, request.site)

    async def person(self, request: GetPerson, call: Call) -> PersonView:
        """Tell how a colleague is called: the trail, too, names people by their ids. Refused as `not_found`, also to
        those who hold no role.
        """
        async with self._db.write() as s:
            user = await repository.user_if_known(s, request.user) if call.actor.holds_a_role() else None
        if user is None:
            raise Refused("not_found")
        return PersonView(id=user.id, display_name=user.display_name)

    async def people(self, request: ListPeople, call: Call) -> People:
        """Tell how several people are called, such as a page of the trail names by their ids. Refused as `forbidden` to
        those who hold no role.
        """
        if not call.actor.holds_a_role():
            raise Refused("forbidden")
        async with self._db.write() as s:
            found = await repository.users_of(s, request.users)
        return People(people=[PersonView(id=user.id, display_name=user.display_name) for user in found])
