/** What is about to be written: the request to put bars in, and the proposal of a new version that any change comes to. */
import { type Absence, type Holdings, NOTHING, withAnswer } from '../model/coverage.js';
import type { Origin } from '../model/derive.js';
import { fail } from '../model/errors.js';
import type { IntervalSet } from '../model/interval.js';
import type { Market } from '../model/market.js';
import type { SessionCounts } from '../model/quality.js';
import { type Basis, idOf, type Series } from '../model/series.js';
import type { Held, Input, Merged, MergeJob } from './frames/jobs.js';
import type { Rule } from './frames/merge-bars.js';
import { type House, hashOf } from './house.js';
import type { Correction } from './log/corrections.js';
import type { Lineage } from './log/entry.js';
import type { TableFile } from './log/snapshot.js';
import type { Table } from './table.js';

/** New bars for a series, and where they come from. */
export interface WriteRequest {
  readonly series: Series;
  readonly basis: Basis;
  readonly calendar: { readonly name: string; readonly version: string };
  readonly load: string;
  readonly batch: number;
  /** Files with the new bars, oldest answer first. */
  readonly inputs: readonly Input[];
  /** What was asked and answered: every new bar lies in it. */
  readonly answered: IntervalSet;
  readonly absences: readonly Absence[];
  readonly rule: Rule;
  readonly by: string;
  readonly provider: string | null;
  /** Who served some of it in the provider's place. */
  readonly stoodIn?: readonly string[];
  readonly requests: number;
  /** By what bars are judged before they go in, and their quality is counted; unsaid, they only have to be whole. */
  readonly market?: Market;
  /** Rows of somebody's own files: each is accounted for; these are no bars at all. */
  readonly everyRow?: MergeJob['everyRow'];
  /** Files that the bars were read from, where they came from no provider. */
  readonly files?: Lineage['files'];
  /** The bars are made of another series', as of this version of it. */
  readonly derived?: Origin;
  /** A person's reason, or a program's. */
  readonly reason?: string;
  /** The bars take the place of all that is there: another measure than the old one's is welcome. */
  readonly anew?: boolean;
}

/** What a version does to its table, in one word. */
export type Change =
  | 'create'
  | 'append'
  | 'insert'
  | 'replace'
  | 'reload'
  | 'answer'
  | 'compact'
  | 'restore'
  | 'release'
  | 'correct'
  | 'withdraw'
  | 'repair';

/**
 * One new version of a table before it is in: files that come, files that go, and what it says of itself. Nothing else
 * is ever committed. It names the version it was built on; when another writer was first, it is built again.
 */
export interface Proposal {
  readonly series: Series;
  readonly change: Change;
  readonly load: string;
  readonly batch: number;
  /** Names what is asked by its content: one commit for each (load, batch, plan). */
  readonly plan: string;
  /** The version it was built on, −1 when there was none, and the seal of that version's entry. */
  readonly base: number;
  readonly baseSeal: string | null;
  /** Set when this very change was committed before: nothing is left to do. */
  readonly landed: number | null;
  /** New files, beside the table until the commit. */
  readonly merged: Merged;
  /** Files of an earlier version that are named again. */
  readonly back: readonly TableFile[];
  /** Files of the base that the new version no longer names. */
  readonly removes: readonly string[];
  /** Those of them that nobody can read any more: there is no way back to prove. */
  readonly lost?: readonly string[];
  /** The same bars in other files: readers that follow changes need not look. */
  readonly rearranges: boolean;
  /** Where the bars of new files may be. */
  readonly answered: IntervalSet;
  readonly holdings: Holdings;
  /** What persons corrected, when that changes. */
  readonly corrections?: readonly Correction[];
  /** What else the table says of itself from now on; null: no more. */
  readonly configuration: Readonly<Record<string, string | null>>;
  /** Quality of the sessions that were touched. */
  readonly quality: readonly SessionCounts[];
  readonly lineage: Lineage;
}

export const planOf = (request: WriteRequest): string => {
  const { series, load, batch, inputs, answered, rule } = request;
  return hashOf({ series: idOf(series), load, batch, inputs: inputs.map(i => i.sha256), answered, rule });
};

/** What the table will hold of coverage and ledger once the request is in. */
export const holdingsAfter = (table: Table | undefined, request: WriteRequest, absences: readonly Absence[]): Holdings =>
  withAnswer((request.anew ? undefined : table?.holdings) ?? NOTHING, request.answered, absences);

export async function held(house: House, table: Pick<Table, 'series'>, f: TableFile): Promise<Held> {
  const path = `${idOf(table.series)}/${f.path}`;
  if (f.sha256 === null) throw fail('FILE_DAMAGED', { file: path, reason: 'the log names no SHA-256 for it' });
  return { path: f.path, file: await house.objects.localFile(path), sha256: f.sha256, rows: f.rows, first: f.first, last: f.last };
}
