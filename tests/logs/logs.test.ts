import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import { createLog, type LogOptions } from '../../src/logs.js';
import { fail } from '../../src/model/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-logs-'));
after(() => rmSync(folder, { recursive: true }));

const NOON = Date.UTC(2024, 2, 4, 12);

function listening(options: Partial<LogOptions> = {}) {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const log = createLog({ level: 'debug', stream, now: () => NOON, noColour: true, ...options });
  const lines = async () => {
    await log.close();
    return chunks
      .join('')
      .split('\n')
      .filter(line => line !== '');
  };
  return { log, lines };
}

test('a line is one JSON object with the same fields in the same order; absent ones are left out', async () => {
  const { log, lines } = listening();
  log.info('started');
  log
    .child({ series: 'BTCUSDT 1m', load: '01J' })
    .child({ step: 'fetch' })
    .warn('slow\nanswer', { provider: 'simulated', ms: 900, load: '01K' });
  assert.deepEqual(await lines(), [
    '{"time":"2024-03-04T12:00:00.000Z","level":"info","what":"started"}',
    '{"time":"2024-03-04T12:00:00.000Z","level":"warn","what":"slow\\nanswer","series":"BTCUSDT 1m","load":"01K","step":"fetch","provider":"simulated","facts":{"ms":900}}',
  ]);
});

test('lines below the level are not written', async () => {
  const { log, lines } = listening({ level: 'warn' });
  log.debug('no');
  log.info('no');
  log.warn('yes');
  log.error('yes');
  assert.equal((await lines()).length, 2);
});

test('an error is logged with its code, its facts and its causes', async () => {
  const { log, lines } = listening();
  log.error('failed', { error: fail('DISK_FULL', { file: 'x', bytes: 5 }, new Error('ENOSPC')) });
  const { facts } = JSON.parse((await lines())[0] ?? '');
  assert.equal(facts.error.code, 'DISK_FULL');
  assert.equal(facts.error.facts.bytes, 5);
  assert.equal(facts.error.cause.message, 'ENOSPC');
  assert.match(facts.error.stack, /logs\.test/);
});

test('a person on a terminal reads columns, one line each, in colour only when wanted', async () => {
  const plain = listening({ terminal: true });
  plain.log.info('Fetching', { series: 'BTCUSDT 1m', error: new TypeError('bad\nthing', { cause: new Error('why') }) });
  plain.log.error('Done');
  assert.deepEqual(await plain.lines(), [
    `12:00:00.000 info  ${'Fetching'.padEnd(48)} series="BTCUSDT 1m" error="TypeError: bad\\nthing ← Error: why"`,
    '12:00:00.000 error Done',
  ]);
  const coloured = listening({ terminal: true, noColour: false });
  coloured.log.error('Done');
  assert.match((await coloured.lines())[0] ?? '', /\u001b\[31merror\u001b\[0m Done/);
  const piped = listening({ terminal: false, noColour: false });
  piped.log.error('Done');
  assert.doesNotMatch((await piped.lines())[0] ?? '', /\u001b/);
});

test('NO_COLOR is respected', async () => {
  const before = process.env.NO_COLOR;
  try {
    for (const [value, coloured] of [
      ['1', false],
      ['', true],
    ] as const) {
      process.env.NO_COLOR = value;
      const { log, lines } = listening({ terminal: true, noColour: undefined });
      log.info('x');
      assert.equal((await lines())[0]?.includes('\u001b'), coloured);
    }
  } finally {
    if (before === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = before;
  }
});

test('what cannot be written as JSON is still logged, within bounds', async () => {
  const { log, lines } = listening();
  const ring: Record<string, unknown> = {
    big: 10n,
    nan: Number.NaN,
    bytes: new Uint8Array(3),
    map: new Map([['a', 1]]),
    date: new Date(NOON),
  };
  ring.ring = ring;
  const trap = {
    get boom(): string {
      throw new Error('no');
    },
  };
  log.info('odd', { ring, trap, long: 'x'.repeat(100_000), many: Array.from({ length: 5_000 }, () => 1), none: undefined });
  const line = (await lines())[0] ?? '';
  const { facts } = JSON.parse(line);
  assert.deepEqual(facts.ring, {
    big: '10',
    nan: 'NaN',
    bytes: '(3 bytes)',
    map: [['a', 1]],
    date: '2024-03-04T12:00:00.000Z',
    ring: '(again)',
  });
  assert.match(facts.trap, /unreadable/);
  assert.ok(line.length < 20_000);
  assert.ok(!('none' in facts));
});

const linesIn = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as { facts: { i: number } });

test('the file is turned over by size, without losing a line, and is readable by its owner only', async () => {
  const file = join(folder, 'deep', 'tapekeep.log');
  for (const half of [0, 1]) {
    const log = createLog({ level: 'info', file, fileBytes: 4_000 });
    for (let i = half * 100; i < (half + 1) * 100; i++) log.info('a line of some length, to fill the file', { i });
    await log.close();
  }
  const names = readdirSync(join(folder, 'deep')).sort().reverse();
  assert.deepEqual(names, ['tapekeep.log.4', 'tapekeep.log.3', 'tapekeep.log.2', 'tapekeep.log.1', 'tapekeep.log']);
  const told = names.flatMap(name => linesIn(join(folder, 'deep', name))).map(line => line.facts.i);
  assert.deepEqual(
    told,
    Array.from({ length: told.length }, (_, i) => 200 - told.length + i),
  );
  for (const name of names) assert.ok(statSync(join(folder, 'deep', name)).size <= 4_000);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a log file that cannot be written does not end the process', async () => {
  const { log, lines } = listening({ file: '/dev/full' });
  log.info('one');
  log.info('two');
  assert.equal((await lines()).length, 2);
});

test('a log that goes nowhere is silent', async () => {
  const log = createLog({ level: 'debug' });
  log.error('nobody hears');
  await log.close();
});
