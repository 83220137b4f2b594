import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveConnection, type LiveNews, type Socket } from "./connection";

class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: unknown[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.onopen?.(new Event("open"));
  }

  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  drops(code = 1006): void {
    this.onclose?.({ code } as CloseEvent);
  }
}

const ANNA = "11111111-1111-4111-8111-111111111111";
const event = (cursor: string) => ({ type: "event", cursor, event: "images.ingested", patient: ANNA, data: {} });

describe("the live connection", () => {
  let sockets: FakeSocket[];
  let live: LiveConnection;
  const newest = () => sockets.at(-1) as FakeSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    live = new LiveConnection(() => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    });
  });
  afterEach(() => vi.useRealTimers());

  function followed(): LiveNews[] {
    const news: LiveNews[] = [];
    live.follow(ANNA, (said) => news.push(said));
    live.start();
    newest().opens();
    return news;
  }

  it("tells that the licence changed when it hears so, and when it may have missed that", () => {
    const told = vi.fn();
    live.onLicence(told);
    followed();
    newest().says({ type: "licence_changed" });
    expect(told).toHaveBeenCalledTimes(1);
    newest().says({ type: "resync", patient: ANNA, cursor: "e:1" });
    expect(told).toHaveBeenCalledTimes(1);
    newest().says({ type: "resync", patient: null, cursor: "e:2" });
    expect(told).toHaveBeenCalledTimes(2);
    newest().drops();
    vi.advanceTimersByTime(1_000);
    newest().opens();
    expect(told).toHaveBeenCalledTimes(3);
  });

  it("TAG-1: tells whose tags changed, and when it may have missed that", () => {
    const told = vi.fn();
    live.onTags(told);
    followed();
    newest().says({ type: "tags_changed", site: null });
    newest().says({ type: "tags_changed", site: ANNA });
    newest().says({ type: "resync", patient: ANNA, cursor: "e:1" });
    newest().says({ type: "resync", patient: null, cursor: "e:2" });
    newest().drops();
    vi.advanceTimersByTime(1_000);
    newest().opens();
    expect(told.mock.calls).toEqual([[null], [ANNA], [undefined], [undefined]]);
  });

  it("tells of emergency access, and when news of it may be missing", () => {
    const told = vi.fn();
    const stop = live.onAlert((news) => told(news.type === "resync" ? "resync" : news.event));
    live.start();
    newest().opens();
    expect(told).not.toHaveBeenCalled();
    newest().says({ type: "emergency", event: "patients.opened", site: ANNA, opening: ANNA });
    newest().says({ type: "resync", patient: ANNA, cursor: "e:1" });
    newest().says({ type: "resync", patient: null, cursor: "e:2" });
    newest().drops();
    vi.runOnlyPendingTimers();
    newest().opens();
    expect(told.mock.calls.flat()).toEqual(["patients.opened", "resync", "resync"]);
    stop();
    newest().says({ type: "emergency", event: "patients.opened", site: ANNA, opening: ANNA });
    expect(told).toHaveBeenCalledTimes(3);
  });

  it("tells that rights changed when it hears so, and when it did not listen for a while", () => {
    const told = vi.fn();
    live.onRights(told);
    followed();
    expect(told).not.toHaveBeenCalled();
    newest().says({ type: "rights_changed" });
    expect(told).toHaveBeenCalledTimes(1);
    newest().drops();
    vi.advanceTimersByTime(20_000);
    newest().opens();
    expect(told).toHaveBeenCalledTimes(2);
  });

  const subscribed = () => newest().sent.filter((said) => (said as { type: string }).type === "subscribe");

  it("POOL-4: has events since what was loaded before it followed", () => {
    live.hasLoaded(ANNA, "e:7");
    live.hasLoaded(ANNA, "e:5");
    live.hasLoaded(ANNA, "e:9");
    followed();
    expect(subscribed()).toEqual([{ type: "subscribe", patient: ANNA, cursor: "e:5" }]);
    newest().says({ type: "subscribed", patient: ANNA, cursor: "e:5" });
    live.hasLoaded(ANNA, "e:6");
    expect(subscribed()).toHaveLength(1);
  });

  it("POOL-4: asks for what happened between loading and following when the answer comes late", () => {
    followed();
    live.hasLoaded(ANNA, "e:10");
    newest().says({ type: "subscribed", patient: ANNA, cursor: "e:12" });
    live.hasLoaded(ANNA, "e:11");
    live.hasLoaded(ANNA, "e:9");
    live.hasLoaded(ANNA, "f:1");
    const cursors = subscribed().map((said) => (said as { cursor: string | null }).cursor);
    expect(cursors).toEqual([null, "e:10", "e:9"]);
  });

  it("goes on where it was when what was loaded is shown again", () => {
    live.start();
    newest().opens();
    live.follow(ANNA, vi.fn())();
    const stop = live.follow(ANNA, vi.fn());
    newest().says({ type: "subscribed", patient: ANNA, cursor: "e:12" });
    newest().says(event("e:14"));
    stop();
    live.follow(ANNA, vi.fn());
    expect(subscribed().at(-1)).toEqual({ type: "subscribe", patient: ANNA, cursor: "e:14" });
  });

  it("subscribes to what was followed before it was open, and once for two followers", () => {
    followed();
    live.follow(ANNA, () => {});
    expect(newest().sent).toEqual([{ type: "subscribe", patient: ANNA, cursor: null }]);
  });

  it("resumes after a lost connection behind the last event it was told", () => {
    const news = followed();
    newest().says({ type: "subscribed", patient: ANNA, cursor: "e:1" });
    newest().says(event("e:5"));
    newest().drops();
    expect(live.current()).toBe("connecting");
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    newest().opens();
    expect(newest().sent).toEqual([{ type: "subscribe", patient: ANNA, cursor: "e:5" }]);
    newest().says(event("e:6"));
    expect(news).toEqual([event("e:5"), event("e:6")]);
  });

  it("hears nothing more of a socket that it gave up", () => {
    const news = followed();
    const first = newest();
    live.lost();
    vi.advanceTimersByTime(1000);
    newest().opens();
    first.says(event("e:9"));
    expect(news).toEqual([]);
  });

  it("tells all followers when events may be missing", () => {
    const news = followed();
    newest().says({ type: "resync", patient: null, cursor: "f:1" });
    expect(news).toEqual([{ type: "resync" }]);
    newest().drops();
    vi.advanceTimersByTime(1000);
    newest().opens();
    expect(newest().sent).toEqual([{ type: "subscribe", patient: ANNA, cursor: "f:1" }]);
  });

  it("gives up a connection on which no sign of life comes", () => {
    followed();
    vi.advanceTimersByTime(15_000);
    expect(newest().sent.at(-1)).toEqual({ type: "ping" });
    vi.advanceTimersByTime(10_000);
    expect(live.current()).toBe("connecting");
    expect(newest().closed).toBe(true);
  });

  it("stays connected while it is answered", () => {
    followed();
    for (let n = 0; n < 5; n++) {
      vi.advanceTimersByTime(15_000);
      newest().says({ type: "pong" });
    }
    expect(sockets).toHaveLength(1);
    expect(live.current()).toBe("live");
  });

  it("waits longer each time, and not at all when the network is back", () => {
    live.start();
    newest().drops();
    vi.advanceTimersByTime(500);
    newest().drops();
    const tried = sockets.length;
    live.wake();
    expect(sockets).toHaveLength(tried + 1);
  });

  it("says where its user is, also on a new connection, and is told who else is", () => {
    const told = vi.fn();
    live.attend({ patient: ANNA, entry: null }, told);
    live.start();
    newest().opens();
    expect(newest().sent).toEqual([{ type: "here", patient: ANNA, entry: null }]);
    newest().says({ type: "present", patient: ANNA, people: [{ user: "u", entry: null }] });
    newest().says({ type: "present", patient: "another", people: [] });
    expect(told.mock.calls).toEqual([[[{ user: "u", entry: null }]]]);
    newest().drops();
    expect(told).toHaveBeenLastCalledWith([]);
    vi.advanceTimersByTime(1000);
    newest().opens();
    expect(newest().sent).toEqual([{ type: "here", patient: ANNA, entry: null }]);
  });

  it("leaves, but not on the way to another place of the same patient", async () => {
    followed();
    newest().sent = [];
    const leave = live.attend({ patient: ANNA, entry: null }, () => {});
    leave();
    const leaveEntry = live.attend({ patient: ANNA, entry: ANNA }, () => {});
    await Promise.resolve();
    expect(newest().sent).toHaveLength(2);
    leaveEntry();
    await Promise.resolve();
    expect(newest().sent.at(-1)).toEqual({ type: "away" });
  });

  it("ends with the session", () => {
    followed();
    newest().drops(4401);
    vi.advanceTimersByTime(60_000);
    expect(live.current()).toBe("over");
    expect(sockets).toHaveLength(1);
  });

  it("unsubscribes with the last follower", () => {
    const stop = live.follow(ANNA, () => {});
    live.start();
    newest().opens();
    stop();
    expect(newest().sent.at(-1)).toEqual({ type: "unsubscribe", patient: ANNA });
  });
});
