import { ApplicationFailure } from '@temporalio/workflow';
import { isTapekeepError } from '../model/errors.js';
import type { LoadOrder } from '../model/load.js';
import { checkOrder } from '../model/order-check.js';

/** The order, or the failure of the whole workflow: any other error in workflow code would be tried again for ever. */
export const checkedOrder = (given: unknown): LoadOrder => orFailure(() => checkOrder(given));

export function orFailure<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isTapekeepError(error)) throw error;
    throw ApplicationFailure.create({ type: error.code, message: error.message, nonRetryable: true, details: [error.facts] });
  }
}
