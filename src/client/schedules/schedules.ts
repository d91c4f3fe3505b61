/** Schedules as the client sees them: made, turned and listed through Temporal. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { fail } from '../../model/errors.js';
import { checkSchedule, type Maker, OWNER, type Schedule, scheduleIdOf, type TickReport } from '../../model/schedule.js';
import { type Ahead, NEVER_MS, optionsOf } from '../../model/schedule-options.js';
import type { ScheduleRow, TickRow } from './row.js';

const SETTLES_MS = 5_000;
const LOOK_EVERY_MS = 50;

export class Schedules {
  constructor(private readonly client: Client) {}

  /** By name. */
  async list(): Promise<ScheduleRow[]> {
    const rows: ScheduleRow[] = [];
    for await (const { scheduleId, memo } of this.client.schedule.list()) {
      if (memo?.owner !== OWNER) continue;
      // It may have been removed since it was listed.
      const row = await this.row(scheduleId).catch(error => {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      });
      if (row) rows.push(row);
    }
    return rows.sort((a, b) => (a.schedule.name < b.schedule.name ? -1 : 1));
  }

  async find(name: string): Promise<ScheduleRow> {
    try {
      return await this.row(scheduleIdOf(name));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      const known = (await this.list()).map(({ schedule }) => schedule.name);
      throw fail('SCHEDULE_UNKNOWN', { schedule: name, known: known.length > 0 ? known.join(', ') : 'none' });
    }
  }

  private async row(id: string): Promise<ScheduleRow> {
    const told = await this.client.schedule.getHandle(id).describe();
    const { state, info, memo, action } = told;
    return {
      schedule: checkSchedule(action.args?.[0]),
      by: (memo?.by ?? 'hand') as Maker,
      paused: state.paused,
      note: state.paused ? (state.note ?? '') : '',
      running: info.runningActions.length > 0,
      next: state.paused ? [] : info.nextActionTimes.map(at => at.getTime()).filter(at => at < NEVER_MS),
      missed: info.numActionsMissedCatchupWindow,
      skipped: info.numActionsSkippedOverlap,
      last: await this.lastOf(told),
    };
  }

  /** The newest run that began. */
  private async lastOf({ info }: ScheduleDescription): Promise<TickRow | null> {
    const newest = info.recentActions.at(-1);
    if (!newest) return null;
    const { workflowId, firstExecutionRunId } = newest.action.workflow;
    const handle = this.client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId });
    const at = newest.takenAt.getTime();
    try {
      const { status, closeTime } = await handle.describe();
      const outcome = status.name === 'CANCELLED' ? 'cancelled' : status.name.toLowerCase();
      const report = status.name === 'COMPLETED' ? ((await handle.result()) as TickReport) : null;
      return { at, endedAt: closeTime?.getTime() ?? null, outcome, report };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { at, endedAt: null, outcome: 'forgotten', report: null };
      throw error;
    }
  }

  async create(schedule: Schedule, ahead: Ahead | null): Promise<void> {
    try {
      await this.client.schedule.create(optionsOf(schedule, ahead, 'hand'));
    } catch (error) {
      if (error instanceof ScheduleAlreadyRunning) throw fail('SCHEDULE_TAKEN', { schedule: schedule.name });
      throw error;
    }
  }

  async pause(name: string, why: string): Promise<void> {
    await this.handle(name).pause(why);
    await this.isPaused(name, true);
  }

  async resume(name: string): Promise<void> {
    await this.handle(name).unpause('resumed');
    await this.isPaused(name, false);
  }

  /** The server takes the word at once, and acts on it a moment later. */
  private async isPaused(name: string, paused: boolean): Promise<void> {
    for (const deadline = Date.now() + SETTLES_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
      const { state } = await this.handle(name).describe();
      if (state.paused === paused) return;
    }
  }

  trigger = (name: string): Promise<void> => this.handle(name).trigger('BUFFER_ONE');
  remove = (name: string): Promise<void> => this.handle(name).delete();

  /** The runs of a time that is over: one of them, since a load makes up for all; or each. */
  backfill(name: string, from: number, to: number, each: boolean): Promise<void> {
    return this.handle(name).backfill({ start: new Date(from), end: new Date(to), overlap: each ? 'BUFFER_ALL' : 'SKIP' });
  }

  private readonly handle = (name: string) => this.client.schedule.getHandle(scheduleIdOf(name));
}
