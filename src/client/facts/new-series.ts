/** What a series is that is neither in the settings nor stored: as a person says, as it is listed, or as its symbol is read. */
import { fail } from '../../model/errors.js';
import { classify, type Instruments, type Reading } from '../../model/instruments.js';
import type { AssetClass } from '../../model/series.js';

export interface Kind {
  readonly assetClass: AssetClass;
  /** Undefined: crypto, which never closes, or nothing is known; then the load proposes some. */
  readonly calendar: string | undefined;
}

export interface Told {
  readonly assetClass?: AssetClass | undefined;
  readonly calendar?: string | undefined;
  readonly provider: string;
}

/** Where nothing but coins is traded, a short word is a coin's name, whatever else it would be elsewhere. */
const COINS_ONLY: ReadonlySet<string> = new Set(['simulated']);

export function kindOf(symbol: string, instruments: Instruments, { assetClass, calendar, provider }: Told): Kind {
  const { readings, settled, says } = classify(symbol, instruments);
  const coinsOnly = COINS_ONLY.has(provider) && calendar === undefined;
  const believed = coinsOnly && isBareWord(symbol) ? readings.filter(r => r.listed || r.instrument.assetClass === 'crypto') : readings;
  if (assetClass !== undefined) return { assetClass, calendar: calendar ?? calendarAmong(believed, assetClass) };
  const only = believed.length === readings.length ? settled : undefined;
  if (only) return { assetClass: only.instrument.assetClass, calendar: calendar ?? calendarAmong([only], only.instrument.assetClass) };
  const listed = believed.some(r => r.listed);
  if (coinsOnly && !listed && (believed.length === 0 || believed.some(r => r.instrument.assetClass === 'crypto')))
    return { assetClass: 'crypto', calendar: undefined };
  throw fail('USAGE', { reason: `what is traded as ${symbol} is not certain: ${says}. Say it with --class; nothing was done` });
}

const isBareWord = (symbol: string): boolean => /^[A-Za-z0-9]{1,5}$/.test(symbol);

/** The one calendar of the readings of a class. */
function calendarAmong(readings: readonly Reading[], assetClass: AssetClass): string | undefined {
  if (assetClass === 'crypto') return undefined;
  const [only, ...more] = new Set(readings.filter(r => r.instrument.assetClass === assetClass).map(r => r.instrument.calendar));
  return more.length === 0 ? (only ?? undefined) : undefined;
}
