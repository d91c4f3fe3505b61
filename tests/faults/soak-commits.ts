/** Many small commits to one series, as a live series has them, with upkeep in between: how long it takes to open the table. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barsFrom } from '../../src/model/bars.js';
import { CRYPTO_BASIS } from '../../src/model/series.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { type Io, realIo } from '../../src/store/io.js';
import { landed } from '../../src/store/write.js';
import { ulidAt } from './many-orders.js';
import { BTC, barAt, MINUTE } from './scene.js';

export interface Soaked {
  readonly root: string;
  readonly commits: number;
  readonly seconds: number;
  /** Milliseconds to open the table in a store that knows nothing of it: the median and the worst of all looks. */
  readonly openMedian: number;
  readonly openWorst: number;
  /** Looks at which opening took longer than it may. */
  readonly slow: number;
  readonly files: number;
  readonly entries: number;
}

/** A minute a commit. */
const START = Date.UTC(2024, 0, 1);
const LOOK_EVERY = 500;
const UPKEEP_EVERY = 200;
/** Generous: the machine does other things, too. It would be exceeded a hundredfold if opening grew with the history. */
const SLOW_MS = 2_000;
const KEEP = { versions: 100, ms: HOUR, graceMs: HOUR };

/** Files carry the machine's time, and the soak has one of its own: as if written when the soak's clock says. */
function soakIo(now: () => number): Io {
  return {
    ...realIo,
    // That a file is durable matters to nobody here, and a hundred thousand commits would wait for hours for it.
    syncFolder: async () => {},
    create: async path => ({ ...(await realIo.create(path)), sync: async () => {} }),
    facts: async path => {
      const facts = await realIo.facts(path);
      return { ...facts, modified: Math.min(facts.modified, now() - DAY) };
    },
  };
}

export async function commitsSoak(commits: number, say: (line: string) => void): Promise<Soaked> {
  const root = await mkdtemp(join(tmpdir(), 'tapekeep-soak-'));
  let clock = START;
  const now = () => clock;
  const io = soakIo(now);
  const open = () => openStore({ root, io, frames: inlineFrames(io), now });
  const store = await open();
  const began = performance.now();
  const looks: number[] = [];
  for (let i = 0; i < commits; i++) {
    clock = START + i * MINUTE;
    await commitOne(store, clock, i);
    if (i % UPKEEP_EVERY === UPKEEP_EVERY - 1) await upkeep(store, i, clock);
    if (i % LOOK_EVERY === LOOK_EVERY - 1) {
      const look = performance.now();
      await (await open()).open(BTC);
      looks.push(performance.now() - look);
      if (i % 5_000 === 4_999) say(`${i + 1} commits, opened in ${looks.at(-1)?.toFixed(1)} ms`);
    }
  }
  const sorted = looks.toSorted((a, b) => a - b);
  return {
    root,
    commits,
    seconds: Math.round((performance.now() - began) / 1_000),
    openMedian: Number((sorted[sorted.length >> 1] ?? 0).toFixed(1)),
    openWorst: Number((sorted.at(-1) ?? 0).toFixed(1)),
    slow: looks.filter(ms => ms > SLOW_MS).length,
    files: (await store.open(BTC)).snapshot.files.size,
    entries: (await store.history(BTC)).length,
  };
}

async function commitOne(store: Store, at: number, i: number): Promise<void> {
  const load = ulidAt(at, `S${i}`);
  const input = await store.stageBars(load, [barsFrom([barAt(at, 100 + (i % 50))])]);
  const answered = [{ from: at, to: at + MINUTE }];
  await store.write({
    series: BTC,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load,
    batch: 0,
    inputs: [input],
    answered,
    absences: [],
    rule: 'newer',
    by: 'soak',
    provider: null,
    requests: 1,
  });
  await store.clearLoad(load);
}

async function upkeep(store: Store, i: number, at: number): Promise<void> {
  const id = ulidAt(at, `C${i}`);
  if ((await store.foldable(BTC, 'small')) >= 50)
    await landed(store.house, BTC, () =>
      store.propose({ id, series: BTC, by: 'soak', change: { kind: 'compact', which: 'small' }, silenceMs: 1_000 }),
    );
  await store.clearLoad(id);
  await store.vacuum(BTC, KEEP);
}
