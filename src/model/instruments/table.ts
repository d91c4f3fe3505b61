/** The listed instruments, found by what they are or were called. */
import { type Interval, interval } from '../interval.js';
import { DAY } from '../timeframe.js';
import type { Instrument, Ticker } from './instrument.js';

export interface Instruments {
  readonly all: readonly Instrument[];
  byId(id: string): Instrument | undefined;
  /** All that were ever called so: by ticker, another spelling, or a provider's name. */
  called(symbol: string): readonly Instrument[];
  /** Who held a ticker when, cut to the interval: a load of one must not run into the other. */
  holdings(symbol: string, within: Interval): readonly Holding[];
}

export interface Holding extends Interval {
  readonly instrument: Instrument;
}

export function createInstruments(all: readonly Instrument[]): Instruments {
  const ids = new Map(all.map(i => [i.id, i]));
  const names = new Map<string, Set<Instrument>>();
  for (const instrument of all) {
    for (const name of namesOf(instrument)) names.set(name, (names.get(name) ?? new Set()).add(instrument));
  }
  const called = (symbol: string): Instrument[] => [...(names.get(symbol) ?? [])];
  return {
    all,
    byId: id => ids.get(id),
    called,
    holdings: (symbol, within) =>
      called(symbol)
        .flatMap(instrument => heldIn(instrument, symbol, within))
        .sort((a, b) => a.from - b.from),
  };
}

export const NO_INSTRUMENTS: Instruments = createInstruments([]);

const namesOf = (i: Instrument): string[] => [...i.tickers.map(t => t.symbol), ...i.also, ...Object.values(i.providers)];

/** Who was called so on a date; undefined when nobody listed was. */
export const instrumentAt = (instruments: Instruments, symbol: string, date: number): Instrument | undefined =>
  instruments.holdings(symbol, interval(date, date + 1))[0]?.instrument;

function heldIn(instrument: Instrument, symbol: string, within: Interval): Holding[] {
  const own = instrument.tickers.filter(t => t.symbol === symbol);
  const last = instrument.tickers.at(-1);
  const tickers = own.length > 0 || !last ? own : [last];
  return tickers.flatMap(ticker => {
    const life = lifeOf(instrument, ticker);
    const [from, to] = [Math.max(life.from, within.from), Math.min(life.to, within.to)];
    return from < to ? [{ instrument, from, to }] : [];
  });
}

/** The time in which an instrument traded under a ticker. */
function lifeOf({ firstTrade, lastTrade }: Instrument, { from, to }: Ticker): Interval {
  const start = Math.max(from ?? Number.NEGATIVE_INFINITY, firstTrade?.date ?? Number.NEGATIVE_INFINITY);
  const end = Math.min(to ?? Number.POSITIVE_INFINITY, lastTrade?.date ?? Number.POSITIVE_INFINITY);
  return interval(start, end + DAY);
}

/** Two instruments with one ticker at one time, or one id: which, and why that cannot be. */
export function clashOf(all: readonly Instrument[]): { readonly place: number; readonly reason: string } | undefined {
  for (const [place, instrument] of all.entries()) {
    const earlier = all.slice(0, place);
    if (earlier.some(e => e.id === instrument.id)) return { place, reason: `the id ${instrument.id} is there twice` };
    for (const name of new Set(namesOf(instrument))) {
      const always = interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      const own = heldIn(instrument, name, always);
      const rival = earlier.find(
        e => namesOf(e).includes(name) && heldIn(e, name, always).some(a => own.some(b => a.from < b.to && b.from < a.to)),
      );
      if (rival) return { place, reason: `${name} also belongs to ${rival.id} at the same time` };
    }
  }
  return undefined;
}
