/** A user's program that closes while its loads are under way: it tells how each ended for it, and ends by itself. */
import { open } from '../../../src/client/index.js';

const [config = '', from, to, ...symbols] = process.argv.slice(2);
const tk = await open({ config, env: {} });
const ended: Promise<unknown>[] = [];
const begun = symbols.map(
  symbol =>
    new Promise<void>(resolve => {
      const load = tk.load({ symbol, timeframe: '1m', from: Number(from), to: Number(to) }, { onProgress: () => resolve() });
      ended.push(
        load.then(
          ([loaded]) => loaded?.outcome,
          error => error.code,
        ),
      );
    }),
);
await Promise.all(begun);
await tk.close();
console.log(JSON.stringify(await Promise.all(ended)));
