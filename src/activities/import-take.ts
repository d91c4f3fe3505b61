import { openFile, placeRows, type RefusedRow, readRows, rowsBegin, stretchOf } from '../imports/index.js';
import { type Bars, barAt, countOf, sliceBars } from '../model/bars.js';
import { fail } from '../model/errors.js';
import type { ImportOrder, Place, Taken } from '../model/import.js';
import type { IntervalSet } from '../model/interval.js';
import { runsOfBars } from '../model/runs-of-bars.js';
import type { Input } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { factsOf, gapsIn } from './import-gaps.js';
import { type LookNote, seenAs } from './import-look.js';
import { calendarOfOwn } from './own-files.js';

/** What the note of a stretch holds. */
export interface TakenNote {
  readonly input: Input | null;
  readonly answered: IntervalSet;
  readonly refused: readonly RefusedRow[];
  readonly bars: number;
}

/** Bytes of a row, roughly: how many are read for as many bars as a commit should have. */
const ROW_BYTES = 56;
const SHOWN = 3;

/** Reads one stretch of rows into staging: bars by their opens, and each row that is none with its line and why. */
export const importTake =
  (house: ActivityHouse) =>
  (order: ImportOrder, look: string, from: Place | null): Promise<Taken> =>
    attempt(async signal => {
      const { store } = house;
      const { text, stamp, detected, series, calendar, view } = await store.readNote<LookNote>(order.id, look);
      const { layout, timeframe, zone, stamp: side } = detected;
      if (!series || !timeframe || !zone || !side) throw fail('INTERNAL', { reason: 'what is open has to be answered first' });
      const opened = await openFile(text.file, stamp);
      try {
        const source = opened.sources[text.index];
        if (!source) throw fail('IMPORT_CHANGED', { file: text.file });
        const at = from?.at ?? (await rowsBegin(source, layout));
        const line = from?.line ?? layout.skip + (layout.heading ? 1 : 0) + 1;
        const { bytes, next } = await stretchOf(source, layout, at, order.batchBars * ROW_BYTES);
        signal.throwIfAborted();
        const read = readRows(bytes, layout, line, `import:${detected.dialect}`);
        if (read.foreign) {
          const { line: where, reason } = read.foreign;
          throw fail('IMPORT_UNREADABLE', {
            file: text.place,
            reason: `line ${where} is of another symbol: ${reason}. One file holds one series`,
          });
        }
        const market = seenAs(calendarOfOwn(house, order.provider, series, calendar), view);
        const placed = placeRows(read, { zone, stamp: side, timeframe, calendar: market, now: house.now() });
        const { bars, last } =
          next === null && detected.lastMayRun && !order.keepLast
            ? withoutNewest(placed.bars, placed.lines)
            : { bars: placed.bars, last: [] };
        await opened.refuseChange();
        const refused = [...read.refused, ...placed.refused, ...last];
        const input = countOf(bars) > 0 ? await store.stageBars(order.id, [bars]) : null;
        const answered = input ? runsOfBars(bars.ts, market, timeframe) : [];
        const note: TakenNote = { input, answered, refused, bars: countOf(bars) };
        return {
          note: await store.writeNote(order.id, note),
          rows: read.rows,
          bars: countOf(bars),
          refused: refused.length,
          next: next === null ? null : { at: next, line: read.next, first: input?.first ?? null, last: input?.last ?? null },
          first: input?.first ?? null,
          last: input?.last ?? null,
          head: shown(bars, 0),
          tail: shown(bars, countOf(bars) - SHOWN),
          moved: placed.moved,
          gaps: input ? gapsIn(bars.ts, from, await factsOf(house, series, market)) : {},
        };
      } finally {
        await opened.close();
      }
    });

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
