/** How the client speaks with a workflow: it waits so long and no longer, and where there is none it says so in our words. */
import { type Client, isGrpcServiceError, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { fail } from '../model/errors.js';

const TOO_LATE = [4, 14];

/** gRPC has had no answer in time, or no way to ask. */
export const isTooLate = (error: unknown): boolean => isGrpcServiceError(error) && TOO_LATE.includes(error.code);

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
