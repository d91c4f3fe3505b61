/** What the namespace of the loads has, and what the server's clock says. */
import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../../model/queues.js';
import { searchAttributes } from '../../model/search-attributes.js';

export interface NamespaceFacts {
  readonly namespace: string;
  /** Days for which ended loads are kept. */
  readonly days: number;
  /** Search attributes that are not there; null: we may not list them. */
  readonly missing: readonly string[] | null;
  /** When a worker last asked for work, by the server's clock; null: none did of late. */
  readonly lastAsked: number | null;
}

const KEYWORD = 2;
const DAY_SECONDS = 86_400;

export async function factsOfNamespace({ options, workflowService, connection }: Client): Promise<NamespaceFacts> {
  const { namespace } = options;
  const [{ config }, attributes, { pollers }] = await Promise.all([
    workflowService.describeNamespace({ namespace }),
    connection.operatorService.listSearchAttributes({ namespace }).then(
      ({ customAttributes }) => customAttributes ?? {},
      () => null,
    ),
    workflowService.describeTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType: 1 }),
  ]);
  const asked = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? Number.NaN) * 1_000).filter(Number.isFinite);
  return {
    namespace,
    days: Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS,
    missing: attributes && Object.values(searchAttributes).filter(name => attributes[name] !== KEYWORD),
    lastAsked: asked.length > 0 ? Math.max(...asked) : null,
  };
}
