"""Who may do what."""

import pytest

from dermfolio.contracts.roles import GRANTS, INSTALLATION_ROLES, Permission, Role


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_granted_to_somebody(permission: Permission) -> None:
    assert GRANTS[permission]


@pytest.mark.parametrize("permission", [p for p in Permission if p.startswith(("patient:", "image:"))])
def test_who_runs_the_installation_sees_no_patient_by_that_alone(permission: Permission) -> None:
    assert not GRANTS[permission] & INSTALLATION_ROLES


@pytest.mark.parametrize("permission", [p for p in Permission if not p.endswith(":read")])
def test_a_viewer_changes_nothing(permission: Permission) -> None:
    assert Role.VIEWER not in GRANTS[permission]
