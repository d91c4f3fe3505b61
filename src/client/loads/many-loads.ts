/** Orders of many series as the client sees them: found, followed and turned through Temporal. */
import type { Client } from '@temporalio/client';
import { type ManyGlance, type ManyStatus, manyIdOf } from '../../model/load-many.js';
import { asked, ifKnown, told } from '../engine/talk.js';
import { outcomeOf } from './list.js';
import { endWords } from './row.js';
import { CANCELLING, notTurned, say, stateOf, type Turn, type Was } from './turning.js';

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

export interface TurnedMany extends ManyEntry {
  readonly was: Was;
}

export class ManyLoads {
  constructor(private readonly client: Client) {}

  private handle(id: string) {
    return this.client.workflow.getHandle(manyIdOf({ id }));
  }

  /** undefined: no worker answers in time. */
  glance(id: string): Promise<ManyGlance | undefined> {
    return asked(this.client, id, QUERY_MS, () => this.handle(id).query<ManyGlance>('glance'));
  }

  status(id: string): Promise<ManyStatus | undefined> {
    return asked(this.client, id, STATUS_MS, () => this.handle(id).query<ManyStatus>('status'));
  }

  /** undefined: the server knows of none. */
  async find(id: string): Promise<ManyEntry | undefined> {
    return (await this.look(id))?.entry;
  }

  private async look(id: string) {
    const run = await ifKnown(() => this.handle(id).describe());
    if (run?.memo?.job !== id) return undefined;
    const outcome = outcomeOf(run.status.name, (run.searchAttributes as Record<string, readonly string[]>).LoadOutcome?.[0]);
    const entry: ManyEntry = { id, outcome, startedAt: run.startTime.getTime(), endedAt: run.closeTime?.getTime() ?? null };
    return { run, entry };
  }

  /** The one that was ordered last and has ended. Ids are ULIDs: their order is that of time. */
  async newest(): Promise<string | undefined> {
    const ids: string[] = [];
    for await (const { memo } of this.client.workflow.list({ query: "WorkflowType = 'loadMany'" }))
      if (typeof memo?.job === 'string') ids.push(memo.job);
    // The list learns of an end a while after it: what it says of that is not believed.
    for (const id of ids.sort().reverse()) if (await this.hasReport(id)) return id;
    return undefined;
  }

  private async hasReport(id: string): Promise<boolean> {
    const run = await ifKnown(() => this.handle(id).describe());
    return run?.status.name === 'COMPLETED' || run?.status.name === 'CANCELLED';
  }

  /** A word to an order that runs; undefined: the server knows of none. */
  async turn(id: string, how: Turn, why: string): Promise<TurnedMany | undefined> {
    const found = await this.look(id);
    if (!found) return undefined;
    const { run, entry } = found;
    const refuse = (reason: string) => notTurned(`order ${id} of many series`, how, reason);
    if (entry.endedAt !== null) throw refuse(endWords(entry));
    const was = await stateOf(this.client, run, this.handle(id), how);
    if (was === 'cancelling' && how !== 'cancel') throw refuse(CANCELLING);
    if (was !== 'cancelling') await told(id, () => say(this.handle(id), how, why));
    return { ...entry, was };
  }
}
