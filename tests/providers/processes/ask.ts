/**
 * A process that asks one source by many lanes, on a clock that runs faster than the real one, as loads would: who is sent
 * away comes back when it was told to. It ends when the requests of the day are used up, or when its input is closed.
 */
import { isTapekeepError } from '../../../src/model/errors.js';
import { createHttp, createSource } from '../../../src/providers/http/index.js';
import { recordsIn } from '../../../src/providers/records/folder.js';
import { type AskOptions, type AskReport, LEFT } from '../asking.js';

const { url, folder, key, process: own, lanes, perMinute, perDay, start, began, speed } = JSON.parse(process.argv[2] ?? '{}') as AskOptions;

const stop = new AbortController();
process.stdin.once('end', () => stop.abort()).resume();

const http = createHttp();
/** Each request tells when it left: on a busy machine many that left one after the other arrive together. */
const dated: typeof http = { ...http, send: asked => http.send({ ...asked, headers: { ...asked.headers, [LEFT]: String(now()) } }) };
let latestMs = 0;
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const due = now() + ms;
    const timer = setTimeout(() => {
      latestMs = Math.max(latestMs, now() - due);
      resolve();
    }, ms / speed);
    signal.addEventListener('abort', () => [clearTimeout(timer), reject(signal.reason as Error)], { once: true });
  });
const now = (): number => start + (Date.now() - began) * speed;
const world = { now, wait, http: dated, records: recordsIn(folder) };
const source = createSource(
  {
    name: 'acme',
    baseUrl: url,
    rules: { answers: [{ status: 418, means: 'BANNED' }] },
    rate: { perMinute, burst: Math.max(1, Math.floor(perMinute / 60)), ...(perDay !== undefined && { perDay }) },
    keys: [{ reveal: () => key }],
  },
  world,
);

const told: AskReport['told'] = [];
const before = process.memoryUsage().rss;

async function lane(index: number): Promise<number> {
  const series = `LANE${own}-${index} 1m`;
  for (let asked = 0; ; ) {
    try {
      await source.get(`/${own}/${index}`, { about: { series }, signal: stop.signal });
      asked += 1;
    } catch (error) {
      if (stop.signal.aborted) return asked;
      if (!isTapekeepError(error)) throw error;
      const waitMs = Number(error.facts.waitMs);
      told.push({ code: error.code, waitMs: Math.round(waitMs), at: Math.round(now()) });
      if (error.facts.perDay !== undefined) return asked;
      await wait(waitMs, stop.signal).catch(() => {});
    }
  }
}

const served = await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)));
await http.close();
const report: AskReport = { served, told, latestMs, grewBy: process.memoryUsage().rss - before };
process.stdout.write(JSON.stringify(report), () => process.exit());
