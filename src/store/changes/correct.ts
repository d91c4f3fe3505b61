/** A person's correction of one bar, and its withdrawal. Loads keep their hands off a corrected bar. */

import type { CorrectedValues } from '../../model/change.js';
import { withAnswer } from '../../model/coverage.js';
import { fail } from '../../model/errors.js';
import { type Interval, interval, subtract } from '../../model/interval.js';
import type { Market } from '../../model/market.js';
import { idOf, nameOf } from '../../model/series.js';
import { nextBar } from '../../model/timeframe.js';
import { type Amended, type AmendJob, type Merged, NO_COUNTS } from '../frames/jobs.js';
import { folderOfLoad, type House } from '../house.js';
import { CORRECTION, CORRECTIONS_KEY, readCorrections, withCorrection, without } from '../log/corrections.js';
import { held } from '../proposal.js';
import type { Table } from '../table.js';
import type { Builder, Parts } from './parts.js';

export const correctionsOf = (house: House, { series, snapshot }: Table) =>
  readCorrections(house.objects, idOf(series), snapshot.metaData.configuration[CORRECTIONS_KEY]);

/** The bar is what the person says; what the provider said of it is kept for the day it is withdrawn. */
export const correcting: Builder<{ kind: 'correct'; ts: number; values: CorrectedValues; reason: string }> = async (
  house,
  table,
  { id, by, change },
  market,
) => {
  const { ts, values, reason } = change;
  const all = await correctionsOf(house, table);
  const amended = await amend(house, table, id, market, ts, { patch: values, source: CORRECTION });
  const known = all.find(c => c.ts === ts);
  const over = known ? known.over : amended.before;
  const span = spanOf(table, ts);
  return {
    ...partsOf(amended, span),
    holdings: amended.before ? table.holdings : withAnswer(table.holdings, [span], []),
    corrections: withCorrection(all, { ts, reason, by, at: house.now(), over }),
    lineage: { interval: span, reason },
  };
};

/** The provider's bar again. Where it never had one, the bar goes and its time counts as not asked for. */
export const withdrawing: Builder<{ kind: 'withdraw'; ts: number }> = async (house, table, { id, change: { ts } }) => {
  const all = await correctionsOf(house, table);
  const known = all.find(c => c.ts === ts);
  if (!known)
    throw fail('USAGE', { reason: `${nameOf(table.series)} has no correction at ${new Date(ts).toISOString()}. Nothing was done` });
  const amended = await amend(house, table, id, undefined, ts, { put: known.over });
  const span = spanOf(table, ts);
  const { coverage, ledger } = table.holdings;
  return {
    ...partsOf(amended, span),
    holdings: known.over ? table.holdings : { coverage: subtract(coverage, [span]), ledger },
    corrections: without(all, ts),
    lineage: { interval: span, reason: known.reason },
  };
};

const spanOf = ({ series }: Table, ts: number): Interval => interval(ts, nextBar(ts, series.timeframe));

async function amend(
  house: House,
  table: Table,
  id: string,
  market: Market | undefined,
  ts: number,
  bar: AmendJob['bar'],
): Promise<Amended> {
  const reached = [...table.snapshot.files.values()].filter(f => f.first <= ts && f.last >= ts);
  const amended = await house.frames.amend({
    ts,
    bar,
    files: await Promise.all(reached.map(file => held(house, table, file))),
    timeframe: table.series.timeframe,
    outFolder: folderOfLoad(house.folders.candidates, id),
    ...(market && { market }),
  });
  if (amended.refused !== null)
    throw fail('CORRECTION_REFUSED', { series: nameOf(table.series), at: new Date(ts).toISOString(), reason: amended.refused });
  return amended;
}

function partsOf({ before, candidates, removes }: Amended, span: Interval): Pick<Parts, 'merged' | 'removes' | 'answered'> {
  const merged: Merged = {
    candidates,
    counts: { ...NO_COUNTS, offered: 1, added: before ? 0 : 1, replaced: before ? 1 : 0 },
    quarantine: null,
    refused: [],
  };
  return { merged, removes, answered: [span] };
}
