/** Places of the page that are led to from elsewhere on it. */
export const PASSWORD = "password";
export const SESSIONS = "sessions";
export const TOKENS = "tokens";
