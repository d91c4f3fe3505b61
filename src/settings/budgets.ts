/** What is known of sources by all processes of a machine: where it is kept, and when a failing source is left alone. */
import { z } from 'zod';
import { text, wholeNumber } from './setting.js';

export const budgets = z.strictObject({
  folder: text(
    'Where all daemons of this user keep what each source was asked, so that together they stay within its limits; unset, tapekeep/budgets in the state folder of the user.',
    'a path; a relative one starts at the working folder, ~/ at the home folder',
  ).optional(),
});

export const breaker = z
  .strictObject({
    failures: wholeNumber('After so many failures of a source in a row it is left alone for a while.', 1, 1_000),
    restSeconds: wholeNumber('For how long at first; twice as long each time that it still fails then.', 1, 86_400),
    longestSeconds: wholeNumber('For how long at most.', 1, 86_400),
  })
  .refine(({ restSeconds, longestSeconds }) => restSeconds <= longestSeconds, {
    path: ['longestSeconds'],
    params: { allowed: 'no less than breaker.restSeconds' },
  });
