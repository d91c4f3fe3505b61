/** What Yahoo's answers mean, beside what HTTP says. */
import type { Rules } from '../http/index.js';

/** It tells no time to wait; who asks again at once is kept out for longer. */
const REST = 5 * 60_000;

export const YAHOO_RULES: Rules = {
  answers: [
    // The text comes with 429, and has come with 200.
    { text: /^\s*Too Many Requests/i, means: 'RATE_LIMITED', waitMs: REST },
    { status: 429, means: 'RATE_LIMITED', waitMs: REST },
    { field: 'chart.error.description', is: /^Data doesn't exist for startDate/, means: 'none' },
    { field: 'chart.error.description', is: /must be within the last \d+ days/, means: 'BEYOND_DEPTH' },
    { field: 'chart.error.description', is: /Valid intervals/, means: 'TIMEFRAME_NOT_SERVED' },
    { field: 'chart.error.code', is: 'Not Found', means: 'SYMBOL_UNKNOWN' },
    // No key is asked for: who is refused one has been noticed, which passes.
    { status: 401, means: 'RATE_LIMITED', waitMs: REST },
  ],
  reasons: ['chart.error.description', 'finance.error.description'],
};
