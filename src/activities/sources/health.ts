/** How requests to each source went of late, and whether it is left alone: known to all processes of the machine. */
import { type ErrorCode, isTapekeepError } from '../../model/errors.js';
import { type Kept, recordsInMemory } from '../../providers/records/records.js';
import { type Breaker, type BreakerRules, CLOSED, heard, knock, restOf } from './breaker.js';

const WINDOW_MS = 600_000;
const MOST = 60;
/** What went well is written down this often. */
const WRITE_MS = 1_000;

interface Seen {
  readonly at: number;
  readonly fine: boolean;
  readonly ms: number;
}

interface Known {
  readonly seen: readonly Seen[];
  readonly breaker: Breaker;
}

export interface HealthOptions {
  readonly rules: BreakerRules;
  /** Where what is known of a source is kept. */
  readonly kept: (provider: string) => Kept;
}

export interface Rest {
  readonly ms: number;
  readonly why: string;
}

const IN_MEMORY = (): HealthOptions => {
  const records = recordsInMemory();
  return { rules: { failures: 8, restMs: 30_000, longestMs: 900_000 }, kept: provider => records.of(provider) };
};

export class Health {
  /** What went well and is not written down yet. */
  private readonly unwritten = new Map<string, Seen[]>();
  private readonly written = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly options: HealthOptions = IN_MEMORY(),
    private readonly tell: (what: string, facts: Readonly<Record<string, unknown>>) => void = () => {},
  ) {}

  /** `code`: what it failed with. */
  note(provider: string, fine: boolean, ms: number, code?: ErrorCode): void {
    const at = this.now();
    const mine = [...(this.unwritten.get(provider) ?? []).slice(-MOST + 1), { at, fine, ms: Math.round(ms) }];
    this.unwritten.set(provider, mine);
    const said = fine ? null : (code ?? 'INTERNAL');
    const kept = this.options.kept(provider);
    // An answer changes nothing as a rule, and looking is cheaper than writing.
    const known = knownIn(kept.read());
    const quiet = heard(known.breaker, this.options.rules, at, said) === known.breaker || (fine && isUsual(known.breaker));
    if (quiet && Math.abs(at - (this.written.get(provider) ?? 0)) < WRITE_MS) return;
    const [before, after] = kept.change(value => {
      const { seen, breaker } = knownIn(value);
      const keep: Known = { seen: lately([...seen, ...mine], at).slice(-MOST), breaker: heard(breaker, this.options.rules, at, said) };
      return { keep, result: [breaker, keep.breaker] as const };
    });
    this.unwritten.delete(provider);
    this.written.set(provider, at);
    this.tellOf(provider, before, after);
  }

  /** Notes how one request went; one that was cancelled says nothing. */
  async watched<T>(provider: string, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const begun = performance.now();
    try {
      const answer = await ask();
      this.note(provider, true, performance.now() - begun);
      return answer;
    } catch (error) {
      if (!signal.aborted) this.note(provider, false, performance.now() - begun, codeOf(error));
      throw error;
    }
  }

  /** Latency is the middle one of those that were answered; null: there was none. */
  of(provider: string): { asked: number; failed: number; latencyMs: number | null } {
    const { seen } = knownIn(this.options.kept(provider).read());
    const all = lately([...seen, ...(this.unwritten.get(provider) ?? [])], this.now());
    const answered = all.filter(s => s.fine).map(s => s.ms);
    answered.sort((a, b) => a - b);
    return { asked: all.length, failed: all.length - answered.length, latencyMs: answered[answered.length >> 1] ?? null };
  }

  /** How long the source is left alone; 0: it may be asked. It only looks. */
  restFor = (provider: string): number => this.restOf(provider)?.ms ?? 0;

  restOf(provider: string): Rest | null {
    const { breaker } = this.known(provider);
    const ms = restOf(breaker, this.now());
    return ms === 0 ? null : { ms, why: reasonOf(breaker) };
  }

  /** Before it is asked: null, go. After a rest one at a time is let through: who gets null asks, and notes how it went. */
  enter(provider: string): Rest | null {
    const kept = this.options.kept(provider);
    if (isUsual(this.known(provider).breaker)) return null;
    return kept.change(value => {
      const known = knownIn(value);
      const [breaker, ms] = knock(known.breaker, this.now());
      return {
        result: ms === 0 ? null : { ms, why: reasonOf(breaker) },
        ...(breaker !== known.breaker && { keep: { ...known, breaker } }),
      };
    });
  }

  private known = (provider: string): Known => knownIn(this.options.kept(provider).read());

  private tellOf(provider: string, before: Breaker, after: Breaker): void {
    if (after.since === before.since) return;
    if (after.since === null) this.tell('a source answers again', { provider });
    else this.tell('a source fails and is left alone', { provider, restMs: after.restMs, reason: reasonOf(after) });
  }
}

const reasonOf = ({ failures, why }: Breaker): string => `${failures} failures in a row, the last one ${why}`;

const isUsual = ({ failures, since }: Breaker): boolean => failures === 0 && since === null;

const lately = (seen: readonly Seen[], now: number): Seen[] => seen.filter(({ at }) => Math.abs(now - at) <= WINDOW_MS);

export const codeOf = (error: unknown): ErrorCode => (isTapekeepError(error) ? error.code : 'INTERNAL');

/** As it was kept, by this program or another one: what makes no sense is not known. */
function knownIn(value: unknown): Known {
  const { seen, breaker } = (value ?? {}) as Record<keyof Known, unknown>;
  return { seen: Array.isArray(seen) ? seen.filter(isSeen) : [], breaker: isBreaker(breaker) ? breaker : CLOSED };
}

const isSeen = (value: unknown): value is Seen => {
  const { at, fine, ms } = (value ?? {}) as Seen;
  return Number.isFinite(at) && typeof fine === 'boolean' && Number.isFinite(ms);
};

const LONGEST = 86_400_000;

const isBreaker = (value: unknown): value is Breaker => {
  const { failures, since, restMs, triedAt, why } = (value ?? {}) as Breaker;
  const isTime = (at: unknown): boolean => at === null || Number.isFinite(at);
  return Number.isInteger(failures) && isTime(since) && restMs >= 0 && restMs <= LONGEST && isTime(triedAt) && typeof why === 'string';
};
