/** Which loads a schedule means: of series that are kept, that are stored, or that are new. */
import type { Calendar } from '../model/calendar.js';
import { isTapekeepError } from '../model/errors.js';
import type { LoadOrder } from '../model/load.js';
import { parseSeriesName, type Schedule, watchlistOf } from '../model/schedule.js';
import { idOf, nameOf, type Series } from '../model/series.js';
import type { ActivityHouse } from './house.js';
import { seriesMeant } from './series-meant.js';
import { choiceFor } from './sources.js';
import type { Listed } from './standing.js';

export interface Scheduled {
  readonly loads: readonly { readonly order: LoadOrder; readonly calendar: Calendar }[];
  /** What cannot be loaded, and why. */
  readonly unknown: readonly string[];
}

/** Each series once, in the order they are named. */
export async function scheduledIn(house: ActivityHouse, { series }: Pick<Schedule, 'series'>): Promise<Scheduled> {
  const kept = house.standing?.kept() ?? [];
  const stored = series === null ? [] : await house.store.list();
  const loads = new Map<string, { order: LoadOrder; calendar: Calendar }>();
  const unknown: string[] = [];
  for (const name of series ?? kept.map(order => nameOf(order.series))) {
    for (const listed of listedAs(house, name)) {
      const order = typeof listed === 'string' ? listed : await orderNamed(house, kept, stored, listed);
      const calendar = typeof order === 'string' ? order : calendarOf(house, order);
      if (typeof order === 'string' || typeof calendar === 'string') unknown.push(`${wordsOf(listed, name)}: ${calendar}`);
      else loads.set(idOf(order.series), { order, calendar });
    }
  }
  return { loads: [...loads.values()], unknown };
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

async function orderNamed(
  house: ActivityHouse,
  kept: readonly LoadOrder[],
  stored: readonly Series[],
  name: Listed,
): Promise<LoadOrder | string> {
  const fits = (s: Series) =>
    s.symbol === name.symbol && s.timeframe === name.timeframe && (name.dataset === undefined || s.dataset === name.dataset);
  const known = kept.find(order => fits(order.series));
  if (known) return known;
  const there = stored.filter(fits);
  if (there.length > 1) return `several series are called that: name its dataset, or keep it in the settings`;
  const dataset = there[0]?.dataset ?? name.dataset ?? 'main';
  const { assetClass = null, calendar = null, provider: said, from = null } = name;
  const meant = await seriesMeant(house, stored, { ...name, dataset, assetClass, calendar });
  if ('why' in meant) return `${meant.why}; or keep it in the settings (series)`;
  const provider = said ?? (await providerOf(house, meant.series, meant.calendar, there.length > 0));
  if (provider === undefined || !house.standing) return `no source serves ${nameOf(meant.series)}`;
  const order = house.standing.orderOf(meant.series, provider, meant.calendar);
  return { ...order, ...(said !== undefined && { pinned: true }), span: { from, to: null } };
}

/** Where there is no rule and nobody says otherwise. */
const USUAL_PROVIDER = 'simulated';

/** What is stored goes on with the source it has. */
async function providerOf(house: ActivityHouse, series: Series, calendar: string | null, stored: boolean): Promise<string | undefined> {
  const entries = stored ? await house.store.history(series, LOOKED_AT) : [];
  const own = entries.map(e => e.commitInfo?.tapekeep?.lineage.provider).find(p => typeof p === 'string');
  if (own && house.providers.names.includes(own)) return own;
  return choiceFor(house, series, calendar).provider ?? (Object.keys(house.sources.rules).length === 0 ? USUAL_PROVIDER : undefined);
}
