import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchWeights, loadWeights, STEPS, type Step, stepWords } from '../../src/model/load-progress.js';
import { advance, begin, enter, leave, type Progress, plan, seen } from '../../src/model/progress.js';

/** A load as it truly goes: lanes fetch the segments of a batch, then the batch is merged, validated, committed. */
interface Shape {
  readonly batches: number;
  readonly segments: number;
  readonly pages: number;
  readonly lanes: number;
  readonly pageMs: number;
  /** How uneven segments are: 0.5 is half as long to half as long again. */
  readonly uneven?: number;
  readonly mergeMs: number;
  readonly validateMs: number;
  readonly commitMs: number;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  'a source nearby, one batch': { batches: 1, segments: 16, pages: 6, lanes: 4, pageMs: 3, mergeMs: 150, validateMs: 90, commitMs: 30 },
  'a slow source, one batch': {
    batches: 1,
    segments: 16,
    pages: 10,
    lanes: 4,
    pageMs: 250,
    uneven: 0.5,
    mergeMs: 400,
    validateMs: 250,
    commitMs: 40,
  },
  'a backfill of many batches': {
    batches: 20,
    segments: 5,
    pages: 50,
    lanes: 4,
    pageMs: 8,
    uneven: 0.3,
    mergeMs: 500,
    validateMs: 300,
    commitMs: 60,
  },
  'a slow disk, many batches': {
    batches: 10,
    segments: 5,
    pages: 50,
    lanes: 4,
    pageMs: 2,
    mergeMs: 4_000,
    validateMs: 2_000,
    commitMs: 800,
  },
  'one lane, few large segments': {
    batches: 2,
    segments: 4,
    pages: 50,
    lanes: 1,
    pageMs: 40,
    uneven: 0.25,
    mergeMs: 300,
    validateMs: 200,
    commitMs: 50,
  },
  'merging costs more than was thought, one batch': {
    batches: 1,
    segments: 16,
    pages: 6,
    lanes: 4,
    pageMs: 12,
    mergeMs: 400,
    validateMs: 220,
    commitMs: 40,
  },
};

/** Plays a load; every moment at which something happens, and halfway to it, is shown to `look`. */
function play(shape: Shape, look: (p: Progress, now: number) => void): number {
  const { batches, segments, pages, lanes, pageMs } = shape;
  const all = { pages: batches * segments * pages, bars: batches * segments * pages * 1_000, batches };
  let now = 0;
  let p = begin('load', loadWeights(), now);
  const tell = (next: Progress, at: number) => {
    look(seen(p, (now + at) / 2), (now + at) / 2);
    now = at;
    p = next;
    look(p, now);
  };
  const step = (name: Step, ms: number, share: number) => {
    tell(enter(p, name, { words: stepWords(name, 'BTCUSDT 1m', 'simulated'), items: 1, share }, now), now);
    tell(leave(p, now + ms), now + ms);
  };
  for (const name of ['local', 'gaps', 'segment'] as const) step(name, 20, 1);
  tell(plan(p, batchWeights(all), all.bars, now), now);
  for (let b = 0; b < batches; b++) {
    tell(
      enter(
        p,
        'fetch',
        { words: stepWords('fetch', 'BTCUSDT 1m', 'simulated', segments), items: segments, lanes, share: 1 / batches },
        now,
      ),
      now,
    );
    finishes(shape, b, lanes, pages * pageMs).forEach((after, i, list) => {
      const at = now + after - (list[i - 1] ?? 0);
      tell(advance(p, i + 1, p.barsDone + pages * 1_000, at), at);
    });
    tell(leave(p, now), now);
    step('merge', shape.mergeMs, 1 / batches);
    step('validate', shape.validateMs, 1 / batches);
    step('commit', shape.commitMs, 1 / batches);
  }
  return now;
}

/** When each segment of a batch is done, counted from the batch's beginning. */
function finishes({ segments, uneven = 0 }: Shape, batch: number, lanes: number, ms: number): number[] {
  const free = Array.from({ length: lanes }, () => 0);
  const ends = Array.from({ length: segments }, (_, i) => {
    const lane = free.indexOf(Math.min(...free));
    const took = ms * (1 + uneven * Math.sin(12.9898 * (batch * segments + i + 1)));
    free[lane] = (free[lane] as number) + took;
    return free[lane] as number;
  });
  return ends.sort((a, b) => a - b);
}

describe('the progress of a load', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    test(`${name}: from a quarter of the way on the end is told within 50 %`, () => {
      const end = play(shape, () => {});
      let looks = 0;
      let worst = 0;
      play(shape, (p, now) => {
        if (now < end / 4 || now >= end) return;
        assert.ok(p.estimatedEnd !== null, `nothing is told at ${now} of ${end}`);
        const off = Math.abs(p.estimatedEnd - end) / end;
        worst = Math.max(worst, off);
        assert.ok(off <= 0.5, `at ${now} of ${end} (${p.words}) the end was told as ${p.estimatedEnd}`);
        looks++;
      });
      assert.ok(looks > 5);
      if (process.env.SHOW) console.log(name, end, worst.toFixed(2));
    });

    test(`${name}: the percentage climbs without a jump and ends at 100`, () => {
      let last = 0;
      play(shape, p => {
        assert.ok(p.percent >= last && p.percent <= 100);
        assert.ok(p.percent - last < 35, `from ${last} to ${p.percent}`);
        last = p.percent;
      });
      assert.ok(last > 99.999);
    });
  }

  test('names its seven steps in their order', () => {
    assert.deepEqual(Object.keys(loadWeights()), ['local', 'gaps', 'segment', 'fetch', 'merge', 'validate', 'commit']);
    assert.deepEqual([...STEPS], Object.keys(loadWeights()));
  });

  test('says in words what it does', () => {
    assert.equal(stepWords('gaps', 'BTCUSDT 1m', 'simulated'), 'Analyzing gaps in BTCUSDT 1m');
    assert.equal(stepWords('fetch', 'BTCUSDT 1m', 'simulated', 12), 'Fetching 12 segments of BTCUSDT 1m from simulated');
    assert.equal(stepWords('fetch', 'BTCUSDT 1m', 'simulated', 1), 'Fetching 1 segment of BTCUSDT 1m from simulated');
    assert.equal(new Set(STEPS.map(step => stepWords(step, 'BTCUSDT 1m', 'simulated'))).size, STEPS.length);
  });
});
