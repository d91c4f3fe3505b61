import { openFile, openText, type Placed, type ReadRows, type RefusedRow, rowAsRead, type Source } from '../imports/index.js';
import { type Bars, countOf, sliceBars } from '../model/bars.js';
import { fail } from '../model/errors.js';
import { type ImportOrder, PARTS, type Place, plusEnds, plusGaps, type Taken, underWay } from '../model/import.js';
import { type IntervalSet, union } from '../model/interval.js';
import { traitsOf } from '../model/market.js';
import { runsOfBars } from '../model/runs-of-bars.js';
import type { Series } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import type { Input, RefusedLine, RefusedLines, SlicesOut } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { endsOf, outermost } from './import-ends.js';
import { factsOf, gapsIn } from './import-gaps.js';
import { type LookNote, seenAs } from './import-look.js';
import { piecesOf } from './import-pieces.js';
import { calendarOfOwn } from './own-files.js';

/** What the note of a stretch holds. */
export interface TakenNote {
  readonly inputs: readonly Input[];
  readonly answered: IntervalSet;
  readonly refused: RefusedLines | null;
  readonly bars: number;
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
        const taken: TakenNote = { inputs, answered, refused: await store.stageRefused(order.id, refused.map(lineOf)), bars: sums.bars };
        return { ...sums, note: await store.writeNote(order.id, taken), refused: refused.length };
      } finally {
        await slices.drop();
        await opened.close();
      }
    });

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
    hear(((next ?? source.bytes ?? 0) - (from?.at ?? 0)) / Math.max(1, source.bytes ?? 1));
    const first = told.first ?? from?.first ?? null;
    const { bars, last } = next === null && !order.keepLast ? withoutHalf(read, placed, mayRun, first) : { ...placed, last: [] };
    await slices.add(bars, placed.lines);
    const rows = countOf(bars);
    const outer = outermost(bars.ts);
    const [firstRow, lastRow] = outer;
    told = {
      rows: told.rows + read.rows,
      bars: told.bars + rows,
      refused: [...told.refused, ...read.refused, ...placed.refused, ...last],
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

interface Whole {
  readonly bars: Bars;
  /** The row that was set aside. */
  readonly last: readonly RefusedRow[];
}

const CUT =
  'the file ends here without a line end, and the last value is shorter than those of the rows before it: it may be cut; --keep-last takes it';
const RUNNING = 'the last row may have been written while its bar was running; --keep-last takes it';

/** Without what may be half a bar: a row that may be cut where the text ends, or the newest one of a file whose rows rise. */
function withoutHalf(read: ReadRows, { bars, lines }: Placed, mayRun: boolean, first: number | null): Whole {
  const n = countOf(bars);
  const without = (reason: string): Whole => ({
    bars: sliceBars(bars, 0, n - 1),
    last: [{ line: lines[n - 1] as number, column: 0, reason, text: rowAsRead(bars, n - 1) }],
  });
  if (read.mayBeCut && lines.at(-1) === read.next - 1) return without(CUT);
  const newest = bars.ts[n - 1] as number;
  const isAlone = n === 0 || (n === 1 && first === null);
  if (!mayRun || isAlone || (first ?? (bars.ts[0] as number)) >= newest) return { bars, last: [] };
  return without(RUNNING);
}
