import { readFile } from 'node:fs/promises';
import { type Detected, detect, digestOf, type Given, layoutFrom, openFile, sampleOf, type Text } from '../imports/index.js';
import { type Calendar, type MarketCalendar, REGULAR, type View } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import type { FileFound, ImportGiven, ImportOrder, ImportQuestion, Looked } from '../model/import.js';
import type { LoadOrder } from '../model/load.js';
import { nameOf, type Series } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { type Meant, seriesMeant } from './series-meant.js';

/** What the note of a text holds: all that reading its rows takes. */
export interface LookNote {
  readonly text: Text;
  /** Of the file as it lies on the disk, and the disk's stamp of it. */
  readonly sha256: string;
  readonly stamp: string;
  readonly detected: Detected;
  readonly series: Series | null;
  readonly calendar: string | null;
  /** The hours that its bars keep, and from where they are cut. */
  readonly view: View;
}

/** Says what a text is: its dialect, its series, its length, zone and stamp side; and what stays open. */
export const importLook =
  (house: ActivityHouse) =>
  (order: ImportOrder, survey: string, index: number): Promise<Looked> =>
    attempt(async (_signal, beat) => {
      const { store } = house;
      const text = (await store.readNote<Text[]>(order.id, survey))[index];
      if (!text) throw fail('INTERNAL', { reason: `the survey has no text ${index}` });
      const opened = await openFile(text.file);
      try {
        const source = opened.sources[text.index];
        if (!source) throw fail('IMPORT_CHANGED', { file: text.file });
        const stored = await store.list();
        const { dataset, assetClass } = order;
        const seriesOf = (symbol: string, timeframe: Timeframe, { traded }: Detected): Promise<Meant> =>
          seriesMeant(house, stored, { symbol, timeframe, dataset, assetClass, calendar: order.calendar, traded: traded ?? null });
        const given = await givenOf(order.given);
        const sample = await sampleOf(source);
        // A first look tells the symbol; by its market's hours the second tells the zone.
        const first = detect(sample, given, () => undefined);
        const meant = first.symbol && first.timeframe ? await seriesOf(first.symbol, first.timeframe, first) : undefined;
        const hours = meant && 'series' in meant ? hoursOf(house, order, meant) : [];
        const fits = hours.map(({ calendar, view }) => ({ view, detected: detect(sample, given, () => calendar) }));
        const [best = { view: REGULAR, detected: first }] = fits.sort((a, b) => openIn(a.detected) - openIn(b.detected));
        const { view, detected } = best;
        const sha256 = await digestOf(text.file, bytes => beat({ bytes }));
        await opened.refuseChange();
        const [series, calendar] = meant && 'series' in meant ? [meant.series, meant.calendar] : [null, null];
        const note: LookNote = { text, sha256, stamp: opened.stamp, detected, series, calendar, view };
        const known = !order.again && series !== null && (await isKnown(house, series, sha256, text));
        return { note: await store.writeNote(order.id, note), known, found: foundOf(detected, meant, calendar) };
      } finally {
        await opened.close();
      }
    });

async function givenOf({ dialect, symbol, timeframe, zone, stamp, order, decimal, layout }: ImportGiven): Promise<Given> {
  const said = { dialect, symbol, timeframe, zone, stamp, order, decimal };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)) as Given;
  if (layout === null) return given;
  const yaml = await readFile(layout, 'utf8').catch(error => {
    throw fail('FILE_MISSING', { file: layout }, error);
  });
  return { ...given, layout: heading => layoutFrom(layout, yaml, heading) };
}

interface HoursOfMarket {
  readonly calendar: Calendar;
  readonly view: View;
}

/** Stamps that no reading explains, and questions: the fewer, the better; of readings alike the first. */
const openIn = ({ questions, off }: Detected): number => questions.length * 1e9 + (off ?? 0);

/** A market's regular hours, and the extended ones where it has any; bars cut from the open, by the day, by the clock. */
function hoursOf(house: ActivityHouse, order: ImportOrder, meant: Extract<Meant, { series: Series }>): HoursOfMarket[] {
  const calendar = calendarOfImport(house, order, meant.series, meant.calendar);
  return VIEWS.map(view => ({ view, calendar: seenAs(calendar, view) }));
}

const VIEWS: readonly View[] = (['regular', 'extended'] as const).flatMap(session =>
  (['segment', 'clock', 'day'] as const).map(anchor => ({ session, anchor })),
);

/** A market's calendar by the hours of a file; one that never closes has only one view. */
export const seenAs = (calendar: Calendar, view: View): Calendar => ('as' in calendar ? (calendar as MarketCalendar).as(view) : calendar);

/** The calendar of a file's bars: that of a load of the series. */
export function calendarOfImport(house: ActivityHouse, order: ImportOrder, series: Series, calendar: string | null): Calendar {
  const load: LoadOrder = {
    load: order.id,
    series,
    provider: order.provider ?? 'simulated',
    span: { from: null, to: null },
    ...(calendar === null ? {} : { calendar }),
    mode: 'local',
    by: order.by,
    tuning: { lanes: 1, batchBars: order.batchBars, silenceMs: order.silenceMs, restatements: 'stop' },
  };
  return house.calendarOf(load);
}

async function isKnown({ store }: ActivityHouse, series: Series, sha256: string, { name }: Text): Promise<boolean> {
  if (!(await store.find(series))) return false;
  const entries = await store.history(series);
  return entries.some(e => e.commitInfo?.tapekeep?.lineage.files?.some(f => f.sha256 === sha256 && f.name === name));
}

function foundOf(detected: Detected, meant: Meant | undefined, calendar: string | null): FileFound {
  const { dialect, symbol = null, timeframe = null, zone = null, stamp = null, evidence, doubts } = detected;
  const unclear: ImportQuestion[] = meant && 'why' in meant ? [{ about: 'series', options: [], says: meant.why }] : [];
  const series = meant && 'series' in meant ? meant.series : null;
  return {
    dialect,
    symbol,
    series: series && nameOf(series),
    assetClass: series?.assetClass ?? null,
    timeframe,
    zone,
    stamp,
    calendar: series ? (calendar ?? '24/7') : null,
    evidence,
    doubts,
    // A series that is not certain has no hours to tell a zone by: that question comes first.
    questions: unclear.length > 0 ? unclear : detected.questions,
  };
}
