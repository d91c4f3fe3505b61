/** Every command, in the order of the help. */
import type { Command } from '../command.js';
import { backup, backupRestore, backupVerify } from './backup.js';
import { calendarCheck } from './calendar-check.js';
import { calendarExpected } from './calendar-expected.js';
import { calendarList } from './calendar-list.js';
import { calendarSessions } from './calendar-sessions.js';
import { cancel } from './cancel.js';
import { changed } from './changed.js';
import { compact } from './compact.js';
import { compare } from './compare.js';
import { configCheck } from './config-check.js';
import { correct } from './correct.js';
import { diff } from './diff.js';
import { doctor } from './doctor.js';
import { eventsImport } from './events-import.js';
import { eventsList } from './events-list.js';
import { exportCommand } from './export.js';
import { gaps } from './gaps.js';
import { history } from './history.js';
import { importCommand } from './import.js';
import { list } from './list.js';
import { load } from './load.js';
import { loadLog } from './load-log.js';
import { loads } from './loads.js';
import { migrate } from './migrate.js';
import { noticesTest } from './notices-test.js';
import { pause } from './pause.js';
import { progress } from './progress.js';
import { providers } from './providers.js';
import { providersCheck } from './providers-check.js';
import { quality } from './quality.js';
import { quarantine } from './quarantine.js';
import { restore } from './restore.js';
import { resume } from './resume.js';
import { retryFailed } from './retry-failed.js';
import { reverify } from './reverify.js';
import { scheduleAdd } from './schedule-add.js';
import { scheduleBackfill } from './schedule-backfill.js';
import { scheduleList } from './schedule-list.js';
import { schedulePause } from './schedule-pause.js';
import { scheduleRemove } from './schedule-remove.js';
import { scheduleResume } from './schedule-resume.js';
import { scheduleTrigger } from './schedule-trigger.js';
import { show } from './show.js';
import { symbols } from './symbols.js';
import { up } from './up.js';
import { vacuum } from './vacuum.js';
import { verify } from './verify.js';
import { why } from './why.js';

export const commands: readonly Command[] = [
  up,
  load,
  retryFailed,
  list,
  show,
  exportCommand,
  backup,
  backupVerify,
  backupRestore,
  importCommand,
  migrate,
  history,
  diff,
  changed,
  restore,
  correct,
  compact,
  vacuum,
  gaps,
  quality,
  loads,
  loadLog,
  progress,
  cancel,
  pause,
  resume,
  scheduleList,
  scheduleAdd,
  schedulePause,
  scheduleResume,
  scheduleTrigger,
  scheduleBackfill,
  scheduleRemove,
  quarantine,
  compare,
  reverify,
  verify,
  doctor,
  noticesTest,
  providers,
  providersCheck,
  why,
  symbols,
  configCheck,
  calendarList,
  calendarSessions,
  calendarExpected,
  calendarCheck,
  eventsImport,
  eventsList,
];
