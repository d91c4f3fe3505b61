/** Notices go to a real webhook on loopback and to real programs; whatever they do, the daemon is not hurt. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Notice } from '../../../src/model/notices.js';
import { inspectSettings, parseSettings, resolved } from '../../../src/settings.js';
import { tellerOf } from '../../../src/worker/notices/teller.js';
import { listener } from './listener.js';

const CANARY = 'canary-4711-do-not-tell';
const AT = '2024-01-01T00:00:00.000Z';
const notice = (text: string): Notice => ({
  program: 'tapekeep',
  kind: 'load-failed',
  state: 'begun',
  text,
  at: AT,
  causes: [{ about: 'main/crypto/X/1m', since: AT, text, facts: { reason: text, code: null, n: 1 } }],
});

const settingsOf = (flags: Record<string, unknown>) =>
  resolved(parseSettings({ flags: { 'notices.timeoutSeconds': 1, ...flags }, env: { FMP_API_KEY: CANARY } }), {
    env: {},
    folder: '/nowhere',
  });

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'tapekeep-notices-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A program that writes what it was told, and what it knows, into a file. */
const recorder = (file: string): string[] => [
  process.execPath,
  '-e',
  `let said = ''; process.stdin.on('data', d => said += d).on('end', () => require('fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify({ said, env: process.env, argv: process.argv.slice(1) })))`,
  'two words; $(rm -rf /)',
];

test('a webhook gets the notice as JSON by POST, with its token', async t => {
  const hook = await listener(t);
  const teller = tellerOf(settingsOf({ 'notices.webhook': `${hook.url}/services/abc?x=1`, 'notices.token': 'bearer-1' }), {});
  assert.deepEqual(await teller.tell(notice('it failed')), [{ to: 'webhook', failed: null }]);
  const [got] = hook.got;
  assert.deepEqual([got?.method, got?.path, got?.headers.authorization], ['POST', '/services/abc?x=1', 'Bearer bearer-1']);
  assert.equal(got?.headers['content-type'], 'application/json');
  assert.deepEqual(got?.notice, notice('it failed'));
});

test('a program gets it on its input and in its environment, without a shell', async t => {
  const file = join(folder(t), 'told.json');
  const teller = tellerOf(settingsOf({ 'notices.command': recorder(file), 'notices.timeoutSeconds': 20 }), process.env);
  assert.deepEqual(await teller.tell(notice('it failed')), [{ to: 'command', failed: null }]);
  const { said, env, argv } = JSON.parse(readFileSync(file, 'utf8')) as { said: string; env: Record<string, string>; argv: string[] };
  assert.deepEqual(JSON.parse(said), notice('it failed'));
  assert.deepEqual([env.NOTICE_KIND, env.NOTICE_STATE, env.NOTICE_TEXT, env.NOTICE_AT], ['load-failed', 'begun', 'it failed', AT]);
  assert.deepEqual(argv, ['two words; $(rm -rf /)']);
});

test('E5: a key is in no notice, in no environment of a hook and in no warning', async t => {
  const hook = await listener(t);
  const file = join(folder(t), 'told.json');
  const warned: string[] = [];
  const settings = settingsOf({
    'notices.webhook': `${hook.url}/${CANARY}-in-the-path`,
    'notices.command': recorder(file),
    'notices.timeoutSeconds': 20,
  });
  const teller = tellerOf(settings, { ...process.env, FMP_API_KEY: CANARY }, (what, facts) => warned.push(what, JSON.stringify(facts)));
  const leaky = notice(`https://x.example/?apikey=${CANARY} said ${Buffer.from(`x${CANARY}`).toString('base64')}`);
  assert.deepEqual(
    (await teller.tell(leaky)).map(sent => sent.failed),
    [null, null],
  );
  hook.status = 500;
  assert.match(String((await teller.tell(leaky))[0]?.failed), /answers 500/);
  const bodies = hook.got.map(({ notice: body }) => JSON.stringify(body));
  const seen = [...bodies, readFileSync(file, 'utf8'), ...warned].join('\n');
  assert.equal(bodies.length, 2);
  assert.match(seen, /hidden/);
  assert.doesNotMatch(seen, /canary/);
  assert.ok(!seen.includes(Buffer.from(CANARY).toString('base64').slice(4, 20)));
  assert.ok(warned.length > 0);
  const { rows } = inspectSettings({ flags: { 'notices.webhook': `https://x.example/${CANARY}` } });
  assert.equal(rows.find(row => row.key === 'notices.webhook')?.value, '(hidden)');
});

test('what a webhook or a program does wrong is told, within its time, and raises nothing', async t => {
  const hook = await listener(t);
  // Who answers is given the time of a slow machine.
  const patient = { 'notices.timeoutSeconds': 20 };
  const web = (flags: object = patient) => tellerOf(settingsOf({ 'notices.webhook': hook.url, ...flags }), {});
  const failed = async (teller: ReturnType<typeof web>) => (await teller.tell(notice('x')))[0]?.failed;
  hook.status = 404;
  assert.equal(await failed(web()), 'it answers 404');
  hook.status = 302;
  assert.equal(await failed(web()), 'it answers 302', 'nothing is followed');
  hook.status = null;
  const begun = performance.now();
  assert.equal(await failed(web({})), 'no answer within 1 s');
  assert.ok(performance.now() - begun < 60_000);
  assert.match(String(await failed(web({ ...patient, 'notices.webhook': 'http://127.0.0.1:1/x' }))), /^it cannot be reached \(E/);

  const program = (flags: object, ...argv: string[]) => failed(tellerOf(settingsOf({ ...flags, 'notices.command': argv }), process.env));
  assert.equal(await program(patient, '/nowhere/at-all'), 'it cannot be started (ENOENT)');
  assert.equal(await program(patient, 'false'), 'it ended with 1');
  assert.equal(await program({}, process.execPath, '-e', 'setTimeout(() => {}, 60_000)'), 'it did not end within 1 s');
  assert.equal(
    await program({}, process.execPath, '-e', "process.on('SIGTERM', () => {}); setTimeout(() => {}, 60_000)"),
    'it did not end within 1 s',
  );
});

test('a webhook in the open is refused, and nobody is told where nobody is named', async () => {
  for (const url of ['http://example.com/x', 'ftp://127.0.0.1/x', 'https://user:pw@example.com/', 'nowhere'])
    assert.equal(inspectSettings({ flags: { 'notices.webhook': url } }).faults[0]?.code, 'SETTING_INVALID', url);
  assert.deepEqual(await tellerOf(settingsOf({}), {}).tell(notice('x')), []);
});
