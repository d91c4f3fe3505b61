/** The archives of the emulated Binance: one zip for each closed day and month, with its checksum. */
import { countOf } from '../../../src/model/bars.js';
import { DAY, nextBar, type Timeframe } from '../../../src/model/timeframe.js';
import type { Reply } from '../reply.js';
import { checksumOf, csvLines, zipOf } from './answers.js';
import { type BinanceSettings, barsBetween } from './binance.js';

const PATH = /^\/data\/(spot|futures\/um)\/(monthly|daily)\/klines\/([^/]+)\/(\w+)\/([^/]+)\.zip(\.CHECKSUM)?$/;
const MICRO_SINCE = Date.UTC(2025, 0, 1);
const HEADER_SINCE = Date.UTC(2022, 0, 1);
const NOT_FOUND: Reply = {
  status: 404,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
};

export function answerArchive(settings: BinanceSettings, now: number, path: string): Reply {
  const [, market, covers, symbol = '', timeframe = '', name = '', sidecar] = PATH.exec(path) ?? [];
  if (market !== settings.market || !Object.hasOwn(settings.symbols, symbol) || settings.lacking?.test(path)) return NOT_FOUND;
  const stamp = name.slice(`${symbol}-${timeframe}-`.length);
  const from = Date.parse(covers === 'monthly' ? `${stamp}-01` : stamp);
  if (Number.isNaN(from) || name !== `${symbol}-${timeframe}-${stamp}`) return NOT_FOUND;
  const to = covers === 'monthly' ? nextBar(from, '1mo') : from + DAY;
  if (now < (covers === 'monthly' ? firstMonday(to) : to + DAY / 2)) return NOT_FOUND;
  const bars = barsBetween(settings, symbol, timeframe as Timeframe, now, from, to);
  if (countOf(bars) === 0) return NOT_FOUND;
  const written = { micro: market === 'spot' && from >= MICRO_SINCE, header: market !== 'spot' && from >= HEADER_SINCE };
  const lines = csvLines(bars, timeframe as Timeframe, written);
  const zip = zipOf(`${name}.csv`, Buffer.from(`${(settings.spoil?.(lines, name) ?? lines).join('\n')}\n`));
  if (sidecar) return { status: 200, headers: { 'content-type': 'text/plain' }, body: checksumOf(zip, `${name}.zip`) };
  return { status: 200, headers: { 'content-type': 'application/zip' }, body: settings.damage?.(zip, name) ?? zip };
}

/** The first Monday at or after an instant. */
function firstMonday(at: number): number {
  const weekday = (at / DAY + 3) % 7;
  return at + ((7 - weekday) % 7) * DAY;
}
