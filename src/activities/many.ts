import { Context } from '@temporalio/activity';
import { fail } from '../model/errors.js';
import { type Admission, type LoadOrder, type LoadReport, type LoadStatus, type Note, refusalOf, workflowIdOf } from '../model/load.js';
import { faultOf, type ManyEnd, type ManyRow } from '../model/load-many.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';

/** The end of a load, without how it was admitted. */
export type Over = Omit<ManyEnd, 'how'>;

/** What became of an order whose series is, or was, being loaded. */
export type Found =
  | { readonly kind: 'runs'; readonly how: Admission['how']; readonly runId: string }
  | { readonly kind: 'over'; readonly end: Over }
  /** One that runs takes no more orders: look again. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'none' };

/** In the catalog before it is started: a server that lost its memory can be told again. */
export const beginLoad =
  ({ store }: ActivityHouse) =>
  (order: LoadOrder): Promise<void> =>
    attempt(() => store.recordLoad({ load: order.load, order }));

/** Joins or extends the load of the series that runs, or tells how the order's own one ended; `none`: neither is there. */
export const findLoad =
  ({ store }: ActivityHouse) =>
  (order: LoadOrder): Promise<Found> =>
    attempt(async () => {
      const newest = await loadOf(order)
        .describe()
        .catch(error => unlessGone(error));
      if (!newest) return { kind: 'none' };
      const { runId } = newest;
      if (newest.status.name !== 'RUNNING') {
        const end = newest.memo?.load === order.load ? await endOf(order, runId) : null;
        return end ? { kind: 'over', end } : { kind: 'none' };
      }
      const how = await admitted(order, runId);
      if (how === undefined) return { kind: 'ending' };
      if (how === 'joined') await store.closeLoad(order.load);
      return { kind: 'runs', how, runId };
    });

/** The end of a run, and of those that it continued as; null: it is under way. */
export const endOfLoad = (_house: ActivityHouse) => (order: LoadOrder, runId: string) => attempt(() => endOf(order, runId));

/** What is over is written down, so that the next run of the order need not carry it. */
export const keepRows =
  ({ store }: ActivityHouse) =>
  (id: string, rows: readonly ManyRow[]): Promise<Note> =>
    attempt(() => store.writeNote(id, rows));

export const readRows =
  ({ store }: ActivityHouse) =>
  (id: string, notes: readonly Note[]): Promise<ManyRow[]> =>
    attempt(async () => {
      const rows: ManyRow[] = [];
      for (const note of notes) rows.push(...(await store.readNote<ManyRow[]>(id, note)));
      return rows;
    });

const loadOf = ({ series }: LoadOrder, runId?: string) => Context.current().client.workflow.getHandle(workflowIdOf(series), runId);

function unlessGone(error: Error): undefined {
  if (error.name !== 'WorkflowNotFoundError') throw unanswered(error);
}

/** What the server could not answer is asked again. */
const unanswered = (error: unknown): Error =>
  fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: (error as Error).message }, error);

/** undefined: it is ending, or has ended since. */
async function admitted(order: LoadOrder, runId: string): Promise<Admission['how'] | undefined> {
  try {
    return (await loadOf(order, runId).executeUpdate<Admission, [LoadOrder]>('admit', { args: [order] })).how;
  } catch (error) {
    if (!['WorkflowUpdateFailedError', 'WorkflowNotFoundError'].includes((error as Error).name)) throw unanswered(error);
    const refusal = refusalOf(order, error as Error);
    if (refusal) throw refusal;
    return undefined;
  }
}

const PATIENCE_MS = 1_000;
/** How the connection says that its time was up. */
const TOO_LATE: readonly unknown[] = [1, 4];

async function endOf(order: LoadOrder, runId: string): Promise<Over | null> {
  const { client } = Context.current();
  try {
    const report = (await client.withDeadline(Date.now() + PATIENCE_MS, () => loadOf(order, runId).result())) as LoadReport;
    return { report, fault: null };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: Error & { code?: number } };
    if (TOO_LATE.includes(cause?.code)) return null;
    if (name !== 'WorkflowFailedError') throw unanswered(error);
    if (cause?.name !== 'CancelledFailure') return { report: null, fault: faultOf(cause, order.series) };
    // Temporal hands on nothing that a cancelled workflow says at its end: what it kept has to be asked for.
    return { report: await lastWordOf(order, runId), fault: null };
  }
}

/** Its last run has it: that is this one, or the newest of the series unless the next load has begun. */
async function lastWordOf(order: LoadOrder, runId: string): Promise<LoadReport | null> {
  const ask = async (run?: string): Promise<LoadReport> => {
    const status = loadOf(order, run).query<LoadStatus>('status');
    return (await status.catch(failure => Promise.reject(unanswered(failure)))).report;
  };
  const report = await ask(runId);
  if (report.outcome === 'cancelled') return report;
  const newest = await ask();
  return newest.load === report.load && newest.outcome === 'cancelled' ? newest : null;
}
