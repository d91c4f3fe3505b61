/** Finds the files of an older collection by their names: which series each of them is. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTimeframe, type Timeframe } from '../../model/timeframe.js';

export const LEGACY_KINDS = ['csv', 'csv.gz', 'parquet', 'feather'] as const;
export type LegacyKind = (typeof LEGACY_KINDS)[number];

export interface LegacyFile {
  /** Below the folder, with forward slashes. */
  readonly path: string;
  readonly kind: LegacyKind;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** The file that tells of it. */
  readonly metadata: string | null;
}

export interface Survey {
  readonly files: readonly LegacyFile[];
  /** Files of bars, by their ending, whose name tells no series. */
  readonly strange: readonly string[];
}

const DEEPEST = 4;
const MOST = 100_000;

/** Links are not followed: what lies elsewhere was not named. */
export async function surveyLegacy(folder: string): Promise<Survey> {
  const names: string[] = [];
  await walk(folder, '', 0, names);
  const there = new Set(names);
  const files: LegacyFile[] = [];
  const strange: string[] = [];
  for (const path of names.sort()) {
    const kind = kindOf(path);
    if (!kind) continue;
    const stem = path.slice(0, -kind.length - 1);
    const said = seriesIn(stem);
    if (said) files.push({ path, kind, ...said, metadata: there.has(`${stem}.metadata.json`) ? `${stem}.metadata.json` : null });
    else strange.push(path);
  }
  return { files, strange };
}

async function walk(folder: string, below: string, depth: number, names: string[]): Promise<void> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || names.length >= MOST) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth < DEEPEST) await walk(folder, path, depth + 1, names);
    else if (entry.isFile()) names.push(path);
  }
}

const kindOf = (path: string): LegacyKind | undefined => [...LEGACY_KINDS].reverse().find(kind => path.toLowerCase().endsWith(`.${kind}`));

/** …/BTCUSDT/1m/2024, ES1_1m, or BTC_USDT-1m as freqtrade calls BTC/USDT. */
function seriesIn(stem: string): { symbol: string; timeframe: Timeframe } | undefined {
  const parts = stem.split('/');
  const name = parts.at(-1) ?? '';
  const [symbol, timeframe] = [parts.at(-3), parts.at(-2)];
  if (/^\d{4}$/.test(name)) return symbol && timeframe ? named(symbol, timeframe) : undefined;
  const pair = /^([^_]+)_([^_]+)-(\w+)$/.exec(name);
  if (pair) return named(`${pair[1]}/${pair[2]}`, pair[3] as string);
  const master = /^(.+)_(\d+\w+)$/.exec(name);
  return master ? named(master[1] as string, master[2] as string) : undefined;
}

function named(symbol: string, timeframe: string): { symbol: string; timeframe: Timeframe } | undefined {
  try {
    return { symbol, timeframe: timeframe === '1Mo' ? '1mo' : parseTimeframe(timeframe) };
  } catch {
    return undefined;
  }
}
