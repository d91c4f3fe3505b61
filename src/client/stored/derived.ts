/** Files that somebody computed from series: which series each is of, and whether the series has moved on since. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nominalMs, parseTimeframe, type Timeframe } from '../../model/timeframe.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store } from '../../store/index.js';
import type { Derived, Held } from './inventory.js';

/** What a name tells: ES1_profiler.json is of ES1 in its finest timeframe, ES1_5m_profiler.json of that one. */
interface Found {
  readonly file: string;
  readonly symbol: string;
  readonly timeframe: Timeframe | null;
}

/** The series, each with the files that were computed from it. */
export async function withDerived(settings: ResolvedSettings, store: Store, held: readonly Held[]): Promise<Held[]> {
  const { folder, patterns } = settings.derived;
  if (folder === undefined || held.length === 0) return [...held];
  const found = (await namesIn(folder)).flatMap(file => foundBy(file, patterns));
  const out: Held[] = [];
  for (const one of held) {
    const own = found.filter(f => seriesOf(f, held) === one);
    const changed = own.length > 0 ? await lastChange(store, one) : { version: one.version, at: 0 };
    const derived: Derived[] = [];
    for (const { file } of own) derived.push(await judged(folder, file, changed));
    out.push({ ...one, derived });
  }
  return out;
}

/** A folder that is not there holds nothing. */
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort();

function foundBy(file: string, patterns: readonly string[]): Found[] {
  for (const pattern of patterns) {
    const [head = '', tail = ''] = pattern.split(/\*(.*)/s);
    if (file.length <= head.length + tail.length || !file.startsWith(head) || !file.endsWith(tail)) continue;
    const name = file.slice(head.length, file.length - tail.length);
    const [, symbol = name, timeframe] = /^(.+)[_-](\d+\w+)$/.exec(name) ?? [];
    const known = timeframe === undefined ? null : timeframeOf(timeframe);
    return [known ? { file, symbol, timeframe: known } : { file, symbol: name, timeframe: null }];
  }
  return [];
}

function timeframeOf(text: string): Timeframe | null {
  try {
    return parseTimeframe(text);
  } catch {
    return null;
  }
}

/** File names have no slash: BTC_USDT and BTCUSDT both mean BTC/USDT, unless a series is called just that. */
const plain = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '').toUpperCase();

function seriesOf({ symbol, timeframe }: Found, held: readonly Held[]): Held | undefined {
  const among = (fits: (h: Held) => boolean) => held.filter(h => fits(h) && (timeframe === null || h.series.timeframe === timeframe));
  const exact = among(h => h.series.symbol === symbol);
  const close = exact.length > 0 ? exact : among(h => plain(h.series.symbol) === plain(symbol));
  return [...close].sort((a, b) => nominalMs(a.series.timeframe) - nominalMs(b.series.timeframe))[0];
}

const LOOKED_AT = 50;
const SAME_BARS = new Set(['compact', 'release', 'answer']);

/** The newest version that changed bars: the same bars in other files make nothing stale. */
async function lastChange(store: Store, { series, version }: Held): Promise<{ version: number; at: number }> {
  const entries = await store.history(series, LOOKED_AT);
  const changed = entries.find(e => !SAME_BARS.has(String(e.commitInfo?.operationParameters?.change)));
  return { version: changed?.version ?? version, at: changed?.commitInfo?.timestamp ?? 0 };
}

async function judged(folder: string, file: string, changed: { version: number; at: number }): Promise<Derived> {
  const madeAt = (await stat(join(folder, file))).mtimeMs;
  const madeFrom = await versionBeside(join(folder, `${file}.meta.json`));
  return { file, madeFrom, madeAt, stale: madeFrom === null ? madeAt < changed.at : madeFrom < changed.version };
}

/** `{ "version": 12 }` in a file of the same name with .meta.json behind it. */
async function versionBeside(file: string): Promise<number | null> {
  try {
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version?: unknown };
    return Number.isInteger(version) ? (version as number) : null;
  } catch {
    return null;
  }
}
