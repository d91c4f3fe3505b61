/** How a symbol can be read. One that fits several ways has several readings: none is chosen in silence. */
import { interval } from '../interval.js';
import { cryptoRule } from './crypto-rule.js';
import type { Instrument } from './instrument.js';
import { futureRule, stockRule } from './listed-rules.js';
import { type Found, fxRule, indexRule } from './rules.js';
import { type Instruments, NO_INSTRUMENTS } from './table.js';

export interface Reading {
  readonly instrument: Instrument;
  readonly listed: boolean;
  /** False: the form alone suggests it. */
  readonly sure: boolean;
  /** What it is read from, in words. */
  readonly evidence: string;
}

export interface Classification {
  readonly symbol: string;
  readonly readings: readonly Reading[];
  /** The reading, where there is one and it is sure. */
  readonly settled: Reading | undefined;
  /** What a person is told. */
  readonly says: string;
}

const RULES: readonly ((symbol: string) => readonly Found[])[] = [indexRule, fxRule, cryptoRule, futureRule, stockRule];

/** A listed symbol is what the list says, on that date if one is given; only others are read by their form. */
export function classify(symbol: string, instruments: Instruments = NO_INSTRUMENTS, date?: number): Classification {
  const listed =
    date === undefined ? instruments.called(symbol) : instruments.holdings(symbol, interval(date, date + 1)).map(h => h.instrument);
  const readings = listed.length > 0 ? listed.map(asListed) : instruments.called(symbol).length > 0 ? [] : byForm(symbol);
  const [only, ...more] = readings;
  const settled = only?.sure && more.length === 0 ? only : undefined;
  return { symbol, readings, settled, says: sayOf(symbol, readings, listed.length === 0 && instruments.called(symbol).length > 0) };
}

const asListed = (instrument: Instrument): Reading => ({
  instrument,
  listed: true,
  sure: true,
  evidence: `the list of instruments has it as ${instrument.id} (${instrument.name})`,
});

function byForm(symbol: string): Reading[] {
  const upper = symbol.toUpperCase();
  const note = upper === symbol ? '' : `, read as ${upper}`;
  return RULES.flatMap(rule => rule(upper)).map(({ sure, evidence, ...found }) => ({
    instrument: unlisted(found),
    listed: false,
    sure,
    evidence: `${evidence}${note}`,
  }));
}

/** An id of its own form: no listed one has a slash. */
const unlisted = ({ symbol, assetClass, calendar, currency, tick, providers }: Omit<Found, 'sure' | 'evidence'>): Instrument => ({
  id: `${assetClass}/${symbol}`,
  name: symbol,
  assetClass,
  calendar,
  currency,
  tick,
  tickers: [{ symbol, from: null, to: null }],
  also: [],
  providers,
  firstTrade: null,
  lastTrade: null,
});

function sayOf(symbol: string, readings: readonly Reading[], notThen: boolean): string {
  if (notThen) return `nothing listed was called ${symbol} on that date`;
  if (readings.length === 0) return `what ${symbol} is cannot be told from its form`;
  const each = readings.map(r => `${r.instrument.assetClass}: ${r.evidence}`);
  return readings.length === 1 ? (each[0] as string) : `${symbol} can be read in ${readings.length} ways: ${each.join('; or ')}`;
}
