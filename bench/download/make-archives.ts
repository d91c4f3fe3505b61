/** Makes the archives that are read: a process of its own, so that what it leaves in memory is not measured. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextBar } from '../../src/model/timeframe.js';
import { csvLines, zipOf } from '../../tests/emulators/binance/answers.js';
import { traded } from '../../tests/providers/binance/scene.js';

const [folder = '.', count = '6'] = process.argv.slice(2);
let from = Date.UTC(2023, 0, 1);
for (let i = 0; i < Number(count); i++) {
  const covers = { from, to: nextBar(from, '1mo') };
  const name = `BTCUSDT-1m-${new Date(from).toISOString().slice(0, 7)}`;
  const bars = traded('BTCUSDT', '1m', covers);
  if (!bars) throw new Error('there is no such symbol');
  const lines = csvLines(bars, '1m', { micro: false, header: false });
  writeFileSync(join(folder, `${name}.zip`), zipOf(`${name}.csv`, Buffer.from(`${lines.join('\n')}\n`)));
  from = covers.to;
}
