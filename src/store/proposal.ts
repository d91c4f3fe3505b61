/** What is about to be written: the request, and the proposal that a merge makes of it. */
import { type Absence, type Holdings, NOTHING, withAnswer } from '../model/coverage.js';
import { fail } from '../model/errors.js';
import type { IntervalSet } from '../model/interval.js';
import { type Basis, idOf, type Series } from '../model/series.js';
import type { Held, Input, Merged } from './frames/jobs.js';
import type { Rule } from './frames/merge-bars.js';
import { type House, hashOf } from './house.js';
import type { TableFile } from './log/snapshot.js';
import type { Table } from './table.js';

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
  readonly requests: number;
}

export interface Proposal {
  readonly request: WriteRequest;
  /** Names the request by its content: one commit for each (load, batch, plan). */
  readonly plan: string;
  /** The version it was built on, −1 when there was none, and the seal of that version's entry. */
  readonly base: number;
  readonly baseSeal: string | null;
  readonly merged: Merged;
  /** Set when this very request was committed before: nothing is left to do. */
  readonly landed: number | null;
}

export const planOf = (request: WriteRequest): string => {
  const { series, load, batch, inputs, answered, rule } = request;
  return hashOf({ series: idOf(series), load, batch, inputs: inputs.map(i => i.sha256), answered, rule });
};

/** What the table will hold of coverage and ledger once the request is in. */
export const holdingsAfter = (table: Table | undefined, request: WriteRequest): Holdings =>
  withAnswer(table?.holdings ?? NOTHING, request.answered, request.absences);

export async function held(house: House, table: Table, f: TableFile): Promise<Held> {
  const path = `${idOf(table.series)}/${f.path}`;
  if (f.sha256 === null) throw fail('FILE_DAMAGED', { file: path, reason: 'the log names no SHA-256 for it' });
  return { path: f.path, file: await house.objects.localFile(path), sha256: f.sha256, rows: f.rows, first: f.first, last: f.last };
}
