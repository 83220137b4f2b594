"""Sign-in by OpenID Connect (ORG-6): code, PKCE, state and nonce; users are bound by issuer and subject."""
