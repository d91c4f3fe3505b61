/** What was set aside, on a screen: the first of many, and how to see the rest. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inlineFrames, openStore } from '../../src/store/index.js';
import { bars, put, T0 } from '../store/fixture.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const SERIES = ['BTC/USDT', '1m'];
const MARKET = { calendar: null, tick: 0.01, mayBeNegative: false, statesVolume: true };

/** A series of some bars; of the first `nonsense` of them no price can be. */
async function sceneWith(t: TestContext, nonsense: number) {
  const scene = await libraryScene(t);
  const store = await openStore({ root: scene.data, frames: inlineFrames(), now: () => T0 + 1e9 });
  t.after(() => store.close());
  const some = bars(T0, nonsense + 5);
  await put(
    store,
    { ...some, open: some.open.map((price, i) => (i < nonsense ? -1 : price)) },
    { load: 'odd', provider: null, market: MARKET, everyRow: { refused: [], columns: {} } },
  );
  return scene;
}

const linesOf = (out: string): string[] => out.trimEnd().split('\n');

test('of many bars that were set aside the first 20 are shown, and how to see the rest', async t => {
  const scene = await sceneWith(t, 1_234);
  const { code, out } = await run(scene, 'quarantine', ...SERIES);
  const [titles = '', ...rest] = linesOf(out);
  assert.match(titles, /^series +version +bar \(UTC\) or line +reason +source +because$/);
  assert.equal(rest.filter(line => line.includes('nonsense')).length, 20);
  assert.deepEqual(rest.slice(-2), ['and 1,214 more bars: --limit 200 shows so many, --all every one', '1,234 bars and 0 files set aside']);
  assert.equal(code, 0);
});

test('as many of them are shown as --limit says, with --all every one, and nothing tells of more when there is none', async t => {
  const scene = await sceneWith(t, 30);
  const shown = async (...words: string[]) => linesOf((await run(scene, 'quarantine', ...words)).out);
  assert.equal((await shown('--limit', '3')).length, 1 + 3 + 2);
  for (const words of [['--limit', '30'], ['--all']]) {
    const lines = await shown(...words);
    assert.deepEqual([lines.length, lines.at(-1)], [1 + 30 + 1, '30 bars and 0 files set aside']);
  }
});

test('a limit that is no number, or stands beside --all, is refused before anything is read', async t => {
  const scene = await libraryScene(t);
  for (const words of [
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--limit', '3', '--all'],
  ]) {
    const { code, out, err } = await run(scene, 'quarantine', ...words);
    assert.deepEqual([code, out, /Nothing was done \(USAGE\)/.test(err)], [2, '', true], err);
  }
});

test('as JSON every bar is given, one a line, in one document', async t => {
  const scene = await sceneWith(t, 30);
  const { out } = await run(scene, 'quarantine', ...SERIES, '--json');
  const { bars: told, files } = JSON.parse(out);
  assert.deepEqual([told.length, files, out.split('\n').length], [30, [], 30 + 3]);
  assert.deepEqual([told[0].ts, told[0].open, told[0].reason], [new Date(T0).toISOString(), -1, 'nonsense']);
});

test('where nothing was set aside that is said, and the JSON is as it always is', async t => {
  const scene = await libraryScene(t);
  assert.equal((await run(scene, 'quarantine')).out, 'Nothing was set aside.\n');
  assert.deepEqual(JSON.parse((await run(scene, 'quarantine', '--json')).out), { bars: [], files: [] });
});
