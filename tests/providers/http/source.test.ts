/** The shared HTTP client against a real server that misbehaves. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ErrorCode, TapekeepError } from '../../../src/model/errors.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { createHttp, createSource, type Get, type SourceSpec } from '../../../src/providers/http/index.js';
import { heldWorld } from '../../contract/world.js';
import { type Emulator, startEmulator } from '../../emulators/emulator.js';
import type { Fault } from '../../emulators/faults.js';

const NOW = Date.UTC(2024, 5, 1, 12, 0, 30);
const CANARY = 'canary+key/4711=';
const ROWS = Array.from({ length: 2_000 }, (_, i) => [i, String(i)]);
const never = () => new AbortController().signal;

/** Whoever answers at all is given the time of a slow machine. */
const http = createHttp({
  patience: { headersMs: 120_000, idleMs: 120_000, totalMs: 240_000, graceMs: 120_000, leastBytesPerSecond: 1_000 },
});
const hasty = createHttp({ patience: { headersMs: 150, idleMs: 150, totalMs: 1_000, graceMs: 100, leastBytesPerSecond: 1_000 } });
const opened: Emulator[] = [];
after(async () => {
  await http.close();
  await hasty.close();
  for (const emulator of opened) await emulator.close();
});

async function scene(spec: Partial<SourceSpec> = {}, way = http) {
  const emulator = await startEmulator(
    ({ url }) => ({ status: 200, headers: { 'x-used': '17' }, body: url.pathname === '/rows' ? ROWS : {} }),
    {
      now: NOW,
    },
  );
  opened.push(emulator);
  const lines: string[] = [];
  const world = { ...heldWorld(NOW, way), tell: (what: string, facts: object) => void lines.push(JSON.stringify({ what, ...facts })) };
  const key = { reveal: () => CANARY };
  const source = createSource(
    {
      name: 'acme',
      baseUrl: emulator.url,
      rules: { answers: [{ status: 418, means: 'BANNED', waitMs: 5_000, until: /until (\d{13})/ }], reasons: ['msg'] },
      rate: { perMinute: 6_000, burst: 1_000 },
      keys: [key],
      carries: { headers: { 'x-key': CANARY }, params: { apikey: CANARY } },
      ...spec,
    },
    world,
  );
  const get = (path = '/rows', more: Partial<Get> = {}) =>
    source.get(path, { about: { series: 'ACME 1m', symbol: 'ACME' }, signal: never(), ...more });
  return { emulator, get, lines, world };
}

async function refused(asked: Promise<unknown>, code: ErrorCode): Promise<TapekeepError> {
  const error = await asked.then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.ok(isTapekeepError(error), `${code} was expected, not ${String(error)}`);
  assert.equal(error.code, code, error.message);
  return error;
}

const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Fault => ({
  kind: 'reply',
  reply: { status, headers, body },
});

test('an answer comes unpacked, with its status and headers; what is carried goes along', async () => {
  const { get, emulator } = await scene();
  const answer = await get('/rows', { params: { limit: 5, empty: undefined } });
  assert.deepEqual(answer.json(), ROWS);
  assert.deepEqual([answer.status, answer.headers['content-encoding'], answer.means], [200, 'gzip', 'fine']);
  const { url, headers } = emulator.log[0]!;
  assert.deepEqual(
    [...url.searchParams],
    [
      ['limit', '5'],
      ['apikey', CANARY],
    ],
  );
  assert.equal(headers['x-key'], CANARY);
});

describe('what came is one of: permanent, wait until, transient', () => {
  const cases: readonly [string, Fault, ErrorCode, number?][] = [
    ['D1: 429 with seconds', reply(429, {}, { 'retry-after': '7' }), 'RATE_LIMITED', 7_000],
    ['D1: 429 with a date', reply(429, {}, { 'retry-after': new Date(NOW + 9_000).toUTCString() }), 'RATE_LIMITED', 9_000],
    ['D1: 429 without a time', reply(429), 'RATE_LIMITED', 60_000],
    ['D1: 429 with an absurd time, up to the cap', reply(429, {}, { 'retry-after': '1000000000' }), 'RATE_LIMITED', 3_600_000],
    ['D2: a ban that names its end', reply(418, { msg: `banned until ${NOW + 120_000}` }), 'BANNED', 120_000],
    ['D3: 503', reply(503), 'PROVIDER_DOWN'],
    ['D3: 503 that says when', reply(503, {}, { 'retry-after': '3' }), 'PROVIDER_DOWN', 3_000],
    ['401', reply(401, { msg: 'no' }), 'KEY_REFUSED'],
    ['402', reply(402), 'PLAN_TOO_SMALL'],
    ['400', reply(400, { msg: 'bad parameter' }), 'REQUEST_REFUSED'],
    ['D16: a redirect, which is not followed', reply(302, '', { location: 'http://169.254.169.254/latest/meta-data' }), 'REQUEST_REFUSED'],
    ['D7: a web page with 200', { kind: 'html' }, 'ANSWER_MALFORMED'],
    ['D7: nothing with 200', { kind: 'empty' }, 'ANSWER_TRUNCATED'],
    ['D4: the connection is closed before a word', { kind: 'hang-up' }, 'NETWORK_FAILED'],
    ['D6: a reset in mid-body', { kind: 'reset' }, 'ANSWER_TRUNCATED'],
    ['D6: less than was announced', { kind: 'wrong-length' }, 'ANSWER_TRUNCATED'],
    ['D5: no head in time', { kind: 'slow-head', ms: 5_000 }, 'NETWORK_FAILED'],
    ['D5: a body that stops', { kind: 'slow-body', ms: 5_000 }, 'NETWORK_FAILED'],
    ['D5: a byte from time to time', { kind: 'drip', everyMs: 10 }, 'NETWORK_FAILED'],
  ];
  for (const [what, fault, code, waitMs] of cases) {
    test(`${what}: ${code}`, async () => {
      const { emulator, get } = await scene({}, what.startsWith('D5') ? hasty : http);
      emulator.script(fault);
      const error = await refused(get(), code);
      assert.equal(error.facts.waitMs, waitMs);
      assert.equal(error.facts.provider, 'acme');
      assert.ok(emulator.requests() <= 1, 'nothing is tried again, nothing is followed');
    });
  }
});

test('D5: a body without end and a bomb stop at the size that is allowed, and memory stays flat', async () => {
  const { emulator, get } = await scene();
  const before = process.memoryUsage().rss;
  emulator.script({ kind: 'endless' });
  assert.equal((await refused(get('/rows', { mostBytes: 4_000_000 }), 'ANSWER_TOO_LARGE')).facts.most, 4_000_000);
  emulator.script({ kind: 'bomb' });
  await refused(get('/rows', { mostBytes: 4_000_000 }), 'ANSWER_TOO_LARGE');
  assert.ok(process.memoryUsage().rss - before < 100e6, `${(process.memoryUsage().rss - before) / 1e6} MB more`);
});

test('D6: half of a JSON with a length that fits is truncated, not wrong', async () => {
  const { emulator, get } = await scene();
  emulator.script({ kind: 'half' });
  const answer = await get();
  assert.throws(
    () => answer.json(),
    e => isTapekeepError(e, 'ANSWER_TRUNCATED'),
  );
});

test('D18: deep nesting, prototype keys, NUL, a BOM and bytes that are no UTF-8 are read inertly or refused', async () => {
  const { emulator, get } = await scene();
  const body = async (bytes: string | Uint8Array) => {
    emulator.script({ kind: 'reply', reply: { status: 200, body: bytes } });
    return (await get()).json();
  };
  const deep = (await body(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)) as unknown[];
  assert.equal(deep.length, 1);
  assert.equal(Object.getPrototypeOf((await body('{"__proto__":{"polluted":1},"constructor":{}}')) as object), Object.prototype);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  assert.deepEqual(await body('\ufeff[1]'), [1]);
  await assert.rejects(body('[1,\u0000]'), e => isTapekeepError(e, 'ANSWER_MALFORMED'));
  await assert.rejects(body(Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d])), e => isTapekeepError(e, 'ANSWER_MALFORMED'));
});

test('D1: told to wait, nobody else asks before the time is over', async () => {
  const { emulator, get, world } = await scene();
  emulator.script(reply(429, {}, { 'retry-after': '7' }));
  await refused(get(), 'RATE_LIMITED');
  world.setNow(NOW + 6_000);
  assert.equal((await refused(get(), 'RATE_LIMITED')).facts.waitMs, 1_000);
  assert.equal(emulator.requests(), 1);
  world.setNow(NOW + 7_000);
  await get();
  assert.equal(emulator.requests(), 2);
});

test('our own limit: a short wait is waited here, a long one by the load', async () => {
  const { get, world, emulator } = await scene({ rate: { perMinute: 60, burst: 10 } });
  await get('/x', { weight: 10 });
  await get('/x', { weight: 5 });
  // Ten at once and 50 of the rest in a minute, with a second to spare, are the sixty of any minute.
  assert.deepEqual(world.waits, [Math.ceil((5 * 61_000) / 51)]);
  assert.equal((await refused(get('/x', { weight: 60 }), 'RATE_LIMITED')).facts.waitMs, Math.ceil((65 * 61_000) / 51));
  assert.equal(emulator.requests(), 2);
});

test('weight that others used up, told by a header, shuts the gate until the next minute', async () => {
  const { get, emulator } = await scene({ rate: { perMinute: 6_000, burst: 100, used: { header: 'x-used', limit: 100 } } });
  await get();
  emulator.script({ kind: 'change', change: r => ({ ...r, headers: { 'x-used': '96' } }) });
  await get();
  assert.equal((await refused(get(), 'RATE_LIMITED')).facts.waitMs, 30_000);
});

test('a cancel ends a request at once, and one that has fired asks nothing', async () => {
  const { get, emulator } = await scene();
  await assert.rejects(get('/rows', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(emulator.requests(), 0);
  emulator.script({ kind: 'slow-body', ms: 600_000 });
  const cancel = new AbortController();
  const asked = assert.rejects(get('/rows', { signal: cancel.signal }), { name: 'AbortError' });
  while (emulator.requests() === 0) await new Promise(resolve => setImmediate(resolve));
  const at = performance.now();
  cancel.abort();
  await asked;
  assert.ok(performance.now() - at < 60_000, 'its answer is not waited for');
});

test('connections are kept', async () => {
  const { get, emulator } = await scene();
  for (let i = 0; i < 5; i++) await get();
  assert.deepEqual([emulator.requests(), emulator.connections()], [5, 1]);
});

test('D16: an address that the source names is asked only on its own hosts: the key goes nowhere else', async () => {
  const { get, emulator } = await scene();
  await refused(get('https://evil.example/next?cursor=1'), 'ANSWER_WRONG');
  await refused(get('http://169.254.169.254/'), 'ANSWER_WRONG');
  assert.equal(emulator.requests(), 0);
  await get(`${emulator.url}/rows?cursor=1`);
  assert.equal(emulator.log[0]!.url.searchParams.get('apikey'), CANARY);
});

test('D4: a port where nobody listens is a failure of the way', async () => {
  const { emulator, get } = await scene();
  await emulator.close();
  assert.match((await refused(get(), 'NETWORK_FAILED')).message, /connection was refused/);
});

test('E5: no key in any message, fact or log line, however the source throws it back', async () => {
  const { emulator, get, lines } = await scene();
  const echo = `your key ${CANARY} (${encodeURIComponent(CANARY)}) at /x?apikey=${encodeURIComponent(CANARY)} is bad`;
  const faults: Fault[] = [
    reply(401, { msg: echo }),
    reply(400, echo),
    reply(302, echo, { location: `http://x/?apikey=${CANARY}` }),
    reply(200, echo),
    { kind: 'reset' },
    { kind: 'hang-up' },
    reply(429, { msg: echo }),
  ];
  for (const fault of faults) {
    emulator.script(fault);
    const error = await get().then(
      answer => {
        try {
          return answer.json();
        } catch (e) {
          return e;
        }
      },
      (e: unknown) => e,
    );
    assert.ok(isTapekeepError(error), String(error));
    lines.push(error.message, JSON.stringify(error.facts), String(error.stack), JSON.stringify(error));
  }
  assert.ok(lines.length > faults.length * 4, 'every request has its line');
  for (const line of lines) {
    assert.ok(!line.includes(CANARY) && !line.includes(encodeURIComponent(CANARY)), line);
  }
  assert.ok(lines.some(line => line.includes('"id":"acme-1"')));
});
