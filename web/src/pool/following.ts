import { answered, api } from "../api/client";
import { queryClient } from "../api/queries";
import type { LiveNews } from "../live/connection";
import { keyOf, knownImage, type Pool, poolLearns } from "./known";

const NAMED_AT_ONCE = 100;
const TOGETHER_MS = 400;

const MERGING = new Set(["patients.merged", "patients.unmerged"]);

/**
 * Events are hints: the photographs they name are fetched, several at a time. Of an entry's workspace, those only that
 * it holds, or held, or that come into it.
 */
export class Following {
  private readonly named = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly patient: string;
  private readonly entry: string | undefined;

  constructor(patient: string, entry: string | undefined) {
    this.patient = patient;
    this.entry = entry;
  }

  hear = (news: LiveNews): void => {
    if (news.type === "resync" || MERGING.has(news.event)) {
      void queryClient.invalidateQueries({ queryKey: keyOf(this.patient, this.entry) });
    } else if (news.event.startsWith("images.") && typeof news.data.image === "string") {
      if (!this.concerns(news.data.image, news.data.entry)) return;
      this.named.add(news.data.image);
      this.soon();
    }
  };

  stop = (): void => {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  };

  private concerns(image: string, entry: unknown): boolean {
    if (this.entry === undefined || entry === this.entry) return true;
    return queryClient.getQueryData<Pool>(keyOf(this.patient, this.entry))?.images.has(image) ?? false;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.fetch();
    }, TOGETHER_MS);
  }

  private async fetch(): Promise<void> {
    // a load that is under way may bring older facts, and would put them over newer ones
    if (queryClient.isFetching({ queryKey: keyOf(this.patient) }) > 0) return this.soon();
    const ids = [...this.named].slice(0, NAMED_AT_ONCE);
    if (ids.length === 0) return;
    for (const id of ids) this.named.delete(id);
    const before = new Map(ids.map((id) => [id, knownImage(this.patient, id)]));
    try {
      const params = { path: { patient: this.patient }, query: { images: ids } };
      const page = await answered(api.GET("/api/v1/patients/{patient}/images", { params }));
      // what was changed here meanwhile is asked for again: the answer may be older
      const changed = ids.filter((id) => knownImage(this.patient, id) !== before.get(id));
      for (const id of changed) this.named.add(id);
      const same = ids.filter((id) => !changed.includes(id));
      poolLearns(
        this.patient,
        page.images.filter(({ id }) => same.includes(id)),
        same,
      );
    } catch {
      // what could not be asked for now is part of the whole, which is asked for until it is there
      void queryClient.invalidateQueries({ queryKey: keyOf(this.patient) });
    }
    if (this.named.size > 0) this.soon();
  }
}
