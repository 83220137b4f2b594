import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { isClash, merge, textOf } from "./merging";
import { chosen, type Notes, NotesSync } from "./sync";

/** A server that keeps the notes of one entry, and a second user of it. */
class Server {
  versions: Notes[] = [{ text: "face\ntrunk\nlegs", version: 1, saved_by: "ben" }];
  keys = new Map<string, number>();
  fails: (Problem | "lost")[] = [];
  requests: string[] = [];
  reported = { changes: 0, away: false };

  get now(): Notes {
    return this.versions.at(-1) as Notes;
  }

  says(text: string, by = "ben"): void {
    this.versions.push({ text, version: this.now.version + 1, saved_by: by });
  }

  async save(text: string, base: number, key: string): Promise<Notes> {
    this.requests.push(key);
    const failure = this.fails.shift();
    if (failure instanceof Problem) throw failure;
    if (!this.keys.has(key)) {
      const made = this.versions.find(({ version }) => version === base)?.text ?? "";
      const merged = textOf(merge(made, text, this.now.text));
      if (merged === null) throw problem("notes_conflict", 409, { version: this.now.version });
      if (merged !== this.now.text) this.says(merged, "anna");
      this.keys.set(key, this.now.version);
    }
    if (failure === "lost") throw Problem.unreachable();
    return this.now;
  }
}

function problem(code: string, status: number, more = {}): Problem {
  return new Problem({ code, status, title: code, detail: "", more });
}

describe("the notes of an entry", () => {
  let server: Server;
  let notes: NotesSync;
  const typed = () => notes.current().text;
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    notes = new NotesSync(
      {
        save: (text, base, key) => server.save(text, base, key),
        load: async () => server.now,
        report: (unsaved) => {
          server.reported = unsaved;
        },
        kept: () => undefined,
      },
      server.now,
    );
  });
  afterEach(() => vi.useRealTimers());

  it("are saved after a pause, and pending until the server has them", async () => {
    notes.type("face\ntrunk\nlegs: clear");
    expect(server.reported).toEqual({ changes: 1, away: false });
    await passes(399);
    expect(server.now.version).toBe(1);
    await passes(1);
    expect(server.now.text).toBe("face\ntrunk\nlegs: clear");
    expect(server.reported.changes).toBe(0);
  });

  it("are saved every two seconds while somebody types without a pause", async () => {
    for (let n = 0; n < 30; n++) {
      notes.type(`${n}`);
      await passes(100);
    }
    expect(server.requests.length).toBe(1);
  });

  it("go on from what somebody else saved meanwhile, under what is being typed", async () => {
    notes.type("face\ntrunk\nlegs, and mo");
    server.says("FACE\ntrunk\nlegs");
    notes.news(2);
    await passes(0);
    expect(typed()).toBe("FACE\ntrunk\nlegs, and mo");
    await passes(400);
    expect(server.now.text).toBe("FACE\ntrunk\nlegs, and mo");
  });

  it("keep what was typed while they were on their way", async () => {
    notes.type("face\ntrunk\nlegs 1");
    server.says("FACE\ntrunk\nlegs");
    const answer = server.save.bind(server);
    server.save = async (...asked) => {
      const told = await answer(...asked);
      notes.type("face\ntrunk\nlegs 12");
      return told;
    };
    await passes(400);
    server.save = answer;
    expect(typed()).toBe("FACE\ntrunk\nlegs 12");
    await passes(400);
    expect(server.now.text).toBe("FACE\ntrunk\nlegs 12");
  });

  it("of which the same paragraph was changed in two ways are for a person to decide", async () => {
    server.says("face: clear\ntrunk\nlegs");
    notes.type("face: two naevi\ntrunk\nlegs");
    await passes(400);
    const { disagreement } = notes.current();
    expect(disagreement?.parts.filter(isClash)).toEqual([
      { base: ["face"], ours: ["face: two naevi"], theirs: ["face: clear"] },
    ]);
    expect(typed()).toBe("face: two naevi\ntrunk\nlegs");
    expect(server.reported.changes).toBe(1);
    await passes(10_000);
    expect(server.now.version).toBe(2);
    notes.decide(chosen(disagreement?.parts ?? [], ["both"]));
    await passes(0);
    expect(server.now.text).toBe("face: clear\nface: two naevi\ntrunk\nlegs");
    expect(notes.current().disagreement).toBeNull();
    expect(server.reported.changes).toBe(0);
  });

  it("agree again when somebody makes them alike", async () => {
    server.says("face: clear\ntrunk\nlegs");
    notes.type("face: two naevi\ntrunk\nlegs");
    await passes(400);
    notes.type("face: clear\ntrunk\nlegs!");
    expect(notes.current().disagreement).toBeNull();
    await passes(400);
    expect(server.now.text).toBe("face: clear\ntrunk\nlegs!");
  });

  it("follow what the other goes on to write while it is decided", async () => {
    server.says("face: clear\ntrunk\nlegs");
    notes.type("face: two naevi\ntrunk\nlegs");
    await passes(400);
    server.says("face: clear, dry\ntrunk\nlegs");
    notes.news(3);
    await passes(0);
    expect(notes.current().disagreement?.theirs.version).toBe(3);
  });

  it("are kept while the server is away, and said to be pending", async () => {
    server.fails = [Problem.unreachable(), problem("unavailable", 503)];
    notes.type("offline");
    await passes(400);
    expect(server.reported).toEqual({ changes: 1, away: true });
    notes.type("offline, and more");
    await passes(10_000);
    expect(server.now.text).toBe("offline, and more");
    expect(server.reported).toEqual({ changes: 0, away: false });
  });

  it("are sent again under the same key when the answer was lost, so that no paragraph is doubled", async () => {
    server.fails = ["lost"];
    notes.type("face\ntrunk\nlegs\nnew");
    await passes(400);
    server.says(`${server.now.text}\ntheirs`);
    notes.type("face\ntrunk\nlegs\nnew, and longer");
    await passes(10_000);
    expect(server.now.text).toBe("face\ntrunk\nlegs\nnew, and longer\ntheirs");
    expect(new Set(server.requests).size).toBe(server.requests.length - 1);
  });

  it("wait for somebody to sign in again, and are saved then", async () => {
    server.fails = [problem("not_signed_in", 401)];
    notes.type("typed at the end of a session");
    await passes(60_000);
    expect(server.now.version).toBe(1);
    expect(notes.pending).toBe(true);
    notes.resume();
    await passes(0);
    expect(server.now.text).toBe("typed at the end of a session");
  });

  it("that are refused stay on the screen, with the reason, until they are changed", async () => {
    server.fails = [problem("notes_too_long", 422)];
    notes.type("long");
    await passes(60_000);
    expect((notes.current().problem as Problem).code).toBe("notes_too_long");
    expect([typed(), server.requests.length]).toEqual(["long", 1]);
    notes.type("short");
    await passes(400);
    expect(server.now.text).toBe("short");
    expect(notes.current().problem).toBeNull();
  });

  it("are not changed while a letter is composed", async () => {
    notes.compose(true);
    server.says("FACE\ntrunk\nlegs");
    notes.news(2);
    await passes(5_000);
    expect(typed()).toBe("face\ntrunk\nlegs");
    notes.compose(false);
    await passes(400);
    expect(typed()).toBe("FACE\ntrunk\nlegs");
  });
});
