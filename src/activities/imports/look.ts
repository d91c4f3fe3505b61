import {
  type Detected,
  digestOf,
  type Given,
  isLongPacked,
  judge,
  layoutFrom,
  openFile,
  openText,
  readLayout,
  readSample,
  rowBytesOf,
  type Sample,
  type SampleRead,
  type Source,
  sampleOf,
  type Text,
} from '../../imports/index.js';
import { type Calendar, type MarketCalendar, REGULAR, type View } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import {
  type FileFound,
  type ImportGiven,
  type ImportOrder,
  type ImportQuestion,
  type Looked,
  PARTS,
  underWay,
} from '../../model/import.js';
import { ASSET_CLASSES, nameOf, type Series } from '../../model/series.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { type Meant, seriesMeant, storedAs } from '../sources/series-meant.js';
import { areCompared, filesNamed } from './named-files.js';
import { besideStored } from './overlap.js';
import { calendarOfOwn } from './own-files.js';

/** What the note of a text holds: all that reading its rows takes. */
export interface LookNote {
  readonly text: Text;
  /** Of the file as it lies on the disk, and the disk's stamp of it. */
  readonly sha256: string;
  readonly stamp: string;
  readonly detected: Detected;
  /** Where it lies unpacked, when it is long and can only be read from its beginning. */
  readonly unpacked: string | null;
  /** Bytes of a row, on the average. */
  readonly rowBytes: number;
  readonly series: Series | null;
  readonly calendar: string | null;
  /** The hours that its bars keep, and from where they are cut. */
  readonly view: View;
  /** Whether what is stored tells something of how right its bars are. */
  readonly compared: boolean;
}

/** Says what a text is: its dialect, its series, its length, zone and stamp side; and what stays open. */
export const importLook =
  (house: ActivityHouse) =>
  (order: ImportOrder, text: Text): Promise<Looked> =>
    attempt(async (signal, beat) => {
      const { store } = house;
      store.getReady();
      const told = (part: number): void => {
        signal.throwIfAborted();
        beat(underWay(text, PARTS.look * part));
      };
      const opened = await openFile(text.file);
      try {
        const packed = opened.sources[text.index];
        if (!packed) throw fail('IMPORT_CHANGED', { file: text.file });
        const unpacked = await unpackedOf(house, order, packed, opened.stamp, bytes => told(Math.min(1, bytes / text.bytes)));
        const plain = unpacked === null ? undefined : await openText(unpacked, text.name, text.place);
        try {
          const source = plain?.source ?? packed;
          const sample = await sampleOf(source);
          const rowBytes = rowBytesOf(sample);
          const { meant, detected, view } = await readingOf(house, order, sample);
          const sha256 = await digestOf(text.file, bytes => told(bytes / opened.size));
          await opened.refuseChange();
          const [series, calendar] = meant && 'series' in meant ? [meant.series, meant.calendar] : [null, null];
          if (series) await requireRoomFor(house, order, series, (source.bytes ?? 0) / rowBytes);
          const compared = series !== null && (await areCompared(house, series, order.id, [sha256]));
          const note: LookNote = { text, sha256, stamp: opened.stamp, detected, unpacked, rowBytes, series, calendar, view, compared };
          const known = !order.again && series !== null && (await isKnown(house, series, sha256, text));
          return { note: await store.writeNote(order.id, note), known, found: foundOf(detected, meant, calendar) };
        } finally {
          await plain?.close();
        }
      } finally {
        await opened.close();
      }
    });

/** A text that is long and packed is unpacked once, rather than from its beginning for each stretch. */
async function unpackedOf(
  { store }: ActivityHouse,
  { id }: ImportOrder,
  source: Source,
  stamp: string,
  beat: (bytes: number) => void,
): Promise<string | null> {
  if (!(await isLongPacked(source))) return null;
  return store.stageText(id, { place: source.place, stamp }, () => source.read(0), beat);
}

/** Two stretches are in staging at a time: one is read while the one before is merged. */
const requireRoomFor = ({ store }: ActivityHouse, { paths, batchBars }: ImportOrder, series: Series, rows: number): Promise<void> =>
  store.requireRoom(series, `the import of ${paths.join(', ')}`, rows, 2 * batchBars);

interface Reading {
  readonly meant: Meant | undefined;
  readonly detected: Detected;
  readonly view: View;
}

/** A first look tells the symbol; by its market's hours a second tells the zone, and by its stored bars a third what those leave open. */
async function readingOf(house: ActivityHouse, order: ImportOrder, sample: Sample): Promise<Reading> {
  const given = givenOf(order.given);
  const read = readSample(sample, given);
  const first = judge(read, given, () => undefined);
  const { symbol, timeframe, traded } = first;
  const { dataset, assetClass, calendar } = order;
  const stored = symbol && timeframe ? await storedAs(house, { dataset, symbol, timeframe }) : [];
  const meant =
    symbol && timeframe && (await seriesMeant(house, stored, { symbol, timeframe, dataset, assetClass, calendar, traded: traded ?? null }));
  if (!meant || !('series' in meant)) return { meant: meant || undefined, detected: first, view: REGULAR };
  const hours = hoursOf(house, order, meant);
  const best = bestOf(read, given, hours);
  const { answer, doubt } = await besideStored(house.store, sample, best.detected, best.calendar, meant.series);
  const { view, detected } = answer ? bestOf(read, { ...given, ...answer.given }, hours) : best;
  const [evidence, doubts] = [answer ? [answer.words] : [], doubt ? [doubt] : []];
  return { meant, view, detected: { ...detected, evidence: [...detected.evidence, ...evidence], doubts: [...detected.doubts, ...doubts] } };
}

/** The hours by which the fewest stamps stay unexplained. */
function bestOf(read: SampleRead, given: Given, hours: readonly HoursOfMarket[]): HoursOfMarket & Pick<Reading, 'detected'> {
  const fits = hours.map(each => ({ ...each, detected: judge(read, given, () => each.calendar) }));
  return fits.reduce((a, b) => (openIn(b.detected) < openIn(a.detected) ? b : a));
}

function givenOf({ dialect, symbol, timeframe, zone, stamp, order, decimal, layout }: ImportGiven): Given {
  const said = { dialect, symbol, timeframe, zone, stamp, order, decimal };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)) as Given;
  if (layout === null) return given;
  const yaml = readLayout(layout);
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
  const calendar = calendarOfOwn(house, order.provider, meant.series, meant.calendar);
  // A market that never closes looks the same by any hours.
  const never = !('as' in calendar) || (calendar as MarketCalendar).neverCloses;
  return (never ? [REGULAR] : VIEWS).map(view => ({ view, calendar: seenAs(calendar, view) }));
}

const VIEWS: readonly View[] = (['regular', 'extended'] as const).flatMap(session =>
  (['segment', 'clock', 'day'] as const).map(anchor => ({ session, anchor })),
);

/** A market's calendar by the hours of a file; one that never closes has only one view. */
export const seenAs = (calendar: Calendar, view: View): Calendar => ('as' in calendar ? (calendar as MarketCalendar).as(view) : calendar);

const isKnown = async (house: ActivityHouse, series: Series, sha256: string, { name }: Text): Promise<boolean> =>
  (await filesNamed(house, series)).some(f => f.sha256 === sha256 && f.name === name && !f.goesOn);

function foundOf(detected: Detected, meant: Meant | undefined, calendar: string | null): FileFound {
  const { dialect, symbol = null, timeframe = null, zone = null, stamp = null, evidence, doubts } = detected;
  const unclear: ImportQuestion[] =
    meant && 'why' in meant ? [{ about: meant.about, options: meant.about === 'class' ? ASSET_CLASSES : [], says: meant.why }] : [];
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
