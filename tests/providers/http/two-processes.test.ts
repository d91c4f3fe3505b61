/** Two processes with one key: real ones where they hammer, and two that share nothing but the folder where the clock is held. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createHttp, createSource, type SourceSpec } from '../../../src/providers/http/index.js';
import { bucketOf, LATE_MS } from '../../../src/providers/http/rate.js';
import { recordsIn } from '../../../src/providers/records/folder.js';
import { recordsInMemory } from '../../../src/providers/records/records.js';
import { heldWorld } from '../../contract/world.js';
import { startEmulator } from '../../emulators/emulator.js';
import type { Fault } from '../../emulators/faults.js';
import { type AskReport, askingScene, KEY, mostIn, NOON, until } from '../asking.js';

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name));

test('C5: a hundred loads in two processes share one key: never over its limits, none starves, memory is bounded', {
  timeout: 600_000,
}, async t => {
  const allowed = { day: 400 };
  const scene = await askingScene(t, 5, arrivals => ({ status: 200, body: [arrivals.length] }));
  const options = { lanes: 50, perMinute: 285, perDay: allowed.day };
  const both = [scene.ask('a', options), scene.ask('b', options)];
  const reports: AskReport[] = await Promise.all(both.map(({ report }) => report));
  const { arrivals } = scene;
  // Where the machine wakes nobody late, these are 14 in a second and 287 in a minute.
  const late = Math.max(LATE_MS, ...reports.map(({ latestMs }) => latestMs));
  const { most, perMs } = bucketOf({ perMinute: options.perMinute, burst: Math.floor(options.perMinute / 60) });
  for (const ms of [1_000, MINUTE]) {
    const allowedIn = Math.ceil(most + (ms + late) * perMs);
    assert.ok(mostIn(arrivals, ms) <= allowedIn, `${mostIn(arrivals, ms)} of ${allowedIn} in ${ms} ms, woken ${late.toFixed(0)} ms late`);
  }
  // One that came too late for its place may be counted and not asked, which a busy machine makes many.
  assert.ok(arrivals.length <= allowed.day && arrivals.length > allowed.day * 0.8, `${arrivals.length} of ${allowed.day} were asked`);
  for (const process of ['a', 'b']) {
    const share = arrivals.filter(a => a.process === process).length / arrivals.length;
    assert.ok(share > 0.3, `${process} had ${(share * 100).toFixed(0)} %`);
  }
  const served = reports.flatMap(report => report.served);
  assert.equal(
    served.reduce((sum, n) => sum + n, 0),
    arrivals.length,
  );
  assert.ok(Math.min(...served) >= 2 && Math.max(...served) <= 8, `four each on average: ${Math.min(...served)} to ${Math.max(...served)}`);
  const took = (arrivals.at(-1)?.at ?? 0) - (arrivals[0]?.at ?? 0);
  assert.ok(took < (allowed.day / 285) * MINUTE * 4, `${(took / 1_000).toFixed(0)} s: what is allowed is used`);
  for (const { grewBy } of reports) assert.ok(grewBy < 150e6, `${(grewBy / 1e6).toFixed(0)} MB more`);
  const files = filesOf(scene.folder);
  assert.ok(files.length <= 8, 'the state of a source is small');
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.length < 100_000 && !text.includes(KEY) && !file.includes(KEY), 'and holds no key');
  }
});

test('D2: a ban of one process stops the other as well, until the time that it names', { timeout: 600_000 }, async t => {
  let ban: { readonly at: number } | undefined;
  let wanted = false;
  const scene = await askingScene(t, 5, (_, now) => {
    if (!wanted || ban) return { status: 200, body: [1] };
    ban = { at: now };
    return { status: 418, headers: { 'retry-after': '20' }, body: {} };
  });
  const both = ['a', 'b'].map(process => scene.ask(process, { lanes: 3, perMinute: 300 }));
  const asked = (process: string, since = 0): number => scene.arrivals.filter(a => a.process === process && a.at > since).length;
  await until('both to ask', () => asked('a') > 5 && asked('b') > 5);
  wanted = true;
  await until('both to ask again', () => ban !== undefined && asked('a', ban.at + 20_000) > 2 && asked('b', ban.at + 20_000) > 2);
  for (const { stop } of both) stop();
  const reports = await Promise.all(both.map(({ report }) => report));
  const heard = Math.min(...reports.flatMap(({ told }) => told.filter(({ code }) => code === 'BANNED').map(({ at }) => at)));
  // What had passed when the first of them heard of the ban may still have left.
  const during = scene.arrivals.filter(a => a.at > heard + 3_000 && a.at < (ban?.at ?? 0) + 20_000);
  assert.deepEqual(during, []);
  for (const { told } of reports)
    assert.ok(
      told.some(({ code }) => code === 'BANNED'),
      'each is told so',
    );
});

/** Sources of two processes, as far as they can know: one folder, one clock, nothing else in common. */
async function twoSources(t: TestContext, rate: SourceSpec['rate']) {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-two-'));
  const emulator = await startEmulator(() => ({ status: 200, body: [1] }), { now: NOON });
  const http = createHttp();
  const world = heldWorld(NOON, http);
  t.after(async () => {
    await http.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });
  const made = (key = KEY) => {
    const source = createSource(
      { name: 'acme', baseUrl: emulator.url, rules: { answers: [] }, rate, keys: [{ reveal: () => key }] },
      { ...world, records: recordsIn(folder) },
    );
    const lane = (path = '/x') => source.get(path, { signal: new AbortController().signal });
    return { lane, refused: (code: ErrorCode) => refused(lane(), code) };
  };
  return { emulator, world, made, a: made(), b: made() };
}

async function refused(asked: Promise<unknown>, code: ErrorCode): Promise<number> {
  const error = await asked.then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.ok(isTapekeepError(error, code), `${code} was expected, not ${String(error)}`);
  return Number(error.facts.waitMs);
}

describe('D1: 429 slows all lanes of the key in both processes', () => {
  const forms: readonly [string, Record<string, string>, number][] = [
    ['with seconds', { 'retry-after': '7' }, 7_000],
    ['with a date', { 'retry-after': new Date(NOON + 9_000).toUTCString() }, 9_000],
    ['without a time', {}, MINUTE],
    ['with an absurd time, up to the cap', { 'retry-after': '1000000000' }, HOUR],
  ];
  for (const [what, headers, waitMs] of forms) {
    test(`D1: ${what}`, async t => {
      const { emulator, world, made, a, b } = await twoSources(t, { perMinute: 6_000, burst: 100 });
      emulator.script({ kind: 'reply', reply: { status: 429, headers, body: {} } } satisfies Fault);
      assert.equal(await a.refused('RATE_LIMITED'), waitMs);
      assert.deepEqual(await Promise.all([a, b, b, a].map(s => s.refused('RATE_LIMITED'))), [waitMs, waitMs, waitMs, waitMs]);
      assert.equal(emulator.requests(), 1);
      await made('another key').lane();
      assert.equal(emulator.requests(), 2, 'another key has an allowance of its own');
      world.setNow(NOON + waitMs - 1);
      assert.equal(await b.refused('RATE_LIMITED'), 1);
      world.setNow(NOON + waitMs);
      await Promise.all([a.lane(), b.lane()]);
      assert.equal(emulator.requests(), 4);
    });
  }
});

test('who is held up between its turn and its request takes a new turn: others were let pass meanwhile', async t => {
  const emulator = await startEmulator(() => ({ status: 200, body: [1] }), { now: NOON });
  const http = createHttp();
  t.after(async () => {
    await http.close();
    await emulator.close();
  });
  const world = heldWorld(NOON, http);
  const kept = recordsInMemory().of('all');
  let turns = 0;
  const change: typeof kept.change = step => {
    const result = kept.change(step);
    if (turns++ === 0) world.setNow(NOON + 10_000);
    return result;
  };
  const records = { of: () => ({ ...kept, change }) };
  const rate = { perMinute: 60, burst: 1, perDay: 10 };
  const source = createSource({ name: 'acme', baseUrl: emulator.url, rules: { answers: [] }, rate }, { ...world, records });
  await source.get('/x', { signal: new AbortController().signal });
  assert.deepEqual([turns, emulator.requests()], [2, 1]);
  assert.equal((kept.read() as { asked: number }).asked, 1, 'and is counted once');
});

test('D15: the requests of a day that one process used up are used up for the other, over restarts, until the next day', async t => {
  const { emulator, world, made, a, b } = await twoSources(t, { perMinute: 6_000, burst: 100, perDay: 3 });
  await a.lane();
  await b.lane();
  await a.lane();
  assert.deepEqual([await a.refused('RATE_LIMITED'), await b.refused('RATE_LIMITED')], [12 * HOUR, 12 * HOUR]);
  assert.equal(await made().refused('RATE_LIMITED'), 12 * HOUR);
  assert.equal(emulator.requests(), 3);
  world.setNow(NOON + 12 * HOUR);
  await b.lane();
  await a.lane();
  await made().lane();
  assert.equal(await b.refused('RATE_LIMITED'), 24 * HOUR);
});

test('D2: weight that one process was told of stops the other, too', async t => {
  const { emulator, a, b } = await twoSources(t, { perMinute: 6_000, burst: 100, used: { header: 'x-used', limit: 1_000 } });
  emulator.script({ kind: 'change', change: reply => ({ ...reply, headers: { 'x-used': '960' } }) });
  await a.lane();
  assert.equal(await b.refused('RATE_LIMITED'), MINUTE);
  assert.equal(emulator.requests(), 1);
});
