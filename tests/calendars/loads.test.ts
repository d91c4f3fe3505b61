/** Loads follow the calendar of their series. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { planLines } from '../../src/client/loads/plan-words.js';
import type { Planned } from '../../src/client/requests.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { libraryScene } from '../client/library-scene.js';

const FROM = '2024-11-25';
const TO = '2024-12-02';
const SPAN = { from: Date.parse(`${FROM}T00:00Z`), to: Date.parse(`${TO}T00:00Z`) };

test('a series of a market is loaded where the market is open, and asked for once', async t => {
  const scene = await libraryScene(t);
  await scene.start();
  const library = await scene.library();
  const wanted = { symbol: 'SIMX', timeframe: '1h', assetClass: 'stock', from: FROM, to: TO };
  await assert.rejects(library.load(wanted), error => {
    assert.ok(isTapekeepError(error, 'CALENDAR_UNKNOWN'));
    assert.match(error.message, /SIMX 1h.*Calendars that fit: XNYS/);
    return true;
  });
  assert.deepEqual(scene.asked(), [], 'nothing was asked for');

  await assert.rejects(library.load({ ...wanted, calendar: 'XNIX' }), /no calendar XNIX/);
  const [loaded] = await library.load({ ...wanted, calendar: 'nasdaq' });
  assert.equal(loaded?.outcome, 'done');
  const xnys = readCalendars().get('XNYS').as({ anchor: 'clock' });
  const table = await library.tables.open({ dataset: 'main', assetClass: 'stock', symbol: 'SIMX', timeframe: '1h' });
  assert.deepEqual(table.calendar, { name: 'XNYS', version: xnys.version });
  const [entry] = await library.tables.history(table.series);
  assert.deepEqual(entry?.commitInfo?.tapekeep?.lineage.calendar, table.calendar, 'the version stands in the lineage');
  const asked = scene.asked();
  assert.ok(
    asked.every(a => xnys.count({ from: a.from, to: a.from + 1 }, '1h') === 1),
    'from an open on',
  );
  assert.equal(table.holdings.coverage.at(-1)?.to, xnys.previous(SPAN.to, '1h') + 3_600_000, 'until the last close');

  assert.equal(loaded?.remarks, undefined, 'all of it is known');
  const [plan] = await library.plan({ ...wanted, calendar: 'XNYS', from: '1960-01-01' });
  assert.match(
    planLines(plan as Planned).join('\n'),
    /^ {2}note {6}XNYS knows the days from 1\d{3}-\d\d-\d\d to 20\d\d-\d\d-\d\d; days outside are taken as open by the weekly rule/m,
  );
  assert.ok((plan?.gaps.bars ?? 0) > 0);

  const before = scene.asked().length;
  const [again] = await library.load(wanted);
  assert.equal(again?.outcome, 'nothing');
  assert.equal(scene.asked().length, before, 'the table knows its calendar, and nothing is missing');
});
