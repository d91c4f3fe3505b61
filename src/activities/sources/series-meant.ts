/** Which series a symbol and a timeframe of somebody's files are. */
import { classify } from '../../model/instruments.js';
import { ASSET_CLASSES, type AssetClass, idOf, nameOf, type Series } from '../../model/series.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { ActivityHouse } from '../house.js';

export interface Called {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly dataset: string;
  /** null: as it is stored, or as the symbol tells. */
  readonly assetClass: AssetClass | null;
  readonly calendar: string | null;
  /** What its file says of it, and the name to look it up by. */
  readonly traded?: { readonly assetClass: AssetClass; readonly as?: string } | null;
}

/** A series and the name of its calendar (null: what its class allows to assume); or what of it is not certain, and why. */
export type Meant =
  | { readonly series: Series; readonly calendar: string | null }
  | { readonly why: string; readonly about: 'class' | 'symbol' | 'calendar' };

/** Series that are stored by that name, of whichever class: to list all tables costs as much as there are. */
export async function storedAs({ store }: ActivityHouse, { dataset, symbol, timeframe }: Omit<Series, 'assetClass'>): Promise<Series[]> {
  const found: Series[] = [];
  for (const assetClass of ASSET_CLASSES.toSorted()) {
    const series: Series = { dataset, assetClass, symbol, timeframe };
    if (nameFault(series) === undefined && (await store.find(series))) found.push(series);
  }
  return found;
}

/** Why a series cannot have that name. */
function nameFault(series: Series): string | undefined {
  try {
    idOf(series);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A stored series is what it is; a new one is what the order says, or what its symbol tells without a doubt. */
export async function seriesMeant(house: ActivityHouse, stored: readonly Series[], called: Called): Promise<Meant> {
  const { symbol, timeframe, dataset, assetClass } = called;
  const here = stored.find(s => s.symbol === symbol && s.timeframe === timeframe && s.dataset === dataset);
  const { readings, settled: sure } = classify(called.traded?.as ?? symbol, house.instruments);
  const cls = assetClass ?? here?.assetClass ?? called.traded?.assetClass ?? sure?.instrument.assetClass;
  const settled = (readings.find(r => r.instrument.assetClass === cls) ?? sure)?.instrument;
  if (!cls) return { about: 'class', why: `what is traded as ${symbol} is not certain` };
  const series: Series = { dataset, assetClass: cls, symbol, timeframe };
  const fault = nameFault(series);
  if (fault !== undefined) return { about: 'symbol', why: fault };
  const own = (await house.store.find(series))?.calendar.name;
  if (cls === 'crypto' && !called.calendar && !own) return { series, calendar: null };
  const calendar = called.calendar ?? own ?? (settled?.assetClass === cls && cls !== 'crypto' ? settled.calendar : null);
  if (calendar === null && cls !== 'crypto') return { about: 'calendar', why: `which calendar ${nameOf(series)} follows is not known` };
  return { series, calendar };
}
