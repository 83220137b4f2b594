"""Composition root of identity."""

from functools import partial

from dermfolio.common.host import Parts
from dermfolio.common.outbox import replay
from dermfolio.common.service import Chore, Service
from dermfolio.common.settings import key_bytes
from dermfolio.contracts import oidc, organisation, own
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
from dermfolio.contracts.consent import GetConsentRule
from dermfolio.contracts.dating import GetDatingRule
from dermfolio.contracts.identity import (
    ChangePassword,
    GetInstallation,
    GetPerson,
    GetSession,
    IdentityAccessDenied,
    ListPeople,
    SignIn,
    SignOut,
)
from dermfolio.contracts.licence import GetLicence, InstallLicence
from dermfolio.contracts.replay import ReplayIdentity
from dermfolio.contracts.settings import ChangeSettings, GetSettings
from dermfolio.identity.account_handlers import AccountHandlers
from dermfolio.identity.first_start import ensure_first_admin
from dermfolio.identity.handlers import Handlers
from dermfolio.identity.keyring import Keyring
from dermfolio.identity.licence import WATCHED_EVERY_SECONDS, Licensing
from dermfolio.identity.oidc.speaking import Speaking
from dermfolio.identity.oidc_handlers import OidcHandlers
from dermfolio.identity.organisation_handlers import OrganisationHandlers
from dermfolio.identity.own_handlers import OwnHandlers
from dermfolio.identity.policy import Policy
from dermfolio.identity.prune import EVERY_SECONDS, prune
from dermfolio.identity.settings import IdentitySettings


def service(settings: IdentitySettings, parts: Parts) -> Service:
    """Say what identity is made of."""
    keyring, policy = Keyring(key_bytes(settings.identity_key)), Policy(settings)
    licensing = Licensing(parts.db, settings)
    h = Handlers(parts.db, settings, policy, keyring, licensing)
    account = AccountHandlers(parts.db, settings, policy, keyring)
    kept = OwnHandlers(parts.db)
    people = OrganisationHandlers(parts.db, parts.cursors, keyring, licensing)
    speaking = Speaking(evaluation=settings.profile == "evaluation")
    by_provider = OidcHandlers(parts.db, settings, policy, speaking)

    async def on_start() -> None:
        await ensure_first_admin(parts.db, settings)
        await licensing.install_mounted()

    return Service(
        "identity",
        answers={
            SignIn: h.sign_in,
            GetSession: h.session,
            SignOut: h.sign_out,
            ChangePassword: h.change_password,
            GetLicence: h.licence,
            InstallLicence: h.install_licence,
            GetInstallation: h.installation,
            GetPerson: h.person,
            ListPeople: h.people,
            GetSettings: h.settings,
            ChangeSettings: h.change_settings,
            GetConsentRule: h.consent_rule,
            GetDatingRule: h.dating_rule,
            organisation.ListSites: people.list_sites,
            organisation.ListSiteNames: people.list_site_names,
            organisation.GetSite: people.site,
            organisation.CreateSite: people.create_site,
            organisation.ChangeSite: people.change_site,
            organisation.ListUsers: people.list_users,
            organisation.GetUser: people.user,
            organisation.InviteUser: people.invite,
            organisation.ChangeUser: people.change_user,
            organisation.SetSiteRoles: people.set_site_roles,
            organisation.SetInstallationRoles: people.set_installation_roles,
            organisation.DisableUser: people.disable,
            organisation.EnableUser: people.enable,
            organisation.ResetSecondFactor: people.reset_second_factor,
            organisation.MakePasswordLink: people.make_password_link,
            organisation.ChoosePasswordByLink: people.choose_password,
            own.ListTokens: kept.list_tokens,
            own.MakeToken: kept.make_token,
            own.RevokeToken: kept.revoke_token,
            own.GetPreferences: kept.preferences,
            own.SetPreferences: kept.set_preferences,
            own.GetSections: kept.sections,
            own.SetSections: kept.set_sections,
            GetSecondFactor: account.second_factor,
            PrepareSecondFactor: account.prepare_second_factor,
            ConfirmSecondFactor: account.confirm_second_factor,
            RenewRecoveryCodes: account.renew_recovery_codes,
            RemoveSecondFactor: account.remove_second_factor,
            ListSessions: account.sessions,
            EndSession: account.end_session,
            EndAllSessions: account.end_all_sessions,
            ForgetDevice: account.forget_device,
            oidc.BeginSignIn: by_provider.begin,
            oidc.FinishSignIn: by_provider.finish,
            ReplayIdentity: replay(parts.db, ["audit"]),
        },
        chores=[
            Chore("prune", EVERY_SECONDS, partial(prune, parts.db)),
            Chore("licence", WATCHED_EVERY_SECONDS, licensing.watch),
        ],
        denied=IdentityAccessDenied,
        resources=[speaking],
        on_start=on_start,
    )
