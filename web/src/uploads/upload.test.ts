import { describe, expect, it } from "vitest";
import { ANNA, imageView } from "./simulated";
import { advanced, isSettled, mayRetry, type Upload, type UploadNews, waiting } from "./upload";

const problem = { code: "internal", sentence: "" };
const fresh = waiting({ id: "a", patient: ANNA, batch: "b", name: "arm.jpg", size: 4, addedAt: 0 });
const told = (...news: UploadNews[]): Upload => news.reduce(advanced, fresh);

const begun: UploadNews = { type: "begun" };
const seen = (state: "processing" | "ready" | "rejected" | "failed", id = "a"): UploadNews => ({
  type: "seen",
  image: imageView(id, { state }),
});

const STATES: Record<Upload["state"], Upload> = {
  waiting: fresh,
  sending: told(begun),
  processing: told(begun, seen("processing")),
  added: told(begun, seen("ready")),
  duplicate: told(begun, seen("ready", "other")),
  rejected: told(begun, seen("rejected")),
  refused: told(begun, { type: "refused", problem }),
  failed: told(begun, seen("failed")),
};

const NEWS: UploadNews[] = [
  begun,
  { type: "progressed", sent: 0.5 },
  { type: "postponed", problem },
  { type: "refused", problem },
  seen("processing"),
  seen("ready"),
  seen("rejected"),
  seen("failed"),
  { type: "registered" },
  { type: "ingested" },
  { type: "failed", problem },
];

describe("an upload", () => {
  it.each(Object.entries(STATES))("can be %s", (state, upload) => expect(upload.state).toBe(state));

  it("stays as it is once it is settled, whatever is heard late", () => {
    for (const upload of Object.values(STATES).filter(isSettled)) {
      for (const news of NEWS) expect(advanced(upload, news)).toBe(upload);
    }
  });

  it("learns its outcome wherever it is on its way", () => {
    for (const upload of [STATES.waiting, STATES.sending, STATES.processing]) {
      expect(advanced(upload, { type: "ingested" }).state).toBe("added");
      expect(advanced(upload, seen("rejected")).state).toBe("rejected");
      expect(advanced(upload, { type: "failed", problem }).state).toBe("failed");
    }
  });

  it("begins at nothing when it has to be sent again", () => {
    const again = told(begun, { type: "progressed", sent: 0.9 }, { type: "postponed", problem });
    expect(again).toMatchObject({ state: "waiting", sent: 0, problem });
    expect(advanced(again, begun)).toMatchObject({ state: "sending", sent: 0, problem: null });
  });

  it("makes no progress while it is not being sent", () => {
    for (const upload of [STATES.waiting, STATES.processing]) {
      expect(advanced(upload, { type: "progressed", sent: 0.5 })).toBe(upload);
    }
  });

  it("is retried only where that may help", () => {
    const refusedFor = (code: string) => advanced(fresh, { type: "refused", problem: { code, sentence: "" } });
    expect(mayRetry(STATES.failed)).toBe(true);
    expect(mayRetry(refusedFor("licence_expired"))).toBe(true);
    expect(mayRetry(refusedFor("too_large"))).toBe(false);
    expect(mayRetry(STATES.rejected)).toBe(false);
  });
});
