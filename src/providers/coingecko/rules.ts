/** What CoinGecko's answers mean, beside what HTTP says. */
import type { Rules } from '../http/rules.js';

export const COINGECKO_RULES: Rules = {
  answers: [
    { status: 404, field: 'error', is: /coin not found/i, means: 'SYMBOL_UNKNOWN' },
    // A key of the other kind of plan than the address.
    { text: /"error_code"\s*:\s*1001[01]\b/, means: 'KEY_REFUSED' },
    { text: /"error_code"\s*:\s*100(0[5-9]|12)\b/, means: 'PLAN_TOO_SMALL' },
    { field: 'status.error_code', is: 429, means: 'RATE_LIMITED' },
    // The network in front of it turns those away who ask too much, with a page of its own.
    { status: 403, text: /^\s*</, means: 'RATE_LIMITED' },
  ],
  reasons: ['status.error_message', 'error'],
};
