/** A user's program: loads one symbol, counts what it reads, and ends by itself. */
import { open } from '../../../src/client/index.js';

const [config = '', symbol = '', from, to] = process.argv.slice(2);
const tk = await open({ config, env: {} });
const [loaded] = await tk.load({ symbol, timeframe: '1m', from: Number(from), to: Number(to) });
const frame = await tk.getOhlcv(symbol, '1m', Number(from), Number(to), { load: 'never' });
await tk.close();
console.log(JSON.stringify({ added: loaded?.added, rows: frame.height }));
