/** Layouts that a person describes in YAML: columns, times, units, and mistakes told with their line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutFrom } from '../../src/imports/index.js';
import { importScene } from './scene.js';

const T0 = Date.UTC(2024, 0, 2, 8);
const HOUR = 3_600_000;
const two = (n: number): string => String(n).padStart(2, '0');
/** As a broker in Berlin writes it: date and time apart, the close of the bar, cents, lots. */
const row = (i: number): string => {
  const close = new Date(T0 + (i + 2) * HOUR);
  const day = `${two(close.getUTCDate())}.${two(close.getUTCMonth() + 1)}.${close.getUTCFullYear()}`;
  return [day, `${two(close.getUTCHours())}:00`, 'x', '10010,5', '10200', '10001', '10150,25', `${i + 1}`].join(';');
};
const FILE = ['Day;Clock;Note;O;H;L;Last;Vol', ...Array.from({ length: 12 }, (_, i) => row(i)), ''].join('\n');

const YAML = `name: my-broker
columns:
  time: [Day, Clock]
  open: 4
  high: 5
  low: 6
  close: Last
  volume: vol
units:
  volume: contracts
  lot: 100
  price_divisor: 100
order: dmy
decimal: ','
zone: Europe/Berlin
stamp: close
`;

test('columns, zone, stamp side, number format and units of a described file are what is stored', async t => {
  const { put, take, bars, store } = await importScene(t);
  const layout = await put('my.yaml', YAML);
  const given = { layout, symbol: 'BTCUSDT', timeframe: '1h' as const };
  const done = await take(await put('export.csv', FILE), { given, assetClass: 'crypto' });
  assert.deepEqual([done.found.dialect, done.found.zone, done.found.stamp], ['my-broker', 'Europe/Berlin', 'close']);
  assert.deepEqual([done.rows, done.stored, done.first], [12, 12, new Date(T0).toISOString()]);
  const [first] = await bars();
  assert.deepEqual([first?.open, first?.high, first?.low, first?.close, first?.volume], [100.105, 102, 100.01, 101.5025, 100]);
  const [series] = await store.list();
  assert.equal((await store.open(series as NonNullable<typeof series>)).basis.volumeUnit, 'contracts');
});

test('volumes of another unit than the stored ones do not go among them', async t => {
  const { put, take } = await importScene(t);
  const given = (layout: string) => ({ given: { layout, symbol: 'BTCUSDT', timeframe: '1h' as const }, assetClass: 'crypto' as const });
  await take(await put('first.csv', FILE), given(await put('first.yaml', YAML.replace('contracts', 'quote'))));
  const second = take(await put('second.csv', FILE), given(await put('second.yaml', YAML)));
  await assert.rejects(second, /raw trade 24h any quote.*raw trade 24h any contracts|quote.*contracts/s);
});

for (const [what, yaml, says] of [
  ['a unit that is none', YAML.replace('contracts', 'bushels'), /my\.yaml:10.*units\.volume/],
  ['a divisor of zero', YAML.replace('price_divisor: 100', 'price_divisor: 0'), /my\.yaml:12.*units\.price_divisor/],
  ['a name that is no unit', YAML.replace('lot:', 'lots:'), /my\.yaml:\d+.*units.*lots/],
  ['a lot without a volume', YAML.replace('  volume: vol\n', ''), /my\.yaml:10.*units\.lot: no column of volumes is named/],
  ['a zone that is none', YAML.replace('Europe/Berlin', 'Mars/Olympus'), /my\.yaml:15.*zone/],
  ['a column that the file lacks', YAML.replace('Last', 'Settle'), /there is no column Settle: it has Day, Clock/],
  ['what is no YAML', `${YAML}\n  : : [`, /my\.yaml:\d+.*the layout is not right/],
] as const) {
  test(`${what} in a layout is told with its line`, () => {
    assert.throws(() => layoutFrom('my.yaml', yaml, FILE.split('\n', 1)[0]?.split(';') ?? null), says);
  });
}

test('columns are counted from one where the file has no heading', () => {
  const yaml = 'name: bare\ncolumns: { time: 1, close: 2 }\n';
  assert.deepEqual(layoutFrom('bare.yaml', yaml, null).columns, { time: [0], values: { close: 1 }, doubts: [] });
});
