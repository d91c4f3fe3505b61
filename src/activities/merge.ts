import { type Answer, judge, settled } from '../model/answers.js';
import type { Absence } from '../model/coverage.js';
import { NOTHING } from '../model/coverage.js';
import type { Fetched, FetchNote, LoadOrder, MergeFacts, Note } from '../model/load.js';
import { marketFor } from '../model/market.js';
import { askAgain, settlingAt } from '../model/settling.js';
import { basisFor } from '../providers/basis.js';
import type { WriteRequest } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { boundsOf } from './life.js';
import type { Plan } from './segment.js';

/** Which batch of the load it is; the first of a plan also tells of what no request can reach. */
export interface BatchOf {
  readonly number: number;
  readonly firstOfPlan: boolean;
}

/** Makes the candidates of one batch beside the table: the raw files, and only those files of the table whose bars they replace. */
export const merge =
  (house: ActivityHouse) =>
  (order: LoadOrder, plan: Note, batch: BatchOf, fetched: readonly Fetched[]): Promise<MergeFacts> =>
    attempt(async signal => {
      const notes: FetchNote[] = [];
      for (const f of [...fetched].sort((a, b) => a.index - b.index)) notes.push(await house.store.readNote<FetchNote>(order.load, f.note));
      const unasked = batch.firstOfPlan ? await unaskedOf(house, order, plan) : [];
      const request = await requestOf(house, order, batch.number, notes, unasked, signal);
      const proposal = await house.store.merge(request);
      const { added, replaced, unchanged } = proposal.merged.counts;
      return { proposal: await house.store.writeNote(order.load, proposal), added, replaced, unchanged };
    });

async function requestOf(
  house: ActivityHouse,
  order: LoadOrder,
  batch: number,
  notes: readonly FetchNote[],
  unasked: readonly Answer[],
  signal: AbortSignal,
): Promise<WriteRequest> {
  const { series, load } = order;
  const provider = house.providers.get(order.provider);
  const calendar = house.calendarOf(order);
  const answers: Answer[] = [...notes.flatMap(n => n.answers), ...unasked];
  const table = await house.store.find(series);
  const held = table?.holdings ?? NOTHING;
  const { from: first, to: last, evidence } = await boundsOf(house, order, table, signal);
  const listing = { first, last, evidence };
  const asking = { provider: provider.name, omitsEmpty: provider.serves.omitsEmpty, calendar, timeframe: series.timeframe, held, listing };
  const now = house.now();
  const answered = settled(answers);
  const settling = settlingAt(calendar, series.timeframe, { sessions: house.revisedSessions, settleMs: provider.serves.settleMs, now });
  const news: Absence[] = judge(answers, { ...asking, now });
  return {
    series,
    basis: basisFor(provider.serves, series),
    calendar: { name: calendar.name, version: calendar.version },
    load,
    batch,
    inputs: notes.flatMap(n => (n.input ? [n.input] : [])),
    answered,
    absences: settling ? askAgain(news, answered, settling, { ...asking, now }) : news,
    rule: 'newer',
    by: order.by,
    provider: provider.name,
    requests: notes.reduce((n, note) => n + note.answers.length, 0),
    market: marketFor(series, calendar, house.instruments),
    ...(order.reload && { anew: true }),
  };
}

/** What is known without a request: further back than the source reaches, or before and after the symbol was traded. */
async function unaskedOf({ store }: ActivityHouse, { load }: LoadOrder, plan: Note): Promise<Answer[]> {
  const { unreachable, outside } = await store.readNote<Plan>(load, plan);
  const without = { rows: 0, first: 0, last: 0, holes: [] };
  return [
    ...unreachable.map((i): Answer => ({ ...i, ...without, verdict: 'beyond_depth', evidence: 'older than the source reaches' })),
    ...outside.map((i): Answer => ({ ...i, ...without, verdict: 'empty', evidence: 'not traded then' })),
  ];
}
