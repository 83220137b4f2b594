import type { Point } from "./zoom";

/** What fingers, pen or mouse do on the stage. Places are CSS pixels from the stage's centre. */
export interface Gestures {
  /** Bring closer by a factor, around a place. */
  onZoom(factor: number, at: Point): void;
  /** Drag along. */
  onPan(by: Point): void;
  /** A finger goes sideways over the whole photograph; `by` since it began. */
  onSwipe(by: number): void;
  /** It was lifted, at so many pixels per millisecond. */
  onSwipeEnd(by: number, speed: number): void;
  onDoubleTap(at: Point): void;
  /** Whether one finger drags the photograph, rather than goes to another. */
  pans(): boolean;
}

export interface Contact extends Point {
  id: number;
  /** Milliseconds. */
  time: number;
  touch: boolean;
}

const TAP_MS = 250;
const TAP_PIXELS = 10;
const AGAIN_MS = 320;
const AGAIN_PIXELS = 40;
/** A finger that rests before it is lifted throws nothing. */
const THROW_MS = 60;

/** Reads gestures from what touches the stage, one contact after the other. */
export class GestureReader {
  private readonly down = new Map<number, Contact>();
  private began: Contact | null = null;
  private last: Contact | null = null;
  private lastTap: Contact | null = null;
  private swiped: number | null = null;
  private speed = 0;
  private readonly gestures: Gestures;

  constructor(gestures: Gestures) {
    this.gestures = gestures;
  }

  press(contact: Contact): void {
    this.down.set(contact.id, contact);
    this.began = this.down.size === 1 ? contact : null;
    this.last = contact;
    if (this.down.size > 1) this.endSwipe(0);
  }

  move(contact: Contact): void {
    const before = this.down.get(contact.id);
    if (before === undefined) return;
    this.down.set(contact.id, contact);
    const by = { x: contact.x - before.x, y: contact.y - before.y };
    const other = [...this.down.values()].find(({ id }) => id !== contact.id);
    if (other !== undefined) this.pinch(before, contact, other);
    else if (this.swiped === null && this.gestures.pans()) this.gestures.onPan(by);
    else if (contact.touch && this.began !== null) this.swipe(contact, this.began);
  }

  /** `lost`: the browser took the contact away, it means nothing. */
  release(contact: Contact, lost = false): void {
    if (!this.down.delete(contact.id)) return;
    if (lost) this.lastTap = null;
    else this.tap(contact);
    const rested = this.last === null || contact.time - this.last.time > THROW_MS;
    this.endSwipe(lost || rested ? 0 : this.speed, lost ? 0 : undefined);
    this.began = null;
  }

  private pinch(before: Contact, now: Contact, other: Contact): void {
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    if (was === 0 || is === 0) return;
    // the fingers' middle moves by half of what one of them does
    this.gestures.onPan({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    this.gestures.onZoom(is / was, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }

  private swipe(contact: Contact, began: Contact): void {
    const by = contact.x - began.x;
    const sideways = Math.abs(by) > TAP_PIXELS && Math.abs(by) > Math.abs(contact.y - began.y);
    if (this.swiped === null && !sideways) return;
    if (this.last !== null && contact.time > this.last.time) {
      this.speed = (contact.x - this.last.x) / (contact.time - this.last.time);
    }
    this.last = contact;
    this.swiped = by;
    this.gestures.onSwipe(by);
  }

  private endSwipe(speed: number, by = this.swiped): void {
    if (this.swiped === null) return;
    this.swiped = null;
    this.speed = 0;
    this.gestures.onSwipeEnd(by ?? 0, speed);
  }

  private tap(contact: Contact): void {
    const began = this.began;
    if (began === null || contact.time - began.time > TAP_MS || distance(contact, began) > TAP_PIXELS) {
      this.lastTap = null;
    } else if (
      this.lastTap !== null &&
      contact.time - this.lastTap.time < AGAIN_MS &&
      distance(contact, this.lastTap) < AGAIN_PIXELS
    ) {
      this.lastTap = null;
      this.gestures.onDoubleTap({ x: contact.x, y: contact.y });
    } else {
      this.lastTap = contact;
    }
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

const LINE = 16;
const PAGE = 400;
const WHEEL_SPEED = 0.0022;
const PINCH_SPEED = 0.01;
const MOST_AT_ONCE = 120;

/** By what factor a turn of the wheel, or a pinch on a touchpad (which arrives as a wheel with Ctrl), zooms. */
export function wheelFactor(wheel: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">): number {
  const unit = [1, LINE, PAGE][wheel.deltaMode] ?? 1;
  const by = Math.max(-MOST_AT_ONCE, Math.min(wheel.deltaY * unit, MOST_AT_ONCE));
  return Math.exp(-by * (wheel.ctrlKey && Math.abs(by) < MOST_AT_ONCE / 2 ? PINCH_SPEED : WHEEL_SPEED));
}
