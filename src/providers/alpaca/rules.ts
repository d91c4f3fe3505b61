/** What Alpaca's answers mean, beside what HTTP says. */
import type { Rules } from '../http/rules.js';

export const ALPACA_RULES: Rules = {
  answers: [
    { status: 403, field: 'message', is: /subscription/i, means: 'PLAN_TOO_SMALL' },
    { status: 422, field: 'message', is: /subscription/i, means: 'PLAN_TOO_SMALL' },
    { status: [400, 422], field: 'message', is: /invalid symbol/i, means: 'SYMBOL_UNKNOWN' },
  ],
  reset: 'x-ratelimit-reset',
  reasons: ['message'],
};
