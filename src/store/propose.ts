/** The proposal of a new version that an ordered change comes to: what each kind has in common. */
import type { ChangeKind, ChangeOrder, ChangeWish } from '../model/change.js';
import { hull, type Interval, interval } from '../model/interval.js';
import type { Market } from '../model/market.js';
import { idOf } from '../model/series.js';
import { compacting } from './changes/compact.js';
import { correcting, withdrawing } from './changes/correct.js';
import type { Builder } from './changes/parts.js';
import { releasing, restoring } from './changes/restore.js';
import { findOwn } from './commit.js';
import { NOTHING_MERGED } from './frames/jobs.js';
import { type House, hashOf } from './house.js';
import { PROGRAM } from './log/entry.js';
import type { Proposal } from './proposal.js';
import { openTable, type Table } from './table.js';

/** It decodes files, and the packages for that are heavy. */
const repair = () => import('./repair/repairing.js');

const BUILDERS: { readonly [K in ChangeKind]: Builder<Extract<ChangeWish, { kind: K }>> } = {
  restore: restoring,
  release: releasing,
  correct: correcting,
  withdraw: withdrawing,
  repair: async (...all) => (await repair()).repairing(...all),
  compact: compacting,
};

/** The change as a proposal on the newest version. `market` is what bars are judged by, where the change brings any. */
export async function propose(house: House, order: ChangeOrder, market?: Market): Promise<Proposal> {
  const { series, id, change } = order;
  const table = change.kind === 'repair' ? await (await repair()).openBroken(house, series) : await openTable(house, series);
  const plan = hashOf({ series: idOf(series), id, change });
  const landed = (await findOwn(house, { series, load: id, batch: 0, plan }, table.snapshot.version)) ?? null;
  const build = BUILDERS[change.kind] as Builder<ChangeWish>;
  const { lineage, ...parts } = landed === null ? await build(house, table, order, market) : {};
  return {
    series,
    change: change.kind,
    load: id,
    batch: 0,
    plan,
    base: table.snapshot.version,
    baseSeal: table.snapshot.seal,
    landed,
    merged: NOTHING_MERGED,
    back: [],
    removes: [],
    rearranges: false,
    answered: [],
    holdings: table.holdings,
    configuration: {},
    quality: [],
    ...parts,
    lineage: {
      by: order.by,
      provider: null,
      interval: extentOf(table),
      requests: 0,
      raw: [],
      calendar: table.calendar,
      program: PROGRAM,
      ...lineage,
    },
  };
}

/** From the first to the last moment that the table tells of. */
const extentOf = (table: Table): Interval => hull(table.holdings.coverage) ?? interval(0, 0);
