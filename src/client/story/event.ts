/** One event of a workflow's history as plain values. */
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type Proto = NonNullable<History['events']>[number];
type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];
type Payloads = { readonly payloads?: readonly Payload[] | null } | null | undefined;
export type Failure = NonNullable<NonNullable<Proto['activityTaskFailedEventAttributes']>['failure']>;
export type Event = Proto;

export const idOfEvent = (id: unknown): number => Number(id ?? 0);

export const momentOfEvent = ({ eventTime }: Event): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + Math.floor((eventTime?.nanos ?? 0) / 1e6);

/** undefined: there is none, or this program cannot read it. */
export function argument<T>(payloads: Payloads, index = 0): T | undefined {
  const payload = payloads?.payloads?.[index];
  return payload ? read<T>(payload) : undefined;
}

export function read<T>(payload: Payload): T | undefined {
  try {
    return defaultPayloadConverter.fromPayload<T>(payload);
  } catch {
    return undefined;
  }
}

/** The line that was given to a step or a timer. */
export const summaryOf = ({ userMetadata }: Event): string | undefined =>
  userMetadata?.summary ? read<string>(userMetadata.summary) : undefined;

export interface Fault {
  readonly code: string | null;
  readonly message: string;
}

/** The innermost failure: its type is the code. */
export function faultOfEvent(failure: Failure | null | undefined): Fault | null {
  if (!failure) return null;
  let deepest = failure;
  while (deepest.cause) deepest = deepest.cause;
  for (let at: Failure | null | undefined = failure; at; at = at.cause)
    if (at.applicationFailureInfo?.type) return { code: at.applicationFailureInfo.type, message: at.message ?? '' };
  return { code: null, message: deepest.message ?? 'no reason was given' };
}

export const saidOf = (fault: Fault | null): string =>
  fault === null ? 'no reason was given' : fault.code === null ? fault.message : `${fault.message} (${fault.code})`;
