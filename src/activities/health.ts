/** How requests to each source went of late, as this worker saw it. */
const WINDOW_MS = 600_000;
const MOST = 200;

interface Seen {
  readonly at: number;
  readonly fine: boolean;
  readonly ms: number;
}

export class Health {
  private readonly seen = new Map<string, Seen[]>();
  constructor(private readonly now: () => number) {}

  note(provider: string, fine: boolean, ms: number): void {
    const all = this.lately(provider);
    this.seen.set(provider, [...all.slice(-MOST + 1), { at: this.now(), fine, ms }]);
  }

  /** Notes how one request went; one that was cancelled says nothing. */
  async watched<T>(provider: string, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const begun = performance.now();
    try {
      const answer = await ask();
      this.note(provider, true, performance.now() - begun);
      return answer;
    } catch (error) {
      if (!signal.aborted) this.note(provider, false, performance.now() - begun);
      throw error;
    }
  }

  /** Latency is the middle one of those that were answered; null: there was none. */
  of(provider: string): { asked: number; failed: number; latencyMs: number | null } {
    const all = this.lately(provider);
    const answered = all.filter(s => s.fine).map(s => s.ms);
    answered.sort((a, b) => a - b);
    return { asked: all.length, failed: all.length - answered.length, latencyMs: answered[answered.length >> 1] ?? null };
  }

  /** How long the source is left alone; 0: it may be asked. */
  restFor(_provider: string): number {
    return 0;
  }

  private lately(provider: string): Seen[] {
    const since = this.now() - WINDOW_MS;
    return (this.seen.get(provider) ?? []).filter(s => s.at >= since);
  }
}
