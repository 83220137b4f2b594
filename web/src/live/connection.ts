import type { EmergencyNews, LiveEvent, SocketHears, SocketSays, Somebody } from "../api/schema";
import { isBefore, Loaded } from "./cursors";

/** What followers of a patient are told: an event, or that events may be missing and all must be fetched again. */
export type LiveNews = LiveEvent | { type: "resync" };

/** What administrators are told of emergency access: news, or that some may be missing. */
export type AlertNews = EmergencyNews | { type: "resync" };

/** `live`: events arrive; `connecting`: they will be caught up on; `over`: nobody is signed in. */
export type LiveState = "connecting" | "live" | "over";

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
}

const SESSION_OVER = 4401;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const PING_MS = 15_000;
const SILENCE_MS = 10_000;

/** Where the user of this tab is: at a patient, or at one entry of the patient. */
export interface Place {
  patient: string;
  entry: string | null;
}

interface Attending {
  place: Place;
  told: (people: readonly Somebody[]) => void;
}

interface Followed {
  listeners: Set<(news: LiveNews) => void>;
  /** Of the last event that came. */
  cursor: string | null;
  /** From where on events come; null until the gateway has said so. */
  since: string | null;
}

/**
 * The one socket to the gateway. Each followed patient keeps the cursor of its last event, so that after a lost
 * connection, or on another gateway, what came meanwhile arrives first. So does what happened between loading something
 * of a patient and following the patient: what was loaded says by which event it is right.
 */
export class LiveConnection {
  private socket: Socket | null = null;
  private state: LiveState = "connecting";
  private waits = 0;
  private again: ReturnType<typeof setTimeout> | null = null;
  private pinging: ReturnType<typeof setInterval> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;
  private readonly followed = new Map<string, Followed>();
  private readonly loaded = new Loaded();
  private readonly watchers = new Set<() => void>();
  private readonly rightsListeners = new Set<() => void>();
  private readonly licenceListeners = new Set<() => void>();
  private readonly tagListeners = new Set<(site: string | null | undefined) => void>();
  private readonly consentRulesListeners = new Set<() => void>();
  private readonly alertListeners = new Set<(news: AlertNews) => void>();
  private readonly unseenListeners = new Set<(patient: string) => void>();
  private attending: Attending | null = null;
  private wasOpen = false;
  private readonly open: () => Socket;

  constructor(open: () => Socket) {
    this.open = open;
  }

  /** The state now; with `watch` it fits React's useSyncExternalStore. */
  current = (): LiveState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Connect, and stay connected until `stop`. */
  start(): void {
    if (this.socket === null && this.again === null) this.connect();
  }

  /** Disconnect; nobody is told anything any more. */
  stop(): void {
    this.forgetTimers();
    const socket = this.socket;
    this.socket = null;
    this.wasOpen = false;
    socket?.close();
    this.become("connecting");
  }

  /** Try again now: the network is back, or the page is shown again. */
  wake(): void {
    if (this.again !== null) {
      this.forgetTimers();
      this.connect();
    } else if (this.socket !== null) {
      this.ping();
    }
  }

  /** The network is known to be gone: what still looks connected is not. */
  lost(): void {
    if (this.socket !== null) this.reconnect(this.socket);
  }

  /** Be told of a patient's changes from now on. Returns how to stop that. */
  follow(patient: string, listener: (news: LiveNews) => void): () => void {
    let followed = this.followed.get(patient);
    if (followed === undefined) {
      followed = { listeners: new Set(), cursor: null, since: null };
      this.followed.set(patient, followed);
      this.say({ type: "subscribe", patient, cursor: this.loaded.of(patient) });
    }
    followed.listeners.add(listener);
    return () => {
      const now = this.followed.get(patient);
      now?.listeners.delete(listener);
      if (now !== undefined && now.listeners.size === 0) {
        this.followed.delete(patient);
        // what was loaded may be shown again
        if (now.cursor !== null) this.loaded.note(patient, now.cursor);
        this.say({ type: "unsubscribe", patient });
      }
    };
  }

  /** Something of a patient was loaded that holds what had happened by this cursor: what happened since is to come. */
  hasLoaded(patient: string, cursor: string): void {
    const followed = this.followed.get(patient);
    if (followed === undefined || followed.since === null) {
      this.loaded.note(patient, cursor);
    } else if (isBefore(cursor, followed.since)) {
      followed.since = cursor;
      this.say({ type: "subscribe", patient, cursor });
    }
  }

  /** Be shown to others at a place, and be told who is at its patient, oneself too. Returns how to leave. */
  attend(place: Place, told: Attending["told"]): () => void {
    const attending = { place, told };
    this.attending = attending;
    this.say({ type: "here", ...place });
    return () => {
      if (this.attending !== attending) return;
      this.attending = null;
      // who goes on to another place of the patient does not leave in between
      queueMicrotask(() => {
        if (this.attending === null) this.say({ type: "away" });
      });
    };
  }

  /** Be told when what the user may do has changed, or may have while nothing was heard. */
  onRights(listener: () => void): void {
    this.rightsListeners.add(listener);
  }

  /** Be told when the licence has changed, or may have while nothing was heard. */
  onLicence(listener: () => void): void {
    this.licenceListeners.add(listener);
  }

  /** Be told whose tags have changed: a site's, or (null) the installation's; undefined while nothing was heard. */
  onTags(listener: (site: string | null | undefined) => void): void {
    this.tagListeners.add(listener);
  }

  /** Be told when a missing consent may mean something else than before. */
  onConsentRules(listener: () => void): void {
    this.consentRulesListeners.add(listener);
  }

  /** Be told of emergency access to patients of the sites that the user administers. Returns how to stop that. */
  onAlert(listener: (news: AlertNews) => void): () => void {
    this.alertListeners.add(listener);
    return () => this.alertListeners.delete(listener);
  }

  /** Be told of patients who may not be seen, or not any more. */
  onUnseen(listener: (patient: string) => void): void {
    this.unseenListeners.add(listener);
  }

  private connect(): void {
    const socket = this.open();
    this.socket = socket;
    socket.onopen = () => {
      if (socket !== this.socket) return;
      this.waits = 0;
      this.become("live");
      if (this.wasOpen) {
        this.tellRights();
        this.tellLicence();
        this.tellTags(undefined);
        this.tellConsentRules();
        this.tellAlert({ type: "resync" });
      }
      this.wasOpen = true;
      for (const [patient, { cursor }] of this.followed) {
        this.say({ type: "subscribe", patient, cursor: cursor ?? this.loaded.of(patient) });
      }
      if (this.attending !== null) this.say({ type: "here", ...this.attending.place });
      this.pinging = setInterval(() => this.ping(), PING_MS);
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(JSON.parse(String(event.data)) as SocketSays);
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      if (event.code === SESSION_OVER) {
        this.forgetTimers();
        this.socket = null;
        this.become("over");
      } else {
        this.reconnect(socket);
      }
    };
  }

  private reconnect(socket: Socket): void {
    this.forgetTimers();
    this.socket = null;
    socket.close();
    this.become("connecting");
    this.attending?.told([]);
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.waits++);
    // spread out, so that a restarted gateway does not meet all browsers at once
    this.again = setTimeout(
      () => {
        this.again = null;
        this.connect();
      },
      longest / 2 + (Math.random() * longest) / 2,
    );
  }

  private hear(said: SocketSays): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = null;
    switch (said.type) {
      case "subscribed": {
        const followed = this.followed.get(said.patient);
        if (followed !== undefined) this.begins(said.patient, followed, said.cursor);
        break;
      }
      case "event": {
        const followed = this.followed.get(said.patient);
        if (followed === undefined) break;
        followed.cursor = said.cursor;
        for (const listener of followed.listeners) listener(said);
        break;
      }
      case "resync":
        if (said.patient === null) this.tellLicence();
        if (said.patient === null) {
          this.tellTags(undefined);
          this.tellConsentRules();
        }
        if (said.patient === null) this.tellAlert({ type: "resync" });
        for (const [patient, followed] of this.followed) {
          if (said.patient !== null && said.patient !== patient) continue;
          followed.cursor = said.cursor;
          for (const listener of followed.listeners) listener({ type: "resync" });
        }
        break;
      case "rights_changed":
        this.tellRights();
        break;
      case "licence_changed":
        this.tellLicence();
        break;
      case "tags_changed":
        this.tellTags(said.site);
        break;
      case "consent_enforcement_changed":
        this.tellConsentRules();
        break;
      case "emergency":
        this.tellAlert(said);
        break;
      case "present":
        if (said.patient === this.attending?.place.patient) this.attending.told(said.people);
        break;
      case "problem":
        // what cannot be followed now, because an owner is away, is asked for again with a new connection
        if (said.code === "unavailable" && this.socket !== null) this.reconnect(this.socket);
        if (said.code === "not_found" && said.patient !== null) {
          for (const listener of this.unseenListeners) listener(said.patient);
        }
        break;
      case "pong":
        break;
    }
  }

  private begins(patient: string, followed: Followed, cursor: string): void {
    followed.cursor = cursor;
    if (followed.since !== null) return;
    followed.since = cursor;
    const earlier = this.loaded.of(patient);
    this.loaded.forget(patient);
    if (earlier !== null) this.hasLoaded(patient, earlier);
  }

  private tellRights(): void {
    for (const listener of this.rightsListeners) listener();
  }

  private tellLicence(): void {
    for (const listener of this.licenceListeners) listener();
  }

  private tellTags(site: string | null | undefined): void {
    for (const listener of this.tagListeners) listener(site);
  }

  private tellConsentRules(): void {
    for (const listener of this.consentRulesListeners) listener();
  }

  private tellAlert(news: AlertNews): void {
    for (const listener of this.alertListeners) listener(news);
  }

  private ping(): void {
    this.say({ type: "ping" });
    const socket = this.socket;
    this.silence ??= setTimeout(() => {
      if (socket !== null && socket === this.socket) this.reconnect(socket);
    }, SILENCE_MS);
  }

  private say(message: SocketHears): void {
    if (this.socket !== null && this.state === "live") this.socket.send(JSON.stringify(message));
  }

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }

  private forgetTimers(): void {
    if (this.again !== null) clearTimeout(this.again);
    if (this.pinging !== null) clearInterval(this.pinging);
    if (this.silence !== null) clearTimeout(this.silence);
    this.again = this.pinging = this.silence = null;
  }
}
