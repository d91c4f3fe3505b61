/** Counts what happens in the daemon. Labels come from closed lists: what is not on them is counted as `other`. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { errors } from '../../model/errors.js';
import { FIGURES, type FigureName } from './figures.js';

type Labels = Readonly<Record<string, string>>;

/** From a hundredth of a second to five minutes. */
const BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300];

export class Meter {
  readonly registry = new Registry();
  private readonly own = new Map<FigureName, Counter | Gauge | Histogram>();
  private readonly fresh: (() => void | Promise<void>)[] = [];

  constructor(private readonly providers: readonly string[]) {
    for (const [name, { kind, labels, help }] of Object.entries(FIGURES)) {
      const given = { name, help, labelNames: [...labels], registers: [this.registry] };
      const made =
        kind === 'counter' ? new Counter(given) : kind === 'gauge' ? new Gauge(given) : new Histogram({ ...given, buckets: BUCKETS });
      this.own.set(name as FigureName, made);
    }
    collectDefaultMetrics({ register: this.registry });
  }

  count(name: FigureName, labels: Labels = {}, by = 1): void {
    (this.own.get(name) as Counter).inc({ ...labels }, by);
  }

  set(name: FigureName, value: number, labels: Labels = {}): void {
    (this.own.get(name) as Gauge).set({ ...labels }, value);
  }

  took(name: FigureName, seconds: number, labels: Labels = {}): void {
    (this.own.get(name) as Histogram).observe({ ...labels }, seconds);
  }

  /** What was told of things that may be gone is told anew. */
  forget(name: FigureName): void {
    (this.own.get(name) as Gauge).reset();
  }

  /** Runs before each page: for figures that are looked up, not counted. */
  before(look: () => void | Promise<void>): void {
    this.fresh.push(look);
  }

  /** A look that fails leaves its figures as they were. */
  async page(): Promise<string> {
    await Promise.all(this.fresh.map(async look => look()).map(looked => looked.catch(() => {})));
    return this.registry.metrics();
  }

  /** One request to a source, as the source's own line for the log tells it. */
  asked(what: string, facts: Readonly<Record<string, unknown>>): void {
    if (what !== 'asked') return;
    const provider = this.provider(facts.provider);
    const outcome = typeof facts.means === 'string' ? this.outcome(facts.means) : 'unanswered';
    this.count('tapekeep_requests_total', { provider, outcome });
    if (typeof facts.ms === 'number') this.took('tapekeep_request_seconds', facts.ms / 1_000, { provider });
    if (typeof facts.bytes === 'number') this.count('tapekeep_answer_bytes_total', { provider }, facts.bytes);
  }

  provider = (name: unknown): string => (this.providers.includes(name as string) ? (name as string) : 'other');
  code = (code: unknown): string => (typeof code === 'string' && Object.hasOwn(errors, code) ? code : 'other');
  private outcome = (means: string): string => (means === 'fine' || means === 'none' ? means : this.code(means));
}
