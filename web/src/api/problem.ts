import type { Fault, ProblemView } from "./schema";

/** What the gateway says when a request was not carried out (RFC 9457), or `unreachable` when nothing was heard of it. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly requestId: string | null;
  /** Seconds after which the same request may be sent again; null when that would not help. */
  readonly retryAfter: number | null;
  /** What some problems carry besides: ids and codes. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(facts: {
    code: string;
    status: number;
    title: string;
    detail: string;
    errors?: readonly Fault[];
    requestId?: string | null;
    retryAfter?: number | null;
    more?: Readonly<Record<string, unknown>>;
  }) {
    super(facts.title);
    this.name = "Problem";
    this.code = facts.code;
    this.status = facts.status;
    this.detail = facts.detail;
    this.errors = facts.errors ?? [];
    this.requestId = facts.requestId ?? null;
    this.retryAfter = facts.retryAfter ?? null;
    this.facts = facts.more ?? {};
  }

  /** Whether the same request may succeed a little later. */
  get passes(): boolean {
    return this.code === "unreachable" || this.status === 429 || this.status === 503;
  }

  static unreachable(): Problem {
    return new Problem({ code: "unreachable", status: 0, title: "Unreachable", detail: "", retryAfter: 1 });
  }

  /** The problem that an answer tells of; `body` is what could be read of it. */
  static of(status: number, body: unknown, headers: Headers): Problem {
    const told = isProblemView(body) ? body : null;
    const after = Number.parseInt(headers.get("retry-after") ?? "", 10);
    return new Problem({
      code: told?.code ?? "internal",
      status,
      title: told?.title ?? `HTTP ${status}`,
      detail: told?.detail ?? "",
      errors: told?.errors ?? [],
      requestId: told?.request_id ?? headers.get("x-request-id"),
      retryAfter: Number.isFinite(after) ? after : null,
      more: told ?? {},
    });
  }
}

function isProblemView(body: unknown): body is ProblemView {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** What the server wants corrected, by the field's path in a form. */
export function faultsByField(faults: readonly Fault[]): Record<string, string> {
  return Object.fromEntries(faults.map(({ loc, msg }) => [loc.replace(/^body\./, ""), msg]));
}

/** The same of whatever went wrong: nothing where no field is to blame. */
export function faultsOf(error: unknown): Record<string, string> {
  return error instanceof Problem ? faultsByField(error.errors) : {};
}
