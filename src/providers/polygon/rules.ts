/** What Polygon's answers mean, beside what HTTP says. */
import type { Rules } from '../http/rules.js';

export const POLYGON_RULES: Rules = {
  answers: [
    { field: 'status', is: 'NOT_AUTHORIZED', text: /api key/i, means: 'KEY_REFUSED' },
    // A time or a market that the plan does not hold: asking again changes nothing.
    { field: 'status', is: 'NOT_AUTHORIZED', means: 'PLAN_TOO_SMALL' },
    { status: 404, field: 'status', is: 'NOT_FOUND', means: 'SYMBOL_UNKNOWN' },
    { field: 'status', is: 'ERROR', text: /maximum requests/i, means: 'RATE_LIMITED' },
    { status: 200, field: 'status', is: 'ERROR', means: 'PROVIDER_DOWN' },
  ],
  reasons: ['error', 'message'],
};
