/** Recorded refusals of Yahoo, Tiingo and Alpha Vantage, and what they are taken for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALPHA_VANTAGE_RULES } from '../../src/providers/alpha-vantage/rules.js';
import { classify, type Meaning, type Rules } from '../../src/providers/http/rules.js';
import { TIINGO_RULES } from '../../src/providers/tiingo/rules.js';
import { YAHOO_RULES } from '../../src/providers/yahoo/rules.js';
import { fixture, noFixtures } from '../fixtures.js';

const verdict = (bytes: Uint8Array, status: number, rules: Rules) => classify({ status, headers: {}, bytes }, rules, 0);
const said = (body: unknown): Uint8Array => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('recorded refusals', { skip: noFixtures }, () => {
  const recorded: readonly [file: string, status: number, rules: Rules, means: Meaning, waitMs?: number][] = [
    ['yahoo/errors/404-not-found.json', 404, YAHOO_RULES, 'SYMBOL_UNKNOWN'],
    ['yahoo/errors/400-invalid-interval.json', 400, YAHOO_RULES, 'TIMEFRAME_NOT_SERVED'],
    ['yahoo/errors/422-1m-out-of-range.json', 422, YAHOO_RULES, 'BEYOND_DEPTH'],
    ['yahoo/errors/422-1m-range-too-long.json', 422, YAHOO_RULES, 'REQUEST_REFUSED'],
    ['yahoo/errors/401-invalid-crumb.json', 401, YAHOO_RULES, 'RATE_LIMITED', 5 * MINUTE],
    ['yahoo/errors/429.txt', 429, YAHOO_RULES, 'RATE_LIMITED', 5 * MINUTE],
    ['yahoo/errors/429.txt', 200, YAHOO_RULES, 'RATE_LIMITED', 5 * MINUTE],
    ['yahoo/chart/AAPL-1m-empty-weekend.json', 200, YAHOO_RULES, 'fine'],
    ['tiingo/errors/200-over-limit.txt', 200, TIINGO_RULES, 'RATE_LIMITED', HOUR],
    ['tiingo/daily-GOOGL-2018.csv', 200, TIINGO_RULES, 'fine'],
    ['alphavantage/errors/200-Note.json', 200, ALPHA_VANTAGE_RULES, 'RATE_LIMITED', MINUTE],
    ['alphavantage/errors/200-Information.json', 200, ALPHA_VANTAGE_RULES, 'RATE_LIMITED', HOUR],
    ['alphavantage/errors/200-ErrorMessage.json', 200, ALPHA_VANTAGE_RULES, 'SYMBOL_UNKNOWN'],
    ['alphavantage/FX_INTRADAY.json', 200, ALPHA_VANTAGE_RULES, 'fine'],
    ['alphavantage/TIME_SERIES_DAILY_ADJUSTED.json', 200, ALPHA_VANTAGE_RULES, 'fine'],
  ];
  for (const [file, status, rules, means, waitMs] of recorded)
    test(`D7: ${file} with ${status} is ${means}`, () => {
      const found = verdict(fixture(file), status, rules);
      assert.deepEqual([found.means, found.waitMs], [means, waitMs]);
    });
});

describe('refusals by their words', () => {
  const words: readonly [what: string, body: unknown, status: number, rules: Rules, means: Meaning][] = [
    ['a time without data', refusal('Bad Request', "Data doesn't exist for startDate = 1, endDate = 2"), 400, YAHOO_RULES, 'none'],
    ['a page that is not there', '<html>Not Found</html>', 404, YAHOO_RULES, 'REQUEST_REFUSED'],
    ['an unknown ticker', { detail: 'Not found.' }, 404, TIINGO_RULES, 'SYMBOL_UNKNOWN'],
    ['a wrong token', { detail: 'Invalid token.' }, 401, TIINGO_RULES, 'KEY_REFUSED'],
    ['an hour of too many requests', { detail: 'You have run over your hourly request allocation.' }, 429, TIINGO_RULES, 'RATE_LIMITED'],
    ['too small a plan', { detail: 'You do not have permission to access this API.' }, 403, TIINGO_RULES, 'PLAN_TOO_SMALL'],
    ['a detail as a success', { detail: 'Something is the matter.' }, 200, TIINGO_RULES, 'REQUEST_REFUSED'],
    ['a premium endpoint', { Information: 'This is a premium endpoint.' }, 200, ALPHA_VANTAGE_RULES, 'PLAN_TOO_SMALL'],
    ['a key that is none', { 'Error Message': 'the parameter apikey is invalid or missing.' }, 200, ALPHA_VANTAGE_RULES, 'KEY_REFUSED'],
    ['the key of the demo', { Information: 'The **demo** API key is for demo purposes only.' }, 200, ALPHA_VANTAGE_RULES, 'KEY_REFUSED'],
    ['other words', { Information: 'It rains.' }, 200, ALPHA_VANTAGE_RULES, 'REQUEST_REFUSED'],
  ];
  for (const [what, body, status, rules, means] of words)
    test(`D7, D15: ${what} with ${status} is ${means}`, () => assert.equal(verdict(said(body), status, rules).means, means));
});

function refusal(code: string, description: string): object {
  return { chart: { result: null, error: { code, description } } };
}
