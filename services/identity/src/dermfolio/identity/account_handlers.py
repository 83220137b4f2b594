"""One thin function per message about one's own account. Only who is signed in with a session has one to change."""

from dermfolio.common.auth import Call
from dermfolio.common.db import Database
from dermfolio.contracts.account import (
    ConfirmSecondFactor,
    EndAllSessions,
    EndSession,
    ForgetDevice,
    GetSecondFactor,
    ListSessions,
    PrepareSecondFactor,
    RemoveSecondFactor,
    RenewRecoveryCodes,
)
from dermfolio.contracts.messages import Nothing
from dermfolio.contracts.views.account import (
    AccountSessionsView,
    RecoveryCodesView,
    SecondFactorSetupView,
    SecondFactorView,
)
from dermfolio.identity import second_factor, sessions, trusted_devices
from dermfolio.identity.installation import name_of
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.policy import Policy
from dermfolio.identity.settings import IdentitySettings


class AccountHandlers:
    """What identity answers about one's own account."""

    def __init__(self, db: Database, settings: IdentitySettings, policy: Policy, keyring: Keyring) -> None:
        self._db = db
        self._settings = settings
        self._policy = policy
        self._keyring = keyring

    async def second_factor(self, request: GetSecondFactor, call: Call) -> SecondFactorView:
        """Tell the state of the caller's second factor."""
        return await second_factor.state(self._db, self._policy, _own(call))

    async def prepare_second_factor(self, request: PrepareSecondFactor, call: Call) -> SecondFactorSetupView:
        """Make a secret for an authenticator app."""
        installation = await name_of(self._db, self._settings)
        typed = request.current_password.get_secret_value()
        return await second_factor.prepare(self._db, self._keyring, _own(call), typed, installation)

    async def confirm_second_factor(self, request: ConfirmSecondFactor, call: Call) -> RecoveryCodesView:
        """Have it count."""
        return await second_factor.confirm(self._db, self._keyring, _own(call), request.code.get_secret_value())

    async def renew_recovery_codes(self, request: RenewRecoveryCodes, call: Call) -> RecoveryCodesView:
        """Make new recovery codes."""
        typed = request.current_password.get_secret_value(), request.second_factor.get_secret_value()
        return await second_factor.renew_recovery_codes(self._db, self._keyring, _own(call), *typed)

    async def remove_second_factor(self, request: RemoveSecondFactor, call: Call) -> Nothing:
        """Remove the second factor."""
        typed = request.current_password.get_secret_value(), request.second_factor.get_secret_value()
        await second_factor.remove(self._db, self._keyring, _own(call), *typed)
        return Nothing()

    async def sessions(self, request: ListSessions, call: Call) -> AccountSessionsView:
        """List the caller's sessions and trusted devices."""
        return await sessions.sessions_of(self._db, _own(call), request.device_sha256, self._policy)

    async def end_session(self, request: EndSession, call: Call) -> Nothing:
        """End one of the caller's sessions."""
        await sessions.end_session(self._db, _own(call), request.session)
        return Nothing()

    async def end_all_sessions(self, request: EndAllSessions, call: Call) -> Nothing:
        """End all of them."""
        await sessions.end_all_sessions(self._db, _own(call))
        return Nothing()

    async def forget_device(self, request: ForgetDevice, call: Call) -> Nothing:
        """Trust one of the caller's devices no longer."""
        await trusted_devices.forget(self._db, _own(call), request.device)
        return Nothing()


def _own(call: Call) -> Call:
    call.user_in_person()
    return call
