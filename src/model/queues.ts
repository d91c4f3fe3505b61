/** Where work waits for the workers of a data folder. */

export const TASK_QUEUE = 'tapekeep';

/** The steps that ask a source for bars, and take as long as it does. */
export const ASK_STEPS = ['fetch', 'opinionAsk'] as const;
export type AskStep = (typeof ASK_STEPS)[number];

/** They wait in a queue of their own: no other step waits behind them. */
export const askQueueOf = (queue: string): string => `${queue}-ask`;
