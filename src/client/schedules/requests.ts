/** What can be asked of schedules. */
import { fail } from '../../model/errors.js';
import { parseSchedule, type ResolvedSettings, scheduleOf } from '../../settings.js';
import type { Reach } from '../engine/reach.js';
import { whileWaiting } from '../engine/waiting.js';
import type { Moment } from '../requests.js';
import { parseSpan } from '../times.js';
import type { ScheduleRow } from './row.js';

/** As an entry of `schedules` in the settings: lengths as 30s, 10m, 1h, 7d. One of cron, afterClose and whileOpen. */
export interface ScheduleRequest {
  readonly name: string;
  /** "BTCUSDT 1m"; unset: all that the settings keep. */
  readonly series?: readonly string[];
  readonly cron?: string;
  readonly timezone?: string;
  readonly afterClose?: string;
  readonly whileOpen?: string;
  readonly mode?: string;
  /** Instead of loading: a sample is compared with what this source has, or asked for again of its own. */
  readonly compare?: string;
  readonly reverify?: string;
  readonly sample?: number;
  readonly overlap?: string;
  readonly catchUp?: string;
  readonly jitter?: string;
  readonly priority?: number;
}

/** They live on the server: a daemon is started for as long as it takes when none runs, but not to run something. */
export class ScheduleBook {
  constructor(
    private readonly settings: ResolvedSettings,
    private readonly reach: Reach,
  ) {}

  async list(): Promise<ScheduleRow[]> {
    return (await this.reach.connect('start')).schedules.list();
  }

  /** Made by hand: no settings change or remove it. */
  async add(request: ScheduleRequest): Promise<ScheduleRow> {
    const schedule = scheduleOf(parseSchedule({ ...request }), this.settings);
    const engine = await this.reach.connect('start');
    const ahead = await engine.consult({ ask: 'ahead', schedule });
    await engine.schedules.create(schedule, ahead);
    return engine.schedules.find(schedule.name);
  }

  async pause(name: string, why = 'somebody asked for it'): Promise<ScheduleRow> {
    return this.turned(name, schedules => schedules.pause(name, why));
  }

  async resume(name: string): Promise<ScheduleRow> {
    return this.turned(name, schedules => schedules.resume(name));
  }

  /** Runs it now, for all of its series; after the run that goes on, if one does. */
  async trigger(name: string): Promise<ScheduleRow> {
    return this.turned(name, schedules => schedules.trigger(name), 'find');
  }

  /** The runs that it had, or would have had, in a time that is over: one of them, which loads whatever is missing, or each. */
  async backfill(name: string, from: Moment, to: Moment, { each = false }: { readonly each?: boolean } = {}): Promise<ScheduleRow> {
    const now = Date.now();
    const span = parseSpan(from, to, now);
    if (span.from === null || span.to === null || span.to > now)
      throw fail('USAGE', { reason: 'a time that is over has a beginning and an end: name both, and none to come. Nothing was done' });
    const [start, end] = [span.from, span.to];
    return this.turned(name, schedules => schedules.backfill(name, start, end, each), 'find');
  }

  async remove(name: string): Promise<void> {
    const { schedules } = await this.reach.connect('start');
    const { by } = await schedules.find(name);
    if (by === 'settings')
      throw fail('USAGE', {
        reason: `${name} is in the settings and would come back at the next start: take it out there, or let it rest with tapekeep schedule pause. Nothing was removed`,
      });
    await schedules.remove(name);
  }

  private async turned(
    name: string,
    turn: (schedules: Awaited<ReturnType<Reach['connect']>>['schedules']) => Promise<void>,
    missing: 'find' | 'start' = 'start',
  ): Promise<ScheduleRow> {
    const { schedules } = await this.reach.connect(missing);
    await schedules.find(name);
    await whileWaiting(this.reach.waits, 'the server to act on it', () => turn(schedules));
    return schedules.find(name);
  }
}
