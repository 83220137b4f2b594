"""What identity answers and says about one's own account: second factor, trusted devices, sessions."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import PlainSerializer, SecretStr

from dermfolio.contracts.messages import Action, Event, Nothing, Request
from dermfolio.contracts.views.account import (
    AccountSessionsView,
    RecoveryCodesView,
    SecondFactorSetupView,
    SecondFactorView,
)

DEVICE_TRUSTED = timedelta(days=30)
"""How long the password alone is enough in a browser that is trusted."""

Revealed = Annotated[
    SecretStr, PlainSerializer(lambda secret: secret.get_secret_value(), return_type=str, when_used="json")
]
"""A secret that is told to its owner on the bus, and to nobody else."""


class GetSecondFactor(Request[SecondFactorView]):
    """The state of the actor's second factor."""

    subject = "rpc.identity.second_factor"


class PrepareSecondFactor(Request[SecondFactorSetupView]):
    """Make a secret for the actor's authenticator app; one that was never confirmed is replaced."""

    subject = "rpc.identity.prepare_second_factor"
    timeout = 15.0
    repeatable = False
    current_password: Revealed


class ConfirmSecondFactor(Request[RecoveryCodesView]):
    """Have the prepared second factor count from now on."""

    subject = "rpc.identity.confirm_second_factor"
    repeatable = False
    code: Revealed


class RenewRecoveryCodes(Request[RecoveryCodesView]):
    """Make new recovery codes; the earlier ones are void."""

    subject = "rpc.identity.renew_recovery_codes"
    timeout = 15.0
    repeatable = False
    current_password: Revealed
    second_factor: Revealed


class RemoveSecondFactor(Request[Nothing]):
    """Remove the actor's second factor, its recovery codes and the devices that were trusted instead of it."""

    subject = "rpc.identity.remove_second_factor"
    timeout = 15.0
    repeatable = False
    current_password: Revealed
    second_factor: Revealed


class ListSessions(Request[AccountSessionsView]):
    """The actor's open sessions and trusted devices; `device_sha256` names the device that asks."""

    subject = "rpc.identity.sessions"
    device_sha256: str | None = None


class EndSession(Request[Nothing]):
    """End one of the actor's own sessions."""

    subject = "rpc.identity.end_session"
    session: UUID


class EndAllSessions(Request[Nothing]):
    """End every session of the actor, the one that asks too, and trust no device any longer."""

    subject = "rpc.identity.end_all_sessions"


class ForgetDevice(Request[Nothing]):
    """Trust one of the actor's devices no longer."""

    subject = "rpc.identity.forget_device"
    device: UUID


class ConfirmationRefused(Event):
    """A signed-in user's password or code was not right, or was not looked at after too many; `code` says which."""

    subject = "evt.identity.confirmation_refused"
    action: ClassVar[Action] = "E"
    about: ClassVar[str] = "user"
    user: UUID
    code: str


class SecondFactorPrepared(Event):
    """A user has a new secret for an authenticator app, which does not count yet."""

    subject = "evt.identity.second_factor_prepared"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "user"
    user: UUID


class SecondFactorConfirmed(Event):
    """A user's second factor counts from now on."""

    subject = "evt.identity.second_factor_confirmed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID


class SecondFactorRemoved(Event):
    """A user has no second factor any more."""

    subject = "evt.identity.second_factor_removed"
    action: ClassVar[Action] = "D"
    about: ClassVar[str] = "user"
    user: UUID


class RecoveryCodesRenewed(Event):
    """A user has new recovery codes."""

    subject = "evt.identity.recovery_codes_renewed"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID


class RecoveryCodeUsed(Event):
    """A recovery code stood in for a user's authenticator app; `left` remain."""

    subject = "evt.identity.recovery_code_used"
    action: ClassVar[Action] = "U"
    about: ClassVar[str] = "user"
    user: UUID
    left: int


class DeviceTrusted(Event):
    """A user's password is enough in this browser from now on."""

    subject = "evt.identity.device_trusted"
    action: ClassVar[Action] = "C"
    about: ClassVar[str] = "device"
    device: UUID
    user: UUID


class DeviceForgotten(Event):
    """A browser is trusted no longer."""

    subject = "evt.identity.device_forgotten"
    action: ClassVar[Action] = "D"
    about: ClassVar[str] = "device"
    device: UUID
    user: UUID


ASKED: tuple[type[Request[Any]], ...] = (
    GetSecondFactor,
    PrepareSecondFactor,
    ConfirmSecondFactor,
    RenewRecoveryCodes,
    RemoveSecondFactor,
    ListSessions,
    EndSession,
    EndAllSessions,
    ForgetDevice,
)
"""What identity answers of this."""

SAID = (
    ConfirmationRefused,
    SecondFactorPrepared,
    SecondFactorConfirmed,
    SecondFactorRemoved,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    DeviceTrusted,
    DeviceForgotten,
)
"""What identity says of this."""
