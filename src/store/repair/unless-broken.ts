import { isTapekeepError } from '../../model/errors.js';

/** undefined where the log or a file that it needs is broken: that has been told of. */
export async function unlessBroken<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isTapekeepError(error) && error.permanent) return undefined;
    throw error;
  }
}
