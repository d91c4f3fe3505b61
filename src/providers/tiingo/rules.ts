/** What Tiingo's answers mean, beside what HTTP says. */
import type { Rules } from '../http/index.js';

const HOUR = 3_600_000;

export const TIINGO_RULES: Rules = {
  answers: [
    // Being over a limit comes with 429, and with 200 as a text. Limits are of an hour, a day or a month; none says when it ends.
    { text: /You have run over|exceeded your (hourly|daily|monthly)|request allocation/i, means: 'RATE_LIMITED', waitMs: HOUR },
    { status: 429, means: 'RATE_LIMITED', waitMs: HOUR },
    { field: 'detail', is: /^Not found/i, means: 'SYMBOL_UNKNOWN' },
    { field: 'detail', is: /invalid token|please supply a token|credentials/i, means: 'KEY_REFUSED' },
    { status: 403, means: 'PLAN_TOO_SMALL' },
    { field: 'detail', is: /permission|power plan|upgrade|subscri/i, means: 'PLAN_TOO_SMALL' },
    // Rows come as a list or as lines: an object with a word to say is none of them.
    { status: 200, field: 'detail', means: 'REQUEST_REFUSED' },
  ],
  reasons: ['detail'],
};
