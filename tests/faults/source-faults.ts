/** What a source does to those that ask it. */
import { DAY, HOUR } from '../../src/model/timeframe.js';
import type { Fault } from '../emulators/faults.js';
import { pick } from './chance.js';

/** One bar was moved by an hour; one has its high below its low; one symbol's rows are another's. */
const WRONG: readonly ((rows: unknown[][]) => unknown[][])[] = [
  rows => rows.map((row, i) => (i === 1 ? [Number(row[0]) + HOUR, ...row.slice(1)] : row)),
  rows => rows.map(row => [Number(row[0]) - 7 * DAY, ...row.slice(1)]),
  rows => rows.toReversed(),
  rows => rows.slice(0, rows.length >> 1),
];

const isRows = (body: unknown): body is unknown[][] => Array.isArray(body) && body.length > 2 && Array.isArray(body[0]);

/** What a source does to us. */
export function sourceFaults(random: () => number): Record<string, readonly Fault[]> {
  const wrong = pick(random, WRONG);
  const path = /klines$/;
  return {
    'rate limit': [
      { kind: 'reply', times: 4, reply: { status: 429, headers: { 'retry-after': '2' }, body: '{"code":-1003,"msg":"too many"}' } },
    ],
    'server error': [{ kind: 'reply', times: 6, reply: { status: pick(random, [500, 502, 503]), body: 'busy' } }],
    reset: [{ kind: 'reset', times: 3 }],
    'cut body': [{ kind: 'half', times: 2, path }],
    'wrong length': [{ kind: 'wrong-length', times: 2 }],
    'web page': [{ kind: 'html', times: 2 }],
    'hung up': [{ kind: 'hang-up', times: 4 }],
    'slow body': [{ kind: 'slow-body', ms: 2_000, times: 2 }],
    'wrong data': [
      { kind: 'change', times: 2, path, change: reply => (isRows(reply.body) ? { ...reply, body: wrong(reply.body) } : reply) },
    ],
  };
}
