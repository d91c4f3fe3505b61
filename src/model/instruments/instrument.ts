/** One thing that is traded. Its id stays when its ticker changes, and a ticker that is used again belongs to another id. */
import type { AssetClass } from '../series.js';

/** A ticker and the dates it was used from and to, both included; null: as far as is known. */
export interface Ticker {
  readonly symbol: string;
  readonly from: number | null;
  readonly to: number | null;
}

export interface TradeDate {
  readonly date: number;
  /** Where it is known from. */
  readonly knownFrom: string;
}

export interface Instrument {
  readonly id: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  /** Null: no calendar is known. */
  readonly calendar: string | null;
  /** What prices are in. GBX is pence. */
  readonly currency: string | null;
  /** The smallest step of a price. */
  readonly tick: number | null;
  readonly tickers: readonly Ticker[];
  /** Other spellings of its present ticker. */
  readonly also: readonly string[];
  /** What a provider calls it. */
  readonly providers: Readonly<Record<string, string>>;
  readonly firstTrade: TradeDate | null;
  readonly lastTrade: TradeDate | null;
}

type Told = Partial<Pick<Instrument, 'name' | 'calendar' | 'currency' | 'tick' | 'firstTrade' | 'lastTrade'>>;

/** The instrument with what a provider tells of it: it fills in what is not known and overrules nothing. */
export const withTold = (instrument: Instrument, told: Told): Instrument => ({
  ...instrument,
  name: instrument.name === '' ? (told.name ?? '') : instrument.name,
  calendar: instrument.calendar ?? told.calendar ?? null,
  currency: instrument.currency ?? told.currency ?? null,
  tick: instrument.tick ?? told.tick ?? null,
  firstTrade: instrument.firstTrade ?? told.firstTrade ?? null,
  lastTrade: instrument.lastTrade ?? told.lastTrade ?? null,
});
