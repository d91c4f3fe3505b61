/** What the server says of a load's steps under way: which, and how often each was tried. */
import { Client } from '@temporalio/client';
import { workflowIdOf } from '../../src/model/load.js';
import type { Series } from '../../src/model/series.js';
import { connectTo } from '../../temporal/index.js';

export interface Attempt {
  readonly step: string;
  readonly attempt: number;
  readonly started: boolean;
}

const STARTED = 2;

/** How often the steps of a finished load were tried, all together. */
export const triesOf = (address: string, series: Series): Promise<number> =>
  withServer(address, async client => {
    const { events } = await client.workflow.getHandle(workflowIdOf(series)).fetchHistory();
    return (events ?? []).reduce((n, event) => n + (event.activityTaskStartedEventAttributes?.attempt ?? 0), 0);
  });

/** Talks to the server of an address for one question, or for several. */
export async function withServer<T>(address: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const connection = connectTo(address);
  try {
    return await ask(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

export const attemptsOf = (address: string, series: Series): Promise<Attempt[]> =>
  withServer(address, async client => {
    const { raw } = await client.workflow.getHandle(workflowIdOf(series)).describe();
    return (raw.pendingActivities ?? []).map(a => ({
      step: a.activityType?.name ?? '',
      attempt: a.attempt ?? 1,
      started: a.state === STARTED,
    }));
  });
