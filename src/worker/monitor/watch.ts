/** Looks at series, loads, disk and sources; what it finds becomes figures, and notices where a person is needed. */
import type { Client } from '@temporalio/client';
import type { ActivityHouse } from '../../activities/index.js';
import type { Log } from '../../logs.js';
import type { Condition, Notice, NoticeKind } from '../../model/notices.js';
import { parseSeriesName } from '../../model/schedule.js';
import { idOf, parseId, type Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Ring } from '../notices/bell.js';
import { type Book, readBook, writeBook } from '../notices/book.js';
import { due, type Looked, seen, told } from '../notices/causes.js';
import { failedLoads, leavingBars, lowDisk, openBreakers, poorSeries, runningSince, staleSeries } from '../notices/looks.js';
import type { Teller } from '../notices/teller.js';
import type { Meter } from './meter.js';
import { factsOfSeries, type SeriesFacts } from './series-facts.js';

export interface Watched {
  readonly settings: ResolvedSettings;
  readonly client: Client;
  readonly house: Pick<ActivityHouse, 'store' | 'providers' | 'calendarOf' | 'health' | 'now'>;
  readonly meter: Meter;
  readonly teller: Teller;
  readonly log: Log;
}

/** So many series have figures of their own, and are looked at: those that are kept come first. */
export const MOST_SERIES = 1_000;

/**
 * One look, at everything or at what was rung for. What is not looked at, or cannot be, stays as it was.
 * Answers in how many ms the next series that is kept turns stale, if nothing comes; null: none does before the next look.
 */
export async function watchOnce(watched: Watched, rung?: readonly Ring[]): Promise<number | null> {
  const { settings, house, log } = watched;
  const book = await readBook(settings.data);
  const now = house.now();
  const since = book.lookedAt ?? now;
  const { looked, staleAt } = await lookAround(watched, book, since, now, rung);
  const kept = await tellOf(watched, { lookedAt: 'load-failed' in looked ? now : since, causes: seen(book.causes, looked, now) }, now);
  if (JSON.stringify(kept.causes) !== JSON.stringify(book.causes) || book.lookedAt === null || now - book.lookedAt > REMEMBER_MS)
    await writeBook(settings.data, kept).catch(error => log.warn(`what was told of cannot be written down: ${(error as Error).message}`));
  return staleAt === null ? null : Math.max(0, staleAt - house.now());
}

/** A look that found nothing new is written down only from time to time. */
const REMEMBER_MS = 600_000;

/** Those that are found by going through all series. */
const OF_ALL_SERIES: readonly NoticeKind[] = ['series-stale', 'bars-leaving', 'quality-low'];

async function lookAround(
  { settings, client, house, meter }: Watched,
  book: Book,
  since: number,
  now: number,
  rung?: readonly Ring[],
): Promise<{ looked: Looked; staleAt: number | null }> {
  const looked: Partial<Record<NoticeKind, readonly Condition[]>> = {};
  const wanted = (kind: NoticeKind): boolean => rung === undefined || rung.some(ring => ring.kind === kind);
  const look = async (kind: NoticeKind, find: () => Promise<readonly Condition[]>): Promise<void> => {
    if (!wanted(kind)) return;
    const found = await find().catch(() => undefined);
    if (found) looked[kind] = found;
  };
  const isKept = keptIn(settings);
  const facts = OF_ALL_SERIES.some(wanted) ? await lookAtSeries(house, meter, isKept) : [];
  const open = Object.values(book.causes).flatMap(cause => (cause.kind === 'load-failed' && cause.overAt === null ? [cause.about] : []));
  const ended = rung?.flatMap(({ kind, about }) => (kind === 'load-failed' && about !== undefined ? [about] : [])) ?? [];
  const floor = settings.disk.floor * 1e9;
  await Promise.all([
    look('load-failed', () => failedLoads(client, since, open, ended)),
    look('series-stale', async () => staleSeries(facts, isKept, await runningSince(client), now)),
    look('bars-leaving', async () => leavingBars(facts, isKept)),
    look('quality-low', async () => poorSeries(facts, settings.notices.quality)),
    look('disk-low', async () => lowDisk(settings.data, await house.store.freeBytes(), floor)),
    look('breaker-open', async () => openBreakers(house.providers.names, name => house.health.restOf(name))),
  ]);
  return { looked, staleAt: soonest(facts, isKept) };
}

function soonest(facts: readonly SeriesFacts[], isKept: (series: Series) => boolean): number | null {
  const turning = facts.flatMap(({ id, staleAt }) => (staleAt !== null && isKept(parseId(id) as Series) ? [staleAt] : []));
  return turning.length === 0 ? null : Math.min(...turning);
}

/** Those that the settings keep, or load at set times. */
export function keptIn({ series, schedules }: Pick<ResolvedSettings, 'series' | 'schedules'>): (series: Series) => boolean {
  const ids = new Set(series.map(kept => idOf(kept)));
  const named = schedules.flatMap(schedule => schedule.series ?? []).map(parseSeriesName);
  return one =>
    ids.has(idOf(one)) ||
    named.some(n => n.symbol === one.symbol && n.timeframe === one.timeframe && (n.dataset === undefined || n.dataset === one.dataset));
}

async function lookAtSeries(house: Watched['house'], meter: Meter, isKept: (series: Series) => boolean): Promise<SeriesFacts[]> {
  const stored = await house.store.list();
  const chosen = [...stored.filter(isKept), ...stored.filter(series => !isKept(series))].slice(0, MOST_SERIES);
  const all: SeriesFacts[] = [];
  for (const series of chosen) {
    // One that is damaged is the affair of verify, and hides no other.
    const facts = await factsOfSeries(house, series).catch(() => undefined);
    if (facts) all.push(facts);
  }
  figuresOf(meter, all);
  meter.set('tapekeep_series', stored.length);
  meter.set('tapekeep_series_left_out', stored.length - chosen.length);
  return all;
}

const OF_SERIES = [
  'tapekeep_series_bars',
  'tapekeep_series_bytes',
  'tapekeep_series_newest_timestamp_seconds',
  'tapekeep_series_behind_bars',
  'tapekeep_series_stale',
  'tapekeep_series_quality_score',
] as const;

function figuresOf(meter: Meter, all: readonly SeriesFacts[]): void {
  for (const name of OF_SERIES) meter.forget(name);
  for (const { id: series, bars, bytes, newest, freshness, score } of all) {
    meter.set('tapekeep_series_bars', bars, { series });
    meter.set('tapekeep_series_bytes', bytes, { series });
    if (newest !== null) meter.set('tapekeep_series_newest_timestamp_seconds', newest / 1_000, { series });
    if (freshness && freshness.age !== null) meter.set('tapekeep_series_behind_bars', freshness.age, { series });
    if (freshness) meter.set('tapekeep_series_stale', freshness.state === 'stale' || freshness.state === 'dead' ? 1 : 0, { series });
    if (score !== null) meter.set('tapekeep_series_quality_score', score, { series });
  }
}

/** The others stand in the log already, by whoever acts on them. */
const LOGGED_HERE: ReadonlySet<Notice['kind']> = new Set(['load-failed', 'quality-low']);

/** To whomever the settings name. What nobody takes is due again at the next look. */
async function tellOf({ teller, meter, log }: Watched, book: Book, now: number): Promise<Book> {
  let { causes } = book;
  for (const one of due(causes, now)) {
    const { kind, state, text } = one.notice;
    if (LOGGED_HERE.has(kind)) log[state === 'begun' ? 'warn' : 'info'](text, { notice: kind, state });
    const sent = await teller.tell(one.notice);
    for (const { failed } of sent) meter.count('tapekeep_notices_total', { kind, result: failed === null ? 'sent' : 'failed' });
    if (sent.length === 0 || sent.some(({ failed }) => failed === null)) causes = told(causes, one, now);
  }
  return { ...book, causes };
}
