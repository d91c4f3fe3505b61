/** Which loads a schedule means: of series that are kept, that are stored, or that are new. */

import type { Calendar } from '../../model/calendar.js';
import { isTapekeepError } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import { USUAL_PROVIDER } from '../../model/provider-rules.js';
import { parseSeriesName, type Schedule, watchlistOf } from '../../model/schedule.js';
import { idOf, nameOf, type Series } from '../../model/series.js';
import { providerIn } from '../../store/index.js';
import type { ActivityHouse } from '../house.js';
import { seriesMeant } from '../sources/series-meant.js';
import { choiceFor } from '../sources/sources.js';
import type { Listed } from '../sources/standing.js';

export interface Scheduled {
  readonly loads: readonly { readonly order: LoadOrder; readonly calendar: Calendar }[];
  /** What cannot be loaded, and why. */
  readonly unknown: readonly string[];
}

/** Each series once, in the order they are named. */
export async function scheduledIn(house: ActivityHouse, { series }: Pick<Schedule, 'series'>): Promise<Scheduled> {
  const kept = house.standing?.kept() ?? [];
  const unknown: string[] = [];
  const orders = series === null ? kept : await ordersNamed(house, kept, series, unknown);
  const loads: { order: LoadOrder; calendar: Calendar }[] = [];
  for (const order of orders) {
    const calendar = calendarOf(house, order);
    if (typeof calendar === 'string') unknown.push(`${nameOf(order.series)}: ${calendar}`);
    else loads.push({ order, calendar });
  }
  return { loads, unknown };
}

async function ordersNamed(
  house: ActivityHouse,
  kept: readonly LoadOrder[],
  names: readonly string[],
  unknown: string[],
): Promise<LoadOrder[]> {
  const places: Places = { kept: bySymbol(kept, order => order.series), stored: bySymbol(await house.store.list(), series => series) };
  const orders = new Map<string, LoadOrder>();
  for (const name of names) {
    for (const listed of listedAs(house, name)) {
      const order = typeof listed === 'string' ? listed : await orderNamed(house, places, listed);
      if (typeof order === 'string') unknown.push(`${wordsOf(listed, name)}: ${order}`);
      else orders.set(idOf(order.series), order);
    }
  }
  return [...orders.values()];
}

/** Where a name is looked up, by symbol. */
interface Places {
  readonly kept: ReadonlyMap<string, readonly LoadOrder[]>;
  readonly stored: ReadonlyMap<string, readonly Series[]>;
}

function bySymbol<T>(all: readonly T[], seriesOf: (one: T) => Series): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const { symbol } = seriesOf(one);
    found.set(symbol, [...(found.get(symbol) ?? []), one]);
  }
  return found;
}

/** One series, or those of a watchlist; a text says why there is none. */
function listedAs({ standing }: ActivityHouse, name: string): readonly (Listed | string)[] {
  const list = watchlistOf(name);
  if (list === undefined) return [parseSeriesName(name)];
  return standing?.listed(list) ?? ['the settings have no such watchlist'];
}

const wordsOf = (listed: Listed | string, name: string): string =>
  typeof listed === 'string' ? name : `${listed.dataset === undefined ? '' : `${listed.dataset}:`}${listed.symbol} ${listed.timeframe}`;

function calendarOf(house: ActivityHouse, order: LoadOrder): Calendar | string {
  try {
    return house.calendarOf(order);
  } catch (error) {
    if (isTapekeepError(error)) return error.message;
    throw error;
  }
}

const LOOKED_AT = 20;

async function orderNamed(house: ActivityHouse, places: Places, name: Listed): Promise<LoadOrder | string> {
  const fits = (s: Series) => s.timeframe === name.timeframe && (name.dataset === undefined || s.dataset === name.dataset);
  const known = places.kept.get(name.symbol)?.find(order => fits(order.series));
  if (known) return known;
  const there = (places.stored.get(name.symbol) ?? []).filter(fits);
  if (there.length > 1) return `several series are called that: name its dataset, or keep it in the settings`;
  const dataset = there[0]?.dataset ?? name.dataset ?? 'main';
  const { assetClass = null, calendar = null, provider: said, from = null } = name;
  const meant = await seriesMeant(house, there, { ...name, dataset, assetClass, calendar });
  if ('why' in meant) return `${meant.why}: keep it in the settings (series)`;
  const provider = said ?? (await providerOf(house, meant.series, meant.calendar, there.length > 0));
  if (provider === undefined || !house.standing) return `no source serves ${nameOf(meant.series)}`;
  const order = house.standing.orderOf(meant.series, provider, meant.calendar);
  return { ...order, ...(said !== undefined && { pinned: true }), span: { from, to: null } };
}

/** What is stored goes on with the source it has. */
async function providerOf(house: ActivityHouse, series: Series, calendar: string | null, stored: boolean): Promise<string | undefined> {
  const own = stored ? providerIn(await house.store.history(series, LOOKED_AT)) : undefined;
  if (own && house.providers.names.includes(own)) return own;
  return choiceFor(house, series, calendar).provider ?? (Object.keys(house.sources.rules).length === 0 ? USUAL_PROVIDER : undefined);
}
