import { describe, expect, it } from "vitest";
import { inNumbers, shareDone } from "./numbers";
import { rowsOf } from "./rows";
import { shortened } from "./shortened";
import { ANNA, BERT, imageView } from "./simulated";
import { advanced, type Upload, type UploadNews, waiting } from "./upload";

const upload = (id: string, news: UploadNews[] = [], facts: Partial<Upload> = {}): Upload =>
  news.reduce(advanced, waiting({ id, patient: ANNA, batch: "b", name: `${id}.jpg`, size: 4, addedAt: 0, ...facts }));
const begun: UploadNews = { type: "begun" };
const ingested: UploadNews = { type: "ingested" };
const refused: UploadNews = { type: "refused", problem: { code: "too_large", sentence: "" } };
const processing = (id: string): UploadNews => ({ type: "seen", image: imageView(id) });

describe("the tray", () => {
  it("shows what needs somebody first, and what is done last", () => {
    const rows = rowsOf([
      upload("added", [ingested]),
      upload("waiting"),
      upload("processing", [processing("processing")]),
      upload("refused", [refused]),
      upload("sending", [begun]),
    ]);
    expect(rows.map((row) => row.key)).toEqual([ANNA, "refused/wordy", "sending", "processing", "waiting", "added"]);
  });

  it("keeps the files of two patients apart", () => {
    const rows = rowsOf([upload("1"), upload("2", [], { patient: BERT, addedAt: 5 }), upload("3")]);
    expect(rows.map((row) => row.key)).toEqual([BERT, "2", ANNA, "1", "3"]);
  });

  it("counts", () => {
    const all = [
      upload("1", [ingested]),
      upload("2", [refused]),
      upload("3", [begun]),
      upload("4"),
      upload("old", [ingested], { batch: "a" }),
    ];
    expect(inNumbers(all)).toEqual({ unsent: 2, processing: 0, added: 2, skipped: 1, failed: 0, total: 4, done: 2 });
  });

  it("shows the progress of what is under way, not of what was done before", () => {
    const half = upload("1", [begun, { type: "progressed", sent: 0.5 }]);
    expect(shareDone([half, upload("old", [ingested], { batch: "a" })])).toBeCloseTo(0.4);
    expect(shareDone([half, upload("2", [ingested])])).toBeCloseTo(0.7);
    expect(shareDone([upload("2", [ingested])])).toBe(1);
  });
});

describe("a file name", () => {
  it("that is long keeps its beginning and its end", () => {
    expect(shortened("left forearm, first visit.jpg")).toBe("left forearm, first visit.jpg");
    expect(shortened("left forearm, first visit after the holidays.jpg")).toBe("left forearm, first…holidays.jpg");
  });

  it("is never cut inside a letter", () => {
    const family = "\u{1f469}\u200d\u{1f469}\u200d\u{1f467}";
    expect(shortened(`${"x".repeat(18)}${family}${"y".repeat(40)}`)).toBe(
      `${"x".repeat(18)}${family}…${"y".repeat(12)}`,
    );
  });

  it("cannot make one type look like another", () => {
    expect(shortened("arm\u202egpj.exe")).toBe("arm\ufffdgpj.exe");
  });
});
