/** Where work waits for the workers of a data folder. */

export const TASK_QUEUE = 'tapekeep';

/** The steps that ask a source for bars, and take as long as it does. */
export const ASK_STEPS = ['fetch', 'opinionAsk'] as const;
export type AskStep = (typeof ASK_STEPS)[number];

/**
 * They wait in a queue of their own for each source: no step waits behind those of a source that it does not ask. Without a
 * source, it is where an earlier version of the program let those of all wait; whoever serves one of these queues serves all.
 */
export const askQueueOf = (queue: string, source?: string): string => `${queue}-ask${source === undefined ? '' : `-${source}`}`;
