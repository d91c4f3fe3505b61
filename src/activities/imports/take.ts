import { firstLine, openFile, openText, type RefusedRow, refuseOtherLength, type Source } from '../../imports/index.js';
import { countOf } from '../../model/bars.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import { type ImportOrder, PARTS, type Place, plusEnds, plusGaps, type Taken, underWay } from '../../model/import.js';
import { type IntervalSet, union } from '../../model/interval.js';
import { traitsOf } from '../../model/market.js';
import { runsOfBars } from '../../model/runs-of-bars.js';
import type { Series } from '../../model/series.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { Input, RefusedLine, RefusedLines, SlicesOut } from '../../store/index.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { endsOf, outermost } from './ends.js';
import { factsOf, gapsIn } from './gaps.js';
import { withoutHalf } from './half.js';
import { type LookNote, seenAs } from './look.js';
import { calendarOfOwn } from './own-files.js';
import { piecesOf } from './pieces.js';

/** What the note of a stretch holds. */
export interface TakenNote {
  readonly inputs: readonly Input[];
  readonly answered: IntervalSet;
  readonly refused: RefusedLines | null;
  readonly bars: number;
  /** The line that it begins with. */
  readonly begin?: number;
}

/** Reads one stretch of rows into staging: bars by their opens, and each row that is none with its line and why. */
export const importTake =
  (house: ActivityHouse) =>
  (order: ImportOrder, look: string, from: Place | null): Promise<Taken> =>
    attempt(async (signal, beat) => {
      const { store } = house;
      const note = await store.readNote<LookNote>(order.id, look);
      const { series, detected } = note;
      if (!series || !detected.timeframe) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
      const opened = await openLooked(note);
      const slices = await store.openSlices(order.id, detected.timeframe);
      try {
        const told = await takeInto(
          house,
          order,
          opened.source,
          { ...note, series, timeframe: detected.timeframe },
          from,
          slices,
          reached => {
            signal.throwIfAborted();
            beat(underWay(note.text, PARTS.take * reached));
          },
        );
        await opened.refuseChange();
        const { answered, refused, ...sums } = told;
        const inputs = await slices.close();
        const kept = await store.stageRefused(order.id, refused.map(lineOf));
        const begin = from?.line ?? firstLine(detected.layout);
        const taken: TakenNote = { inputs, answered, refused: kept, bars: sums.bars, begin };
        return { ...sums, note: await store.writeNote(order.id, taken), refused: refused.length, ...whyOf(refused) };
      } catch (error) {
        throw from === null || order.dryRun ? error : withRowsKept(error, from.line);
      } finally {
        await slices.drop();
        await opened.close();
      }
    });

/** What of a file is unreadable in its middle; the stretches before are taken all the same. */
export const withRowsKept = (error: unknown, line: number): unknown =>
  isTapekeepError(error, 'IMPORT_UNREADABLE')
    ? fail(error.code, { ...error.facts, kept: `The rows before line ${line} are taken, and stay` }, error)
    : error;

const whyOf = ([first]: readonly RefusedRow[]): Pick<Taken, 'why'> =>
  first ? { why: `line ${first.line}, column ${Math.max(1, first.column)}: ${first.reason}`.slice(0, MOST_WORDS) } : {};

/** Of somebody's file. */
const MOST_WORDS = 300;

const lineOf = ({ line, column, reason, text }: RefusedRow): RefusedLine => ({
  reason: 'unreadable',
  says: reason,
  line,
  column,
  row: text,
});

interface Told extends Omit<Taken, 'note' | 'refused'> {
  readonly answered: IntervalSet;
  readonly refused: readonly RefusedRow[];
}

async function takeInto(
  house: ActivityHouse,
  order: ImportOrder,
  source: Source,
  note: LookNote & { readonly series: Series; readonly timeframe: Timeframe },
  from: Place | null,
  slices: SlicesOut,
  hear: (reached: number) => void,
): Promise<Told> {
  const { series, timeframe, detected } = note;
  const calendar = seenAs(calendarOfOwn(house, order.provider, series, note.calendar), note.view);
  const facts = await factsOf(house, series, calendar);
  const { mayBeNegative } = traitsOf(series, house.instruments);
  const mayRun = detected.lastMayRun;
  let told: Told = { ...NOTHING_TOLD, next: from };
  for await (const { read, placed, next } of piecesOf(order, source, note, { calendar, now: house.now() }, from)) {
    refuseOtherLength(note.text.place, read, timeframe);
    hear(((next ?? source.bytes ?? 0) - (from?.at ?? 0)) / Math.max(1, source.bytes ?? 1));
    const { bars, lines, half } = order.keepLast ? { ...placed, half: [] } : withoutHalf({ read, placed, next }, mayRun, told.next);
    await slices.add(bars, lines);
    const rows = countOf(bars);
    const outer = outermost(bars.ts);
    const [firstRow, lastRow] = outer;
    told = {
      rows: told.rows + read.rows,
      bars: told.bars + rows,
      refused: [...told.refused, ...read.refused, ...placed.refused, ...half],
      answered: union(told.answered, runsOfBars(bars.ts, calendar, timeframe)),
      gaps: rows > 0 ? plusGaps(told.gaps, gapsIn(bars.ts, told.next, facts)) : told.gaps,
      moved: told.moved + placed.moved,
      ...plusEnds(told, endsOf(bars, { calendar, timeframe, mayBeNegative }, outer)),
      share: next === null ? 1 : next / Math.max(1, source.bytes ?? 1),
      next:
        next === null
          ? null
          : {
              at: next,
              line: read.next,
              first: rows > 0 ? (bars.ts[firstRow] as number) : (told.next?.first ?? null),
              last: rows > 0 ? (bars.ts[lastRow] as number) : (told.next?.last ?? null),
              descending: placed.descending,
            },
    };
  }
  return told;
}

const NOTHING_TOLD: Told = {
  rows: 0,
  bars: 0,
  refused: [],
  answered: [],
  gaps: {},
  moved: 0,
  first: null,
  last: null,
  head: [],
  tail: [],
  share: 0,
  next: null,
};

interface Looked {
  readonly source: Source;
  refuseChange(): Promise<void>;
  close(): Promise<void>;
}

/** The text that was looked at: the file as it was then, or what it was unpacked to. */
async function openLooked({ text, stamp, unpacked }: LookNote): Promise<Looked> {
  if (unpacked !== null) return { ...(await openText(unpacked, text.name, text.place)), refuseChange: async () => {} };
  const opened = await openFile(text.file, stamp);
  const source = opened.sources[text.index];
  if (source) return { source, refuseChange: opened.refuseChange, close: opened.close };
  await opened.close();
  throw fail('IMPORT_CHANGED', { file: text.file });
}
