"""The only door for people and integrators: REST, uploads, live updates. Owns no data."""
