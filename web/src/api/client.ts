import createClient, { type Middleware } from "openapi-fetch";
import { Problem } from "./problem";
import type { paths } from "./schema";

let csrfToken = "";
const overListeners = new Set<() => void>();
const toDoListeners = new Set<() => void>();
const loadedListeners = new Set<(patient: string, cursor: string) => void>();

/** The token of the signed-in session, which every change carries. */
export function csrf(): string {
  return csrfToken;
}

export function rememberCsrf(token: string): void {
  csrfToken = token;
}

/** Be told when the gateway says that nobody is signed in any more. Returns how to stop that. */
export function onSessionOver(listener: () => void): () => void {
  overListeners.add(listener);
  return () => overListeners.delete(listener);
}

/** Tell everyone that the session is over; requests beside this client use it too. */
export function sessionIsOver(): void {
  for (const listener of overListeners) listener();
}

/** Be told when the gateway says that the user has to do something else before. */
export function onSomethingToDo(listener: () => void): void {
  toDoListeners.add(listener);
}

/** Be told when something of a patient was loaded that holds what had happened by a cursor of the live events. */
export function onLoaded(listener: (patient: string, cursor: string) => void): void {
  loadedListeners.add(listener);
}

const FIRST = new Set(["password_change_required", "second_factor_setup_required"]);
const SAFE = new Set(["GET", "HEAD"]);

const middleware: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  async onResponse({ response, params }) {
    if (response.ok) {
      const cursor = response.headers.get("Live-Cursor");
      const patient: unknown = params.path?.patient;
      if (cursor !== null && typeof patient === "string") {
        for (const listener of loadedListeners) listener(patient, cursor);
      }
      return undefined;
    }
    const body: unknown = await response.json().catch(() => null);
    const problem = Problem.of(response.status, body, response.headers);
    if (problem.code === "not_signed_in") sessionIsOver();
    if (FIRST.has(problem.code)) for (const listener of toDoListeners) listener();
    throw problem;
  },
  onError({ error }) {
    if (error instanceof Problem || (error instanceof DOMException && error.name === "AbortError")) return undefined;
    return Problem.unreachable();
  },
};

const client = createClient<paths>({
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: false } },
});
client.use(middleware);

/** The gateway's API: resolves to what an operation answers with, rejects with a Problem. */
export const api = client;

/** What an operation answered with: anything else was thrown by the middleware. */
export async function answered<T>(asked: Promise<{ data?: T | undefined }>): Promise<T> {
  const { data } = await asked;
  return data as T;
}
