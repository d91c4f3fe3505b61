/**
 * The bars of the simulated exchange. Every bar is made of the one-minute bars that exist, so a coarse bar is
 * their aggregate to the last bit: volumes are whole eighths and turnovers whole 1024ths, whose sums are exact
 * in whatever order they are added.
 */
import { type Bars, concatBars, emptyBars, sliceBars } from '../../model/bars.js';
import { CALENDAR_24_7, type Calendar } from '../../model/calendar.js';
import { type Interval, type IntervalSet, intersect, subtract, toSet } from '../../model/interval.js';
import { bitsAt, mix, rowKey, unitOf } from '../../model/random.js';
import { DAY, MINUTE, type Timeframe } from '../../model/timeframe.js';
import { hoursIn, type Slots } from './hours.js';
import { BLOCK, createPath, fillPath, type Market, MINUTE_VARIANCE, marketOf, type Path } from './path.js';
import type { SimulatedSettings } from './settings.js';

export const SOURCE = 'simulated';
const MINUTES_A_DAY = DAY / MINUTE;
/** Money that changes hands in an average minute. */
const MINUTE_TURNOVER = 60_000;
const WICKS_ROW = 64;
const QUIET_ROW = 65;

/** How busy each minute of the day is: slow around 04:00Z, busiest around 14:30Z. */
const RHYTHM = Float64Array.from({ length: MINUTES_A_DAY }, (_, m) => {
  const afternoon = Math.exp(-(((m - 870) / 120) ** 2));
  return 0.8 + 0.35 * Math.cos(((m - 960) / MINUTES_A_DAY) * 2 * Math.PI) + 0.9 * afternoon;
});

/** When a symbol traded: from its first minute to its last, without the outages. */
export function tradedIn(settings: SimulatedSettings, symbol: string): IntervalSet {
  const { from, to } = lifeOf(settings, symbol);
  return subtract(toSet([{ from, to }]), toSet(settings.outages));
}

/** The first minute of a symbol and the end of its last. */
export function lifeOf(settings: SimulatedSettings, symbol: string): Interval {
  const own = <V>(record: Readonly<Record<string, V>>): V | undefined => (Object.hasOwn(record, symbol) ? record[symbol] : undefined);
  return { from: own(settings.listedOf) ?? settings.listed, to: own(settings.delisted) ?? Number.POSITIVE_INFINITY };
}

/** All bars that open in the interval, whatever the clock says: what the exchange will have told in the end. */
export function barsOf(
  settings: SimulatedSettings,
  symbol: string,
  timeframe: Timeframe,
  within: Interval,
  calendar: Calendar = CALENDAR_24_7,
): Bars {
  const { minutes, slots } = hoursIn(calendar, timeframe, within);
  const rows = createRows(slots);
  const market = marketOf(settings.seed, symbol);
  const quiet = {
    row: rowKey(market.key, QUIET_ROW),
    share: settings.quietShare,
    never: Math.ceil(lifeOf(settings, symbol).from / MINUTE),
  };
  for (const span of intersect(tradedIn(settings, symbol), minutes)) {
    trade(market, quiet, Math.ceil(span.from / MINUTE), Math.ceil(span.to / MINUTE), rows);
  }
  return rows.count === rows.bars.ts.length ? rows.bars : concatBars([sliceBars(rows.bars, 0, rows.count)]);
}

/** Which minutes are without a trade. The very first one never is: a listing begins with a trade. */
interface Quiet {
  readonly row: number;
  readonly share: number;
  readonly never: number;
}

function trade(market: Market, quiet: Quiet, first: number, end: number, rows: Rows): void {
  const path = createPath();
  const candle = { ...BLANK };
  const wicks = rowKey(market.key, WICKS_ROW);
  for (let block = Math.floor(first / BLOCK); block * BLOCK < end; block++) {
    const start = block * BLOCK;
    fillPath(market, block, path);
    for (let minute = Math.max(first, start); minute < Math.min(end, start + BLOCK); minute++) {
      if (minute !== quiet.never && unitOf(bitsAt(quiet.row, minute)) < quiet.share) continue;
      draw(path, minute - start, minute, bitsAt(wicks, minute), candle);
      put(rows, minute * MINUTE, candle);
    }
  }
}

interface Candle {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  turnover: number;
  trades: number;
}
const BLANK: Candle = { open: 0, high: 0, low: 0, close: 0, volume: 0, turnover: 0, trades: 0 };

/** One minute: the path gives open and close, `bits` how far it strayed and how much was traded. */
function draw(path: Path, i: number, minute: number, bits: number, candle: Candle): void {
  const open = path.cents[i] as number;
  const close = path.cents[i + 1] as number;
  const deviation = Math.sqrt(path.variance[i] as number);
  const top = Math.max(open, close);
  const bottom = Math.min(open, close);
  const high = Math.round(top * (1 + deviation * ((bits & 0xff) / 256)));
  const low = Math.max(1, Math.round(bottom * (1 - deviation * (((bits >>> 8) & 0xff) / 256))));
  const noise = unitOf(mix(bits));
  const busy = (RHYTHM[minute % MINUTES_A_DAY] as number) * (deviation / Math.sqrt(MINUTE_VARIANCE)) * (0.2 + 2.4 * noise * noise);
  const mean = (open + high + low + close) / 400;
  candle.open = open / 100;
  candle.high = high / 100;
  candle.low = low / 100;
  candle.close = close / 100;
  candle.volume = Math.max(1, Math.round(((busy * MINUTE_TURNOVER) / mean) * 8)) / 8;
  candle.turnover = Math.round(candle.volume * mean * 1_024) / 1_024;
  candle.trades = 1 + Math.floor(busy * (20 + ((bits >>> 16) & 0x3f)));
}

interface Rows {
  readonly bars: Bars;
  readonly slots: Slots;
  count: number;
  /** Where the bar in the making ends. */
  end: number;
}

const createRows = (slots: Slots): Rows => ({ bars: emptyBars(slots.count, [SOURCE]), slots, count: 0, end: Number.NEGATIVE_INFINITY });

/** Adds a minute to the bar in the making, or begins the next. */
function put(rows: Rows, ts: number, candle: Candle): void {
  const { bars } = rows;
  if (ts >= rows.end) {
    const i = rows.count++;
    rows.end = rows.slots.endOf(ts);
    bars.ts[i] = rows.slots.stampOf(ts);
    bars.open[i] = candle.open;
    bars.high[i] = candle.high;
    bars.low[i] = candle.low;
    bars.close[i] = candle.close;
    bars.volume[i] = candle.volume;
    bars.turnover[i] = candle.turnover;
    bars.trades[i] = candle.trades;
    return;
  }
  const i = rows.count - 1;
  bars.high[i] = Math.max(bars.high[i] as number, candle.high);
  bars.low[i] = Math.min(bars.low[i] as number, candle.low);
  bars.close[i] = candle.close;
  bars.volume[i] = (bars.volume[i] as number) + candle.volume;
  bars.turnover[i] = (bars.turnover[i] as number) + candle.turnover;
  bars.trades[i] = (bars.trades[i] as number) + candle.trades;
}
