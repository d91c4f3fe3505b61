/** Orders of many series as the client sees them: found, followed and turned through Temporal. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { fail } from '../model/errors.js';
import { type ManyGlance, type ManyStatus, manyIdOf } from '../model/load-many.js';
import { outcomeOf } from './load-list.js';

const QUERY_MS = 2_000;
/** All rows of a large order, of a worker that may have to read its history again. */
const STATUS_MS = 20_000;

/** An order of many series as the server lists it. */
export interface ManyEntry {
  readonly id: string;
  /** running, or how it ended. */
  readonly outcome: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export class ManyLoads {
  constructor(private readonly client: Client) {}

  private handle(id: string) {
    return this.client.workflow.getHandle(manyIdOf({ id }));
  }

  /** undefined: no worker answers in time. */
  async glance(id: string): Promise<ManyGlance | undefined> {
    return this.query(QUERY_MS, id, 'glance');
  }

  async status(id: string): Promise<ManyStatus | undefined> {
    return this.query(STATUS_MS, id, 'status');
  }

  private async query<T>(within: number, id: string, name: string): Promise<T | undefined> {
    try {
      return await this.client.withDeadline(Date.now() + within, () => this.handle(id).query<T>(name));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw unknown(id);
      return undefined;
    }
  }

  /** undefined: the server knows of none. */
  async find(id: string): Promise<ManyEntry | undefined> {
    try {
      const { memo, status, startTime, closeTime, searchAttributes } = await this.handle(id).describe();
      if (memo?.job !== id) return undefined;
      const outcome = outcomeOf(status.name, (searchAttributes as Record<string, readonly string[]>).LoadOutcome?.[0]);
      return { id, outcome, startedAt: startTime.getTime(), endedAt: closeTime?.getTime() ?? null };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** The one that was ordered last and has ended. Ids are ULIDs: their order is that of time. */
  async newest(): Promise<string | undefined> {
    const query = "WorkflowType = 'loadMany' AND ExecutionStatus IN ('Completed', 'Canceled')";
    let newest: string | undefined;
    for await (const { memo } of this.client.workflow.list({ query }))
      if (typeof memo?.job === 'string' && (newest === undefined || memo.job > newest)) newest = memo.job;
    return newest;
  }

  async cancel(id: string, why: string): Promise<void> {
    await this.tell(id, 'why', why);
    await this.handle(id).cancel();
  }

  pause = (id: string, why: string): Promise<void> => this.tell(id, 'pause', why);
  resume = (id: string): Promise<void> => this.tell(id, 'resume');

  private async tell(id: string, signal: string, ...args: string[]): Promise<void> {
    try {
      await this.handle(id).signal(signal, ...args);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw unknown(`${id} that is running`);
      throw error;
    }
  }
}

const unknown = (id: string): Error => fail('LOAD_UNKNOWN', { load: id });
