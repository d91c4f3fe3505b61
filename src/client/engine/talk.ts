/** How the client speaks with a workflow: it waits so long and no longer, and where there is none it says so in our words. */
import { type Client, isGrpcServiceError, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { fail, type TapekeepError } from '../../model/errors.js';

const TOO_LATE = [4, 14];

/** gRPC has had no answer in time, or no way to ask. */
export const isTooLate = (error: unknown): boolean => isGrpcServiceError(error) && TOO_LATE.includes(error.code);

/** Nobody answered, or not in time: what was asked for may have arrived all the same. */
export const unreachable = (error: Error): TapekeepError =>
  fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: reasonOf(error) }, error);

/** gRPC says it in its own words, which name a number and an address. */
export const reasonOf = ({ message, cause }: Error): string => (isTooLate(cause) ? 'no answer in time' : message);

/** What a workflow answers; undefined when no worker answers in time. */
export async function asked<T>(client: Client, of: string, withinMs: number, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await client.withDeadline(Date.now() + withinMs, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw fail('LOAD_UNKNOWN', { load: of });
    return undefined;
  }
}

/** A word to a workflow that runs. */
export async function told(of: string, say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw fail('LOAD_UNKNOWN', { load: `${of} that is running` });
    throw error;
  }
}

/** Cancels it, and it knows why before it hears of it. */
export async function cancelled(handle: Pick<WorkflowHandle, 'signal' | 'cancel'>, why: string): Promise<void> {
  await handle.signal('why', why);
  await handle.cancel();
}

/** What is there to be described; undefined: the server knows of none. */
export async function ifKnown<T>(describe: () => Promise<T>): Promise<T | undefined> {
  try {
    return await describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
