/** The emulated Binance as a process of its own. It makes each answer once: after a first run only sending it costs. */
import { basename } from 'node:path';
import { truth } from '../../src/providers/simulated/simulated.js';
import { checksumOf } from '../../tests/emulators/binance/answers.js';
import { createBinanceAnswers } from '../../tests/emulators/binance/binance.js';
import { startEmulator } from '../../tests/emulators/emulator.js';
import type { Reply } from '../../tests/emulators/reply.js';

/** Long enough ago for five million minutes. */
const LISTED = Date.UTC(2015, 0, 1);

const latencyMs = Number(process.argv[2] ?? 0);
const answers = createBinanceAnswers({
  truth: (_, timeframe, interval) => truth({ quietShare: 0, listed: LISTED }, 'BTCUSDT', timeframe, interval),
  market: 'spot',
  symbols: Object.fromEntries(['BTCUSDT', ...Array.from({ length: 20 }, (_, i) => `RUN${i}USDT`)].map(s => [s, { first: LISTED }])),
  minuteWeight: Number.POSITIVE_INFINITY,
  patience: 3,
  banMs: 1_000,
});
const made = new Map<string, Reply>();

const emulator = await startEmulator(
  ({ url }) => {
    // Every symbol has the same bars: what was made for one need not be made for another.
    const key = url.href.replace(/RUN\d+USDT/g, 'RUN');
    const known = made.get(key) ?? sidecarOf(url, key) ?? packed(answers(Date.now(), url));
    if (url.searchParams.has('startTime') || url.pathname.startsWith('/data/')) made.set(key, known);
    return known;
  },
  { now: Date.now(), packs: false },
);
emulator.slow(latencyMs);
process.stdout.write(`${emulator.url}\n`);
process.stdin.resume().once('end', () => process.exit());

/** The checksum of an archive that was made already. */
function sidecarOf({ pathname }: URL, key: string): Reply | undefined {
  const archive = made.get(key.replace(/\.CHECKSUM$/, ''));
  if (!archive || !pathname.endsWith('.CHECKSUM')) return undefined;
  return { status: 200, body: Buffer.from(checksumOf(archive.body as Uint8Array, basename(pathname, '.CHECKSUM'))) };
}

const packed = (reply: Reply): Reply => ({
  ...reply,
  headers: { 'content-type': 'application/json', ...reply.headers },
  body: reply.body instanceof Uint8Array ? reply.body : Buffer.from(JSON.stringify(reply.body)),
});
