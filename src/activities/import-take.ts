import {
  firstLine,
  openFile,
  openText,
  placeRows,
  type RefusedRow,
  readRows,
  rowsBegin,
  type Source,
  stretchOf,
} from '../imports/index.js';
import { type Bars, barAt, countOf, sliceBars } from '../model/bars.js';
import { fail } from '../model/errors.js';
import type { ImportOrder, Place, Taken } from '../model/import.js';
import type { IntervalSet } from '../model/interval.js';
import { runsOfBars } from '../model/runs-of-bars.js';
import type { Input, RefusedLines } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { factsOf, gapsIn } from './import-gaps.js';
import { type LookNote, seenAs } from './import-look.js';
import { calendarOfOwn } from './own-files.js';

/** What the note of a stretch holds. */
export interface TakenNote {
  readonly inputs: readonly Input[];
  readonly answered: IntervalSet;
  readonly refused: RefusedLines | null;
  readonly bars: number;
}

/** What is in memory at once, however long the rows are. */
const MOST_BYTES = 64 << 20;
/** Rows that are no bars weigh more than bars: where they come in masses, a stretch has no more than this. */
const MOST_REFUSED = 100_000;
const SHOWN = 3;

/** Reads one stretch of rows into staging: bars by their opens, and each row that is none with its line and why. */
export const importTake =
  (house: ActivityHouse) =>
  (order: ImportOrder, look: string, from: Place | null): Promise<Taken> =>
    attempt(async signal => {
      const { store } = house;
      const note = await store.readNote<LookNote>(order.id, look);
      const { series, calendar, view, detected } = note;
      const { timeframe, lastMayRun } = detected;
      if (!series || !timeframe) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
      const opened = await openLooked(note);
      try {
        const market = seenAs(calendarOfOwn(house, order.provider, series, calendar), view);
        const stretch = await readStretch(house, order, opened.source, note, market, from);
        signal.throwIfAborted();
        await opened.refuseChange();
        const { next, read, placed } = stretch;
        const { bars, last } =
          next === null && lastMayRun && !order.keepLast ? withoutNewest(placed.bars, placed.lines) : { bars: placed.bars, last: [] };
        const refused = [...read.refused, ...placed.refused, ...last];
        const answered = runsOfBars(bars.ts, market, timeframe);
        const inputs = countOf(bars) > 0 ? await store.stageSlices(order.id, bars, timeframe, placed.lines.subarray(0, countOf(bars))) : [];
        const lines = refused.map(({ text: row, reason: says, line, column }) => ({
          reason: 'unreadable' as const,
          says,
          line,
          column,
          row,
        }));
        const taken: TakenNote = { inputs, answered, refused: await store.stageRefused(order.id, lines), bars: countOf(bars) };
        const first = inputs.length > 0 ? Math.min(...inputs.map(input => input.first)) : null;
        const end = inputs.length > 0 ? Math.max(...inputs.map(input => input.last)) : null;
        return {
          note: await store.writeNote(order.id, taken),
          rows: read.rows,
          bars: countOf(bars),
          refused: refused.length,
          next: next === null ? null : { at: next, line: read.next, first, last: end },
          share: next === null ? 1 : next / Math.max(1, opened.source.bytes ?? 1),
          first,
          last: end,
          head: shown(bars, 0),
          tail: shown(bars, countOf(bars) - SHOWN),
          moved: placed.moved,
          gaps: inputs.length > 0 ? gapsIn(bars.ts, from, await factsOf(house, series, market)) : {},
        };
      } finally {
        await opened.close();
      }
    });

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

async function readStretch(
  house: ActivityHouse,
  order: ImportOrder,
  source: Source,
  { text, detected, rowBytes }: LookNote,
  calendar: Parameters<typeof placeRows>[1]['calendar'],
  from: Place | null,
) {
  const { layout, timeframe, zone, stamp } = detected;
  if (!timeframe || !zone || !stamp) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
  const at = from?.at ?? (await rowsBegin(source, layout));
  const line = from?.line ?? firstLine(layout);
  // A little more than they should have: rows at the end that are too many are read with the next stretch.
  const bytes = Math.min(MOST_BYTES, Math.ceil(order.batchBars * rowBytes * 1.02) + 4096);
  const stretch = await stretchOf(source, layout, at, bytes);
  const upTo = (most: number) => {
    const read = readRows(stretch.bytes, layout, line, `import:${detected.dialect}`, most);
    if (read.foreign) {
      const { line: where, column, reason } = read.foreign;
      const says = `line ${where}, column ${column}, is of another symbol: ${reason}. One file holds one series`;
      throw fail('IMPORT_UNREADABLE', { file: text.place, reason: says });
    }
    const placed = placeRows(read, { zone, stamp, timeframe, calendar, now: house.now() });
    return { read, placed, next: read.end < stretch.bytes.length ? at + read.end : stretch.next };
  };
  const whole = upTo(order.batchBars);
  return whole.read.refused.length + whole.placed.refused.length > MOST_REFUSED ? upTo(MOST_REFUSED) : whole;
}

const shown = (bars: Bars, from: number) => {
  const start = Math.max(0, from);
  return Array.from({ length: Math.min(SHOWN, countOf(bars) - start) }, (_, i) => barAt(bars, start + i));
};

/** The newest row may have been written while its bar was running: it is the last of a rising file, the first of a falling one. */
function withoutNewest(bars: Bars, lines: Float64Array): { bars: Bars; last: RefusedRow[] } {
  const n = countOf(bars);
  if (n < 2) return { bars, last: [] };
  const rising = (bars.ts[0] as number) < (bars.ts[n - 1] as number);
  if (!rising) return { bars, last: [] };
  const at = new Date(bars.ts[n - 1] as number).toISOString();
  const reason = 'the last row may have been written while its bar was running; --keep-last takes it';
  return { bars: sliceBars(bars, 0, n - 1), last: [{ line: lines[n - 1] as number, column: 0, reason, text: at }] };
}
