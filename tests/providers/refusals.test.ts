/** Recorded refusals mean what they say: none is taken for bars, and what a retry cannot cure is not retried. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errors } from '../../src/model/errors.js';
import { ALPACA_RULES } from '../../src/providers/alpaca/rules.js';
import { ALPHA_VANTAGE_RULES } from '../../src/providers/alpha-vantage/rules.js';
import { COINGECKO_RULES } from '../../src/providers/coingecko/rules.js';
import { fmpRules } from '../../src/providers/fmp/rules.js';
import { classify, type Rules } from '../../src/providers/http/rules.js';
import { POLYGON_RULES } from '../../src/providers/polygon/rules.js';
import { TIINGO_RULES } from '../../src/providers/tiingo/rules.js';
import { YAHOO_RULES } from '../../src/providers/yahoo/rules.js';
import { fixture, fixtureJson, noFixtures } from '../fixtures.js';

const NOW = Date.UTC(2026, 10, 20);
const FMP_RULES = fmpRules(3_600_000);
type Recorded = Readonly<Record<string, { readonly status: number; readonly headers: Readonly<Record<string, string>> }>>;

describe('recorded refusals', { skip: noFixtures }, () => {
  const refusals: readonly [file: string, rules: Rules, means: keyof typeof errors, waitMs?: number][] = [
    ['polygon/errors/429.json', POLYGON_RULES, 'RATE_LIMITED', 60_000],
    ['alpaca/errors/401.json', ALPACA_RULES, 'KEY_REFUSED'],
    ['alpaca/errors/403-recent-sip.json', ALPACA_RULES, 'PLAN_TOO_SMALL'],
    ['alpaca/errors/422-end-too-late.json', ALPACA_RULES, 'PLAN_TOO_SMALL'],
    ['alpaca/errors/429.json', ALPACA_RULES, 'RATE_LIMITED', 42_000],
    ['fmp/errors/403-legacy.json', FMP_RULES, 'PLAN_TOO_SMALL'],
    ['fmp/errors/429-limit.json', FMP_RULES, 'RATE_LIMITED', 3_600_000],
    ['coingecko/errors/422-missing-parameter.json', COINGECKO_RULES, 'REQUEST_REFUSED'],
    ['coingecko/errors/429.json', COINGECKO_RULES, 'RATE_LIMITED', 119_000],
    ['yahoo/errors/429.txt', YAHOO_RULES, 'RATE_LIMITED', 300_000],
    ['yahoo/errors/401-invalid-crumb.json', YAHOO_RULES, 'RATE_LIMITED', 300_000],
    ['yahoo/errors/404-not-found.json', YAHOO_RULES, 'SYMBOL_UNKNOWN'],
    ['yahoo/errors/400-invalid-interval.json', YAHOO_RULES, 'TIMEFRAME_NOT_SERVED'],
    ['yahoo/errors/422-1m-out-of-range.json', YAHOO_RULES, 'BEYOND_DEPTH'],
    ['alphavantage/errors/200-Note.json', ALPHA_VANTAGE_RULES, 'RATE_LIMITED', 60_000],
    ['alphavantage/errors/200-Information.json', ALPHA_VANTAGE_RULES, 'RATE_LIMITED', 3_600_000],
    ['alphavantage/errors/200-ErrorMessage.json', ALPHA_VANTAGE_RULES, 'SYMBOL_UNKNOWN'],
    ['tiingo/errors/200-over-limit.txt', TIINGO_RULES, 'RATE_LIMITED', 3_600_000],
  ];
  for (const [file, rules, means, waitMs] of refusals)
    test(`${file} is ${means}`, () => {
      const [provider = '', ...path] = file.split('/');
      const { status, headers } = (fixtureJson(`${provider}/_http.json`) as Recorded)[path.join('/')]!;
      // The recorded moment stands as a word in the fixture.
      const filled = { ...headers, ...('x-ratelimit-reset' in headers && { 'x-ratelimit-reset': String((NOW + 42_000) / 1_000) }) };
      const verdict = classify({ status, headers: filled, bytes: fixture(file) }, rules, NOW);
      assert.deepEqual([verdict.means, verdict.waitMs], [means, waitMs]);
      assert.equal(errors[means].permanent, means !== 'RATE_LIMITED');
      assert.match(verdict.reason, /^\d{3}: ./);
    });
});
