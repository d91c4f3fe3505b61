/** What most series of a market lack together is one event, and explains what each of them lacks. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gapsAcross } from '../../src/client/gaps/gaps-across.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const OUTAGE = { from: '2024-02-10T01:00Z', to: '2024-02-10T05:00Z' };
/** The first market-wide halt of 2020: the calendar names it. */
const HALT = { from: '2020-03-09T13:34Z', to: '2020-03-09T13:49Z' };
const at = (text: string): number => Date.parse(text);

const scene = await libraryScene({ after }, { simulated: { outages: [HALT, OUTAGE], quietShare: 0.01 } });
await scene.start();
const tk = await scene.library();
const coins = ['SIMA', 'SIMB', 'SIMC', 'SIMD', 'SIME', 'SIMF'].map(name => `${name}/USDT`);
await tk.load({ symbol: coins, timeframe: '5m', from: '2024-02-09', to: '2024-02-12' });
const stocks = ['SIMG', 'SIMH', 'SIMI', 'SIMJ', 'SIMK'];
await tk.load({ symbol: stocks, timeframe: '1m', assetClass: 'stock', calendar: 'XNYS', from: '2020-03-09', to: '2020-03-10' });
await tk.load({ symbol: stocks.slice(0, 4), timeframe: '1h', assetClass: 'stock', calendar: 'XNYS', from: '2020-03-09', to: '2020-03-10' });

test('an outage that no calendar names is suspected from all series alike, and named once', async () => {
  const { series, markets } = await gapsAcross(tk, '2024-02-09', '2024-02-12');
  const own = markets.find(m => m.timeframe === '5m');
  assert.deepEqual(own?.events, [
    {
      from: at(OUTAGE.from),
      to: at(OUTAGE.to),
      kind: 'suspected_outage',
      why: '6 of 6 symbols lack the same bars',
      lacking: coins.map(c => `${c} 5m`),
      of: 6,
    },
  ]);
  const totals = series.filter(s => s.series.timeframe === '5m').map(s => s.totals);
  assert.deepEqual(
    totals.map(t => t.failed),
    coins.map(() => 48),
  );
  assert.ok(
    totals.every(t => t.no_trade < 48),
    'what is left without a trade is its own affair',
  );
});

test('one series is told of the event that explains what it lacks', async () => {
  const { runs, events } = await tk.gaps({ symbol: 'SIMA/USDT', timeframe: '5m' }, { from: '2024-02-09', to: '2024-02-12' });
  assert.equal(events.length, 1);
  const failed = runs.filter(r => r.class === 'failed');
  assert.deepEqual(
    failed.map(r => [r.from, r.to, r.bars, r.evidence]),
    [[at(OUTAGE.from), at(OUTAGE.to), 48, 'a suspected outage: 6 of 6 symbols lack the same bars']],
  );
});

test('the halt of 2020-03-09 is one event, by the name that the calendar gives it, and no fault', async () => {
  const { markets, series } = await gapsAcross(tk, '2020-03-09', '2020-03-10');
  const [event, ...more] = markets.find(m => m.timeframe === '1m')?.events ?? [];
  assert.deepEqual([event?.kind, event?.from, event?.to, event?.of, more.length], ['halted', at(HALT.from), at(HALT.to), 5, 0]);
  assert.match(event?.why ?? '', /\w{4}/);
  for (const { totals } of series.filter(s => s.series.timeframe === '1m')) assert.deepEqual([totals.halted, totals.failed], [15, 0]);
  assert.equal(
    markets.some(m => m.timeframe === '1h'),
    false,
    'four series are too few to tell',
  );
});

test('the command shows all series and their events, or one and those around it', async () => {
  const { out } = await run(scene, 'gaps', '--from', '2020-03-09', '--to', '2024-02-12');
  assert.match(out, /^SIMG 1m +[\d,]+ +\d+ +halted \d+, no_trade \d+, missing/m);
  assert.match(out, /^What most series of XNYS 1m lack together:\n.*\n2020-03-09T13:34Z +2020-03-09T13:49Z +halt /m);
  assert.match(out, /^2024-02-10T01:00Z +2024-02-10T05:00Z +suspected outage +6 of 6 symbols lack the same bars$/m);
  const one = JSON.parse((await run(scene, 'gaps', 'SIMG', '1m', '--from', '2020-03-09', '--to', '2020-03-10', '--json')).out);
  assert.deepEqual([one.totals.halted, one.totals.failed], [15, 0]);
  assert.match((await run(scene, 'gaps', 'SIMG')).err, /name the timeframe of SIMG, too/);
});
