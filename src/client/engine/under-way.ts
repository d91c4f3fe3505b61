/** How far steps are that are under way: what their heartbeats say. A workflow hears of a step only when it is over. */
import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import type { UnderWay } from '../../model/progress.js';

export async function stepsUnderWay(handle: Pick<WorkflowHandle, 'describe'>): Promise<UnderWay[]> {
  const { raw } = await handle.describe();
  return (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) => {
    const [payload] = heartbeatDetails?.payloads ?? [];
    const told = payload && defaultPayloadConverter.fromPayload<Partial<UnderWay> | null>(payload);
    return typeof told?.items === 'number' ? [{ items: told.items, bars: told.bars ?? 0 }] : [];
  });
}
