/**
 * The bulk archives of Binance: a file for each closed month and day. An archive is not the truth: it is believed only with
 * the checksum beside it, when it is in order in itself, and when bars of it agree with what a request says. Otherwise, and
 * where there is none yet, its piece is asked for page by page.
 */
import { createHash } from 'node:crypto';
import type { Archive, ArchiveFile } from '../../model/archives.js';
import { type Bars, countOf, sliceBars, takeBars, VALUES } from '../../model/bars.js';
import { isTapekeepError } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { barStart, dateOf, nextBar } from '../../model/timeframe.js';
import { checkAnswer } from '../answer.js';
import { createSource } from '../http/index.js';
import { readCsv } from '../parse/table.js';
import { BadZip, onlyFileOf } from '../parse/zip.js';
import type { Ask, World } from '../provider.js';
import { turns } from '../turns.js';
import { barsOfKlines, impossible, KLINE_WIDTH } from './klines.js';
import { ARCHIVE_RULES, type Market } from './market.js';
import type { Rest } from './rest.js';

/** One file's stretch of an ask. */
export interface Piece extends Interval {
  readonly covers: Archive['covers'];
  /** The whole of what the file holds. */
  readonly file: Interval;
}

export interface Archived {
  /** Within the piece, in order, each once. */
  readonly bars: Bars;
  /** With the checksum that was proved. */
  readonly archive: ArchiveFile;
}

export interface Archives {
  /** What the file tells of the piece; undefined: it is not there or not to be believed. */
  bars(ask: Ask, piece: Piece, rest: Rest, signal: AbortSignal): Promise<Archived | undefined>;
}

const PER_MINUTE = 600;
const BURST = 60;
/** A month of minutes is two megabytes, and seven when it is unpacked. */
const MOST_BYTES = 16 * 1_048_576;
const BOUNDS = { mostBytes: 64 * 1_048_576, mostRatio: 200 };
/** One is unpacked while another is read: many fetched side by side need not all lie in memory as text. */
const UNPACKED_AT_ONCE = 2;
/** A file with more holes than this is a ruin. */
const MOST_HOLES = 50;
/** So many of its last bars are compared with what a request says. */
const SAMPLE = 20;

/** The file that holds an instant, as far as the ask reaches. */
export function pieceAt(archives: readonly Archive[] = [], { part, interval, timeframe }: Ask, at: number): Piece | undefined {
  const archive = archives.find(a => a.part === part && a.timeframes.includes(timeframe));
  if (!archive) return undefined;
  const step = archive.covers === 'month' ? '1mo' : '1d';
  const from = barStart(at, step);
  const file = { from, to: nextBar(from, step) };
  return { from: at, to: Math.min(file.to, interval.to), covers: archive.covers, file };
}

export function createArchives(market: Market, archiveUrl: string, world: World): Archives {
  const rate = { perMinute: PER_MINUTE, burst: BURST };
  const turn = turns(UNPACKED_AT_ONCE);
  const source = createSource({ name: market.name, baseUrl: archiveUrl, part: 'archives', rules: ARCHIVE_RULES, rate }, world);

  async function fetched(ask: Ask, piece: Piece, signal: AbortSignal): Promise<Archived | undefined> {
    const { path, name } = placeOf(market, ask, piece);
    const about = { series: `${ask.symbol} ${ask.timeframe}`, symbol: ask.symbol };
    const sidecar = await source.get(`${path}.zip.CHECKSUM`, { about, expect: 'bytes', mostBytes: 4_096, signal });
    if (sidecar.means === 'none') return undefined;
    const zip = await source.get(`${path}.zip`, { about, expect: 'bytes', mostBytes: MOST_BYTES, signal });
    if (zip.means === 'none') return undefined;
    const sha256 = createHash('sha256').update(zip.bytes).digest('hex');
    if (sumIn(sidecar.text(), `${name}.zip`) !== sha256) throw new BadZip('it is not the file that its checksum is of');
    const bars = await turn(async () => archiveBars(await onlyFileOf(zip.bytes, `${name}.csv`, BOUNDS), ask, piece.file, market.name));
    world.tell?.('an archive was read', { provider: market.name, file: `${name}.zip`, sha256, modified: zip.headers['last-modified'] });
    return { bars, archive: { name: `${name}.zip`, sha256 } };
  }

  return {
    async bars(ask, piece, rest, signal) {
      try {
        const read = await fetched(ask, piece, signal);
        if (!read) return undefined;
        await compare(read.bars, ask, rest, signal);
        return { ...read, bars: within(read.bars, piece) };
      } catch (error) {
        if (!isDoubt(error)) throw error;
        world.warn?.('an archive is not believed: its bars are asked for by requests', {
          provider: market.name,
          file: placeOf(market, ask, piece).name,
          reason: error.message,
        });
        return undefined;
      }
    },
  };
}

/** A doubt about the file itself sends us to the requests; a network that fails does not. */
const isDoubt = (error: unknown): error is Error =>
  error instanceof BadZip || isTapekeepError(error, 'ANSWER_WRONG') || isTapekeepError(error, 'ANSWER_TOO_LARGE');

/** The bars of an archive's file; raises what speaks against believing it. */
export function archiveBars(csv: Uint8Array, ask: Ask, file: Interval, provider: string): Bars {
  const table = readCsv(csv, KLINE_WIDTH);
  if (typeof table === 'string') throw new BadZip(`its file is ${table}`);
  if (table.rows === 0) throw new BadZip('its file has no rows');
  const bars = onceEach(barsOfKlines(table, { provider, symbol: ask.symbol, timeframe: ask.timeframe }));
  checkAnswer(provider, ask, { from: barStart(file.from, ask.timeframe), to: file.to }, bars);
  const why = impossible(bars);
  if (why) throw new BadZip(why);
  let holes = 0;
  for (let i = 1; i < countOf(bars); i++) if (nextBar(bars.ts[i - 1] as number, ask.timeframe) !== bars.ts[i]) holes += 1;
  if (holes > MOST_HOLES) throw new BadZip(`it has ${holes} holes`);
  return bars;
}

/** Equal duplicates are dropped; of unequal ones nobody knows which is true. */
function onceEach(bars: Bars): Bars {
  const again: number[] = [];
  for (let i = 1; i < countOf(bars); i++) {
    if (bars.ts[i] !== bars.ts[i - 1]) continue;
    if (!sameBar(bars, i - 1, bars, i))
      throw new BadZip(`it tells the bar of ${new Date(bars.ts[i] as number).toISOString()} twice, differently`);
    again.push(i);
  }
  if (again.length === 0) return bars;
  const dropped = new Set(again);
  return takeBars(
    bars,
    Array.from(bars.ts.keys()).filter(i => !dropped.has(i)),
  );
}

const sameBar = (a: Bars, i: number, b: Bars, j: number): boolean => VALUES.every(value => Object.is(a[value][i], b[value][j]));

/** The last bars once more by request, which also shows whether the file was corrected since. What it lacks is no contradiction. */
async function compare(bars: Bars, ask: Ask, rest: Rest, signal: AbortSignal): Promise<void> {
  const count = countOf(bars);
  if (count === 0) return;
  const first = Math.max(0, count - SAMPLE);
  const window = { from: bars.ts[first] as number, to: nextBar(bars.ts[count - 1] as number, ask.timeframe) };
  const said = (await rest.page(ask, window, undefined, signal)).bars;
  const rows = new Map(Array.from(said.ts, (ts, i) => [ts, i]));
  for (let i = first; i < count; i++) {
    const ts = bars.ts[i] as number;
    const row = rows.get(ts);
    const how = row === undefined ? 'does not tell' : sameBar(said, row, bars, i) ? undefined : 'tells differently';
    if (how) throw new BadZip(`a request ${how} the bar of ${new Date(ts).toISOString()}`);
  }
}

function within(bars: Bars, { from, to }: Interval): Bars {
  const first = bars.ts.findIndex(ts => ts >= from);
  const end = bars.ts.findIndex(ts => ts >= to);
  return first < 0 ? sliceBars(bars, 0, 0) : sliceBars(bars, first, end < 0 ? countOf(bars) : end);
}

/** `<sha256>  <file>` on one line. */
function sumIn(text: string, name: string): string {
  const [, sum, file] = /^([0-9a-f]{64}) [ *](\S+)\s*$/i.exec(text) ?? [];
  if (sum === undefined || file !== name) throw new BadZip('its checksum cannot be read');
  return sum.toLowerCase();
}

function placeOf({ archive }: Market, { symbol, timeframe }: Ask, { covers, file }: Piece): { path: string; name: string } {
  const name = `${symbol}-${timeframe}-${stampOf(file.from, covers)}`;
  const folder = covers === 'month' ? 'monthly' : 'daily';
  return { path: `/data/${archive}/${folder}/klines/${encodeURIComponent(symbol)}/${timeframe}/${encodeURIComponent(name)}`, name };
}

function stampOf(at: number, covers: Archive['covers']): string {
  const { year, month, day } = dateOf(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return covers === 'month' ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}
