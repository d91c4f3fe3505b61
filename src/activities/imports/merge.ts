import { firstLine } from '../../imports/index.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import type { ImportCounts, ImportOrder } from '../../model/import.js';
import { union } from '../../model/interval.js';
import type { Note } from '../../model/load.js';
import { marketFor } from '../../model/market.js';
import { addUp, type Counts } from '../../model/quality.js';
import type { Basis, Series } from '../../model/series.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { firstAside } from './aside.js';
import { type LookNote, seenAs } from './look.js';
import { notCompared } from './named-files.js';
import { basisOfOwn, calendarOfOwn } from './own-files.js';
import { type TakenNote, withRowsKept } from './take.js';

/** Which commit of the order it is, and the stretches that it takes. */
export interface ImportBatch {
  readonly number: number;
  readonly taken: readonly Note[];
  /** More of the file comes behind it: only with the last of it is a file known as imported. */
  readonly goesOn?: boolean;
  /** Stretches that are in a version, or were only compared: their files in staging are let go. */
  readonly landed: readonly Note[];
}

export interface ImportMerged extends Omit<ImportCounts, 'rows'> {
  /** The first rows that it sets aside: where they stand, and why. */
  readonly aside?: readonly string[];
  /** Bars that met what others said of them. */
  readonly compared: number;
  /** Of the sessions that it touches. */
  readonly quality: Counts;
  readonly proposal: Note;
}

/** Makes the candidates of one stretch. A stored bar stays unless the order says otherwise; the row that gives way is set aside. */
export const importMerge =
  (house: ActivityHouse) =>
  (order: ImportOrder, look: string, batch: ImportBatch): Promise<ImportMerged> =>
    attempt(async () => {
      const { store } = house;
      const { text, sha256, detected, series, calendar: name, view, compared } = await store.readNote<LookNote>(order.id, look);
      const taken = await Promise.all(batch.taken.map(note => store.readNote<TakenNote>(order.id, note)));
      const table = await store.find(series as Series);
      const calendar = seenAs(calendarOfOwn(house, order.provider, series as Series, name), view);
      for (const note of batch.landed) await letGo(store, order.id, note);
      const merging = store.merge({
        series: series as Series,
        basis: basisOf(table?.basis ?? basisOfOwn(house, order.provider, series as Series), detected),
        calendar: { name: calendar.name, version: calendar.version },
        load: order.id,
        batch: batch.number,
        inputs: taken.flatMap(t => t.inputs),
        answered: taken.reduce((all, t) => union(all, t.answered), [] as TakenNote['answered']),
        absences: [],
        rule: order.overlap === 'keep' ? 'keep' : 'newer',
        by: order.by,
        provider: null,
        requests: 0,
        market: marketFor(series as Series, calendar, house.instruments),
        files: [{ name: text.name, sha256, rows: taken.reduce((n, t) => n + t.bars, 0), ...(batch.goesOn && { goesOn: true }) }],
        everyRow: { refused: taken.flatMap(t => t.refused ?? []), columns: columnsOf(detected) },
      });
      const merged = await merging.catch(error => {
        throw refusedWords(error, text.place, taken, detected, order.dryRun);
      });
      const proposal = compared ? merged : notCompared(merged);
      const { added, replaced, unchanged, quarantined, compared: met } = proposal.merged.counts;
      return {
        proposal: await store.writeNote(order.id, proposal),
        stored: added + replaced,
        equal: unchanged,
        quarantined,
        compared: met,
        aside: await firstAside(proposal),
        quality: addUp(proposal.quality),
      };
    });

/** Rows that are refused together, as those of another length of bars: where they begin, and what can be done. */
function refusedWords(
  error: unknown,
  file: string,
  [first]: readonly TakenNote[],
  { layout, timeframe, zone, stamp }: LookNote['detected'],
  dryRun: boolean,
): unknown {
  if (!isTapekeepError(error, 'CANDIDATE_REFUSED') || first?.begin === undefined) return error;
  const from = `from line ${first.begin}, column ${(layout.time.columns[0] ?? 0) + 1}, on`;
  const reason = `${from}, read as ${timeframe}, ${zone} and stamps of the ${stamp}: ${error.facts.reason}; --timeframe, --zone, --stamp and --calendar say it otherwise`;
  const refused = fail('IMPORT_UNREADABLE', { file, reason }, error);
  return dryRun || first.begin === firstLine(layout) ? refused : withRowsKept(refused, first.begin);
}

async function letGo(store: ActivityHouse['store'], load: string, note: Note): Promise<void> {
  const { inputs, refused } = await store.readNote<TakenNote>(load, note);
  const lines = inputs.flatMap(input => (input.lines && 'file' in input.lines ? [input.lines] : []));
  const files = [...inputs, ...lines, ...(refused ? [refused] : [])].map(({ file }) => file);
  await store.unstage(load, files);
}

/** As a person counts them. */
const columnsOf = ({ layout: { time, values } }: LookNote['detected']) =>
  Object.fromEntries([['ts', time.columns[0] ?? 0] as const, ...Object.entries(values)].map(([name, column]) => [name, column + 1]));

/** What a file says of its prices and volumes has to be what is stored: bids do not go among trades, nor money among coins. */
const basisOf = (stored: Basis, { price, volumeUnit }: LookNote['detected']): Basis => ({
  ...stored,
  ...(price && { price }),
  ...(volumeUnit && { volumeUnit }),
});
