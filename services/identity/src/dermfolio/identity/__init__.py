"""identity: users, sites, roles, sessions, licence."""
