/** Which loads a schedule means: of series that are kept, that are stored, or that are new. */
import type { Calendar } from '../model/calendar.js';
import { isTapekeepError } from '../model/errors.js';
import type { LoadOrder } from '../model/load.js';
import { parseSeriesName, type Schedule, type SeriesName } from '../model/schedule.js';
import { nameOf, type Series } from '../model/series.js';
import type { ActivityHouse } from './house.js';
import { seriesMeant } from './series-meant.js';
import { choiceFor } from './sources.js';

export interface Scheduled {
  readonly loads: readonly { readonly order: LoadOrder; readonly calendar: Calendar }[];
  /** What cannot be loaded, and why. */
  readonly unknown: readonly string[];
}

/** Each series once, in the order they are named. */
export async function scheduledIn(house: ActivityHouse, { series }: Pick<Schedule, 'series'>): Promise<Scheduled> {
  const kept = house.standing?.kept() ?? [];
  const stored = series === null ? [] : await house.store.list();
  const loads: { order: LoadOrder; calendar: Calendar }[] = [];
  const unknown: string[] = [];
  for (const name of new Set(series ?? kept.map(order => nameOf(order.series)))) {
    const order = await orderNamed(house, kept, stored, parseSeriesName(name));
    const calendar = typeof order === 'string' ? order : calendarOf(house, order);
    if (typeof order === 'string' || typeof calendar === 'string') unknown.push(`${name}: ${calendar}`);
    else loads.push({ order, calendar });
  }
  return { loads, unknown };
}

function calendarOf(house: ActivityHouse, order: LoadOrder): Calendar | string {
  try {
    return house.calendarOf(order);
  } catch (error) {
    if (isTapekeepError(error)) return error.message;
    throw error;
  }
}

const LOOKED_AT = 20;

async function orderNamed(
  house: ActivityHouse,
  kept: readonly LoadOrder[],
  stored: readonly Series[],
  name: SeriesName,
): Promise<LoadOrder | string> {
  const fits = (s: Series) =>
    s.symbol === name.symbol && s.timeframe === name.timeframe && (name.dataset === undefined || s.dataset === name.dataset);
  const known = kept.find(order => fits(order.series));
  if (known) return known;
  const there = stored.filter(fits);
  if (there.length > 1) return `several series are called that: name its dataset, or keep it in the settings`;
  const dataset = there[0]?.dataset ?? name.dataset ?? 'main';
  const meant = await seriesMeant(house, stored, { ...name, dataset, assetClass: null, calendar: null });
  if ('why' in meant) return `${meant.why}; or keep it in the settings (series)`;
  const provider = await providerOf(house, meant.series, meant.calendar, there.length > 0);
  if (provider === undefined || !house.standing) return `no source serves ${nameOf(meant.series)}`;
  return house.standing.orderOf(meant.series, provider, meant.calendar);
}

/** What is stored goes on with the source it has. */
async function providerOf(house: ActivityHouse, series: Series, calendar: string | null, stored: boolean): Promise<string | undefined> {
  const entries = stored ? await house.store.history(series, LOOKED_AT) : [];
  const own = entries.map(e => e.commitInfo?.tapekeep?.lineage.provider).find(p => typeof p === 'string');
  if (own && house.providers.names.includes(own)) return own;
  return choiceFor(house, series, calendar).provider ?? undefined;
}
