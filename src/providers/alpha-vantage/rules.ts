/** What Alpha Vantage's answers mean: they all come as a success, and the one field at the top of a refusal tells. */
import type { Rules } from '../http/index.js';

const HOUR = 3_600_000;

export const ALPHA_VANTAGE_RULES: Rules = {
  answers: [
    { field: 'Error Message', is: /apikey/i, means: 'KEY_REFUSED' },
    { field: 'Error Message', means: 'SYMBOL_UNKNOWN' },
    // The text about one request a second names the limit of the day as well.
    { field: 'Information', is: /per second|more sparingly/i, means: 'RATE_LIMITED', waitMs: 2_000 },
    { field: 'Information', is: /requests per day|daily rate limit/i, means: 'RATE_LIMITED', waitMs: HOUR },
    { field: 'Information', is: /demo.+api ?key|api ?key.+(invalid|claim)/i, means: 'KEY_REFUSED' },
    { field: 'Information', is: /premium/i, means: 'PLAN_TOO_SMALL' },
    { field: 'Information', means: 'REQUEST_REFUSED' },
    { field: 'Note', means: 'RATE_LIMITED', waitMs: 60_000 },
  ],
  reasons: ['Error Message', 'Information', 'Note'],
};
