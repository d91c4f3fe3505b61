/** Splits and dividends of a symbol beside its tables: each version a whole file, put in place if nobody was first. */
import { fail } from '../model/errors.js';
import { type EventsOf, type MarketEvent, mergeEvents } from '../model/events.js';
import { type EventsReport, placeOf } from '../model/events-order.js';
import { type House, hashOf } from './house.js';

export interface HeldEvents {
  readonly version: number;
  readonly at: number;
  readonly by: string;
  readonly events: readonly MarketEvent[];
}

export interface NewEvents {
  readonly of: EventsOf;
  readonly events: readonly MarketEvent[];
  /** What the same sources told before is forgotten. */
  readonly replace?: boolean;
  readonly by: string;
}

const folderOf = (of: EventsOf): string => `${placeOf(of)}/_events`;
const fileOf = (of: EventsOf, version: number): string => `${folderOf(of)}/${String(version).padStart(20, '0')}.json`;

/** The events at a version, the newest unless one is named; undefined: none were ever told. */
export async function findEvents(house: House, of: EventsOf, asOf?: number): Promise<HeldEvents | undefined> {
  const names = (await house.objects.list(folderOf(of))).filter(e => /^\d{20}\.json$/.test(e.name));
  const version = asOf ?? Math.max(-1, ...names.map(e => Number(e.name.slice(0, 20))));
  return version < 0 ? undefined : readEvents(house, fileOf(of, version));
}

async function readEvents(house: House, path: string): Promise<HeldEvents> {
  const damaged = (reason: string) => fail('FILE_DAMAGED', { file: path, reason });
  try {
    const { seal, ...held } = JSON.parse(new TextDecoder().decode(await house.objects.read(path))) as HeldEvents & { seal: string };
    if (seal !== hashOf(held)) throw damaged('its SHA-256 is not the one in it');
    return held;
  } catch (error) {
    throw error instanceof SyntaxError ? damaged('it is not JSON') : error;
  }
}

const ATTEMPTS = 100;

/** Told again, nothing changes. Raced, they are merged with what the other one wrote. */
export async function putEvents(house: House, { of, events, replace = false, by }: NewEvents): Promise<EventsReport> {
  const sources = new Set(events.map(e => e.source));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const held = await findEvents(house, of);
    const before = held?.events ?? [];
    const after = mergeEvents(replace ? before.filter(e => !sources.has(e.source)) : before, events);
    const change = changeOf(before, after);
    if (change.added + change.changed + change.removed === 0) return { ...change, version: held?.version ?? null, events: after.length };
    const version = (held?.version ?? -1) + 1;
    const next: HeldEvents = { version, at: house.now(), by, events: after };
    const bytes = new TextEncoder().encode(`${JSON.stringify({ ...next, seal: hashOf(next) })}\n`);
    if ((await house.objects.putIfAbsent(fileOf(of, version), bytes)) === 'created') return { ...change, version, events: after.length };
  }
  throw fail('COMMIT_CONTENDED', { series: `the events of ${of.symbol}`, attempts: ATTEMPTS });
}

function changeOf(before: readonly MarketEvent[], after: readonly MarketEvent[]) {
  const keyOf = ({ kind, date }: MarketEvent): string => `${kind} ${date}`;
  const old = new Map(before.map(e => [keyOf(e), JSON.stringify(e)]));
  const kept = after.filter(e => old.has(keyOf(e)));
  return {
    added: after.length - kept.length,
    changed: kept.filter(e => old.get(keyOf(e)) !== JSON.stringify(e)).length,
    removed: before.length - kept.length,
  };
}
