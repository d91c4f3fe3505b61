/** What FMP's answers mean, beside what HTTP says. */
import type { Rules } from '../http/rules.js';

const LIMIT = /limit reach/i;

/** The limit of a day and that of a minute have the same words: how long to wait follows from the plan. */
export const fmpRules = (limitWaitMs: number): Rules => ({
  answers: [
    { field: 'Error Message', is: LIMIT, means: 'RATE_LIMITED', waitMs: limitWaitMs },
    { field: 'Error Message', is: /invalid api key/i, means: 'KEY_REFUSED' },
    // What the former interface says to every key made since 2025-08-31.
    { field: 'Error Message', is: /legacy endpoint/i, means: 'PLAN_TOO_SMALL' },
    { status: [402, 403], means: 'PLAN_TOO_SMALL' },
    { status: 200, field: 'Error Message', means: 'PROVIDER_DOWN' },
  ],
  reasons: ['Error Message'],
});
