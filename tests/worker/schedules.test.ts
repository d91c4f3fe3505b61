/** Schedules of the settings against those of a server: times by sessions are written anew before they end, what is not ours is left alone. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityHouse } from '../../src/activities/index.js';
import { readCalendars } from '../../src/calendars.js';
import type { Log } from '../../src/logs.js';
import type { Schedule } from '../../src/model/schedule.js';
import { optionsOf, type Planned } from '../../src/model/schedule-options.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { parseSettings, resolved } from '../../src/settings.js';
import { standingOf } from '../../src/worker/orders.js';
import { keepSchedules } from '../../src/worker/schedules.js';
import { temporalCli } from '../temporal-cli.js';

const APPLE = { symbol: 'AAPL', timeframe: '1m', assetClass: 'stock', provider: 'simulated', calendar: 'XNAS' };

describe('schedules of the settings', { timeout: 600_000 }, () => {
  let environment: TestWorkflowEnvironment;
  before(async () => {
    const cli = await temporalCli();
    environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path: cli.path }, ui: false },
    });
  });
  after(() => environment?.teardown());

  /** One start of a daemon at a moment; answers with the lines of its log. */
  async function start(schedules: readonly object[], now: number, calendarsAs = readCalendars({})): Promise<string[]> {
    const settings = resolved(parseSettings({ flags: { series: [APPLE], schedules } }), { env: {}, folder: '/nowhere' });
    const lines: string[] = [];
    const at = (level: string) => (text: string) => lines.push(`${level}: ${text}`);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Log;
    const house = {
      standing: standingOf(settings, () => 'simulated'),
      store: { list: async () => [] },
      calendarOf: ({ calendar }: { calendar?: string }) => calendarsAs.get(calendar ?? '24/7'),
      now: () => now,
    } as unknown as ActivityHouse;
    await keepSchedules({ client: environment.client, house, settings, log });
    return lines;
  }

  const told = async (name: string) => {
    const { action, state, info } = await environment.client.schedule.getHandle(`schedule/${name}`).describe();
    return { planned: (action.args?.[1] ?? null) as Planned, state, next: info.nextActionTimes.map(at => at.getTime()) };
  };

  test('times by sessions reach five weeks ahead, and are written anew a week later; who paused it finds it paused', async () => {
    const now = Date.now();
    const close = { name: 'close', afterClose: '30m' };
    assert.deepEqual(await start([close], now), ['info: schedule close: made']);
    const first = await told('close');
    assert.ok((first.planned?.until ?? 0) >= now + 35 * DAY);
    await environment.client.schedule.getHandle('schedule/close').pause('too warm');
    assert.deepEqual(await start([close], now + 6 * DAY), [], 'nothing to do');
    assert.equal((await told('close')).planned?.until, first.planned?.until);
    assert.deepEqual(await start([close], now + 9 * DAY), [], 'nothing that a person has to know');
    const later = await told('close');
    assert.ok((later.planned?.until ?? 0) >= now + 44 * DAY);
    assert.deepEqual([later.state.paused, later.state.note], [true, 'too warm']);
    assert.deepEqual(await start([{ ...close, afterClose: '1h' }], now + 9 * DAY), ['info: schedule close: changed, and still paused']);
    const changed = await told('close');
    // Between the two times after a close, the later one of today is still to come and the earlier one is the next session's.
    assert.equal(changed.next.length === 0 || Math.abs((changed.next[0] ?? 0) - (later.next[0] ?? 0)) % HOUR === HOUR / 2, true);
    assert.deepEqual(await start([], now), ['info: schedule close: removed: the settings no longer have it']);
  });

  test('what a person made is kept, with its times ahead; what is of another program is left alone; one that cannot be hinders no other', async () => {
    const now = Date.now();
    const mine: Schedule = {
      name: 'mine',
      series: ['AAPL 1m'],
      mode: 'tail',
      when: { kind: 'whileOpen', ms: HOUR },
      overlap: 'skip',
      catchUpMs: DAY,
      jitterMs: 0,
      atOnce: 4,
      silenceMs: 10_000,
    };
    await environment.client.schedule.create(optionsOf(mine, { rows: [], until: now, print: 'old' }, 'hand'));
    const foreign = optionsOf({ ...mine, name: 'foreign', when: { kind: 'cron', cron: '5 0 * * *', timezone: 'UTC' } }, null, 'hand');
    await environment.client.schedule.create({ ...foreign, memo: { owner: 'somebody else' } });
    const lines = await start(
      [
        { name: 'mine', cron: '5 0 * * *' },
        { name: 'other', cron: '5 0 * * *', series: ['NO.SUCH.ONE 1m'] },
      ],
      now,
    );
    assert.match(lines[0] as string, /^error: schedule mine: it is not kept: one of that name was made by hand/);
    assert.match(lines[1] as string, /^warn: schedule other passes by NO\.SUCH\.ONE 1m: /);
    assert.equal(lines[2], 'info: schedule other: made');
    assert.deepEqual(await start([], now), ['info: schedule other: removed: the settings no longer have it']);
    const kept = await told('mine');
    assert.ok((kept.planned?.until ?? 0) > now + 30 * DAY, 'its times were written anew');
    assert.ok(kept.next.length > 0);
    await told('foreign');
  });
});
