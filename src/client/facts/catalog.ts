/** Which series a person means. */
import { fail } from '../../model/errors.js';
import { type Choice, USUAL_PROVIDER } from '../../model/provider-rules.js';
import { ASSET_CLASSES, type AssetClass, idOf, nameOf, type Series } from '../../model/series.js';
import { parseTimeframe } from '../../model/timeframe.js';
import { nearest } from '../../settings/near.js';
import type { ResolvedSettings } from '../../settings.js';
import { providerIn, type Store } from '../../store/index.js';
import { instrumentsOf } from './instruments.js';
import { kindOf } from './new-series.js';

export interface Named {
  readonly symbol: string;
  readonly timeframe: string;
  readonly dataset?: string | undefined;
  readonly assetClass?: string | undefined;
}

export const fits = (named: Named) => {
  const timeframe = parseTimeframe(named.timeframe);
  return (s: Series): boolean =>
    s.symbol === named.symbol &&
    s.timeframe === timeframe &&
    (named.dataset === undefined || s.dataset === named.dataset) &&
    (named.assetClass === undefined || s.assetClass === named.assetClass);
};

/** A series that is there. */
export async function storedSeries(store: Store, named: Named): Promise<Series> {
  idOf(wanted(named));
  const stored = await store.list();
  const found = stored.filter(fits(named));
  if (found.length > 1)
    throw fail('USAGE', { reason: `several series are called that: ${found.map(idOf).join(', ')}. Name one with --dataset` });
  const [series] = found;
  if (!series) throw unknown(named, stored, store.house.root);
  return series;
}

/** One series, or without a symbol every one. */
export type AnyNamed = { readonly [K in keyof Named]?: Named[K] | undefined };

export async function seriesNamed(store: Store, { symbol, timeframe, dataset, assetClass }: AnyNamed): Promise<Series[]> {
  if (symbol === undefined) return (await store.list()).filter(series => dataset === undefined || series.dataset === dataset);
  if (timeframe === undefined) throw fail('USAGE', { reason: `${symbol}: which timeframe? Name it after the symbol. Nothing was done` });
  return [await storedSeries(store, { symbol, timeframe, dataset, assetClass })];
}

/** Often it is a slip of the hand: the closest that is there is named. */
function unknown(named: Named, stored: readonly Series[], folder: string): Error {
  const name = nameOf(wanted(named));
  const meant = nearest(name, stored.map(nameOf));
  return fail('SERIES_UNKNOWN', { series: name, folder: meant === undefined ? folder : `${folder}. Did you mean ${meant}?` });
}

export interface ToLoad extends Named {
  readonly provider?: string | undefined;
  readonly calendar?: string | undefined;
}

interface Meant {
  readonly series: Series;
  readonly provider: string;
  /** Somebody named the provider: no other is to stand in for it. */
  readonly pinned: boolean;
  readonly calendar: string | undefined;
}

/** Asks for the source that the rules give a series. */
export type Chooser = (series: Series, calendar: string | null) => Promise<Choice>;

/** A series to load: as the settings keep it, as it is stored, or, when it is new, as it is named. What the call says comes first. */
export async function seriesToLoad(settings: ResolvedSettings, store: Store, named: ToLoad, chooser: Chooser): Promise<Meant> {
  const fresh = wanted(named);
  idOf(fresh);
  const { calendar } = named;
  const pinned = named.provider !== undefined;
  const choose = (series: Series, by: string | undefined): Promise<string> | string =>
    named.provider ?? chosen(settings, store, series, by ?? null, chooser);
  const kept = settings.series.find(fits(named));
  if (kept) {
    const { dataset, assetClass, symbol, timeframe } = kept;
    const series = { dataset, assetClass, symbol, timeframe };
    const by = calendar ?? kept.calendar;
    const said = named.provider ?? kept.provider;
    return { series, provider: said ?? (await choose(series, by)), pinned: said !== undefined, calendar: by };
  }
  const stored = one((await store.list()).filter(fits(named)), fresh.dataset);
  if (stored) {
    const by = calendar ?? (await store.find(stored))?.calendar.name;
    return { series: stored, provider: await choose(stored, by), pinned, calendar: by };
  }
  const assetClass = named.assetClass === undefined ? undefined : fresh.assetClass;
  const told = named.provider ?? (Object.keys(settings.rules).length === 0 ? USUAL_PROVIDER : '');
  const kind = kindOf(named.symbol, await instrumentsOf(settings), { assetClass, calendar, provider: told });
  const series = { ...fresh, assetClass: kind.assetClass };
  return { series, provider: await choose(series, kind.calendar), pinned, calendar: kind.calendar };
}

const LOOKED_AT = 20;

/** A series that is there goes on with the source it has; a new one gets that of its rule. */
async function chosen(
  settings: ResolvedSettings,
  store: Store,
  series: Series,
  calendar: string | null,
  chooser: Chooser,
): Promise<string> {
  const own = (await store.find(series)) ? providerIn(await store.history(series, LOOKED_AT)) : undefined;
  if (own && Object.hasOwn(settings.providers, own)) return own;
  if (Object.keys(settings.rules).length === 0) return USUAL_PROVIDER;
  const { provider, says, considered } = await chooser(series, calendar);
  if (provider !== null) return provider;
  const why = considered.map(c => `${c.provider}: ${c.why}`).join('; ');
  throw fail('PROVIDER_NONE', { series: nameOf(series), reason: why === '' ? says : `${says} (${why})` });
}

/** Of several of one name, that of the dataset; two classes of one name there have to be told apart. */
function one(stored: readonly Series[], dataset: string): Series | undefined {
  const own = stored.length > 1 ? stored.filter(s => s.dataset === dataset) : stored;
  if (own.length > 1) throw fail('USAGE', { reason: `several series are called that: ${own.map(idOf).join(', ')}. Name one with --class` });
  return own[0];
}

function wanted({ symbol, timeframe, dataset = 'main', assetClass = 'crypto' }: Named): Series {
  if (!(ASSET_CLASSES as readonly string[]).includes(assetClass)) {
    throw fail('USAGE', { reason: `there is no asset class ${JSON.stringify(assetClass)}: it is one of ${ASSET_CLASSES.join(', ')}` });
  }
  return { dataset, assetClass: assetClass as AssetClass, symbol, timeframe: parseTimeframe(timeframe) };
}
