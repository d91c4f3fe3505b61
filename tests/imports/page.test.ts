/** The dialect that docs/imports.md gives as a pattern is one: who follows the page gets bars. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { detect } from '../../src/imports/detect/detect.js';
import type { Dialect } from '../../src/imports/dialect.js';
import { lookAt } from '../../src/imports/look.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { MINUTE } from '../../src/model/timeframe.js';

const PAGE = readFileSync(new URL('../../../docs/imports.md', import.meta.url), 'utf8');

/** Its types are left out: what remains is JavaScript. */
async function dialectOfPage(): Promise<Dialect> {
  const code = /## Adding a dialect[\s\S]*?```ts\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  const plain = code.replace(/^import type .*\n/gm, '').replace(': Dialect', '');
  const module = (await import(`data:text/javascript,${encodeURIComponent(plain)}`)) as Record<string, Dialect>;
  return Object.values(module)[0] as Dialect;
}

const two = (n: number): string => String(n).padStart(2, '0');
/** The clock of Berlin in summer, at the close of each bar. */
const row = (i: number): string => {
  const at = new Date(Date.UTC(2024, 5, 3, 2, 5) + i * 5 * MINUTE);
  const clock = `03.06.2024 ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return `${clock};${100 + i},5;${102 + i};${99 + i};${101 + i};${i}`;
};

test('the sample of the page recognises its files and no others, and what it leaves out is found by the rows', async () => {
  const toy = await dialectOfPage();
  const text = ['Bar;First;Top;Bottom;Settle;Lots', ...Array.from({ length: 40 }, (_, i) => row(i)), ''].join('\n');
  const sample = { name: 'toy-BTCUSDT.csv', pieces: [Buffer.from(text)] };
  const look = lookAt(sample.name, Buffer.from(text));
  const recognised = look && toy.recognise(look);
  assert.ok(look && recognised);
  assert.equal(toy.recognise({ ...look, heading: ['time', 'open', 'high', 'low', 'close'] }), undefined);

  const found = detect(sample, { layout: () => ({ ...recognised, name: toy.name }) }, () => CALENDAR_24_7);
  assert.deepEqual(
    [found.dialect, found.symbol, found.timeframe, found.zone, found.stamp, found.layout.decimal],
    ['toy-broker', 'BTCUSDT', '5m', 'Europe/Berlin', 'close', ','],
  );
  assert.deepEqual([found.questions, found.layout.values], [[], { open: 1, high: 2, low: 3, close: 4, volume: 5 }]);
});
