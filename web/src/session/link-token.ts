const TOKEN = /^#[A-Za-z0-9_-]{20,200}$/;

/**
 * The token of a password link, out of the address's fragment, which no server sees. It is taken out of the address bar
 * at once, so that neither the history nor whoever looks over a shoulder keeps it. Null where there is none.
 */
export function takeLinkToken(): string | null {
  const { hash, pathname } = location;
  if (hash !== "") history.replaceState(history.state, "", pathname);
  return TOKEN.test(hash) ? hash.slice(1) : null;
}
