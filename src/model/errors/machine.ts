/** What the machine lacks: room, rights, memory, a second place, a server. */
import { about, type Fault } from './fault.js';

export const MACHINE = {
  DISK_FULL: {
    permanent: false,
    say: f => `no room on the disk to write ${f.bytes ?? 'some'} bytes of ${f.file}. The table is as it was`,
    help: 'make room; it goes on by itself',
  },
  DISK_FAILED: {
    permanent: false,
    say: f => `the disk failed at ${f.op} of ${f.file}: ${f.reason}. The table is as it was`,
    help: 'check the disk; it is tried again from the source, never from what failed',
  },
  DISK_REFUSED: {
    permanent: true,
    say: f => `${f.op} of ${f.file} is not allowed: ${f.reason}. The table is as it was`,
    help: 'check the rights and the place of the data folder; tapekeep doctor shows it',
  },
  STAGING_ELSEWHERE: {
    permanent: true,
    say: f => `${f.folder} is on another disk than the tables, so nothing could be committed atomically`,
    help: 'keep .tapekeep in the data folder itself, not behind a link or a mount',
  },
  COMPACTION_REFUSED: {
    permanent: true,
    say: f => `the files of ${f.series} were not folded: ${f.reason}. The table is as it was`,
    help: 'tapekeep verify tells which file is damaged; the series can be read and loaded as before',
  },
  DISK_LOW: {
    permanent: false,
    say: f => `${f.what} may need ${f.needs}, and ${f.room} (${f.setting}). Nothing was begun; tables are as they were`,
    help: 'make room, or change the setting; it goes on by itself',
  },
  FRAME_CRASHED: {
    permanent: false,
    say: f => `the process or thread that worked on bars died (${f.reason}) during ${f.step}${about(f)}. The table is as it was`,
    help: 'nothing: it is tried again in a new one',
  },
  BACKUP_MISSING: {
    permanent: false,
    say: f =>
      `version ${f.version} of ${f.series} is not in the backup ${f.folder}, and backup.required demands it. The table is as it was`,
    help: 'tapekeep backup copies it; the load goes on by itself then',
  },
  BACKUP_UNFIT: {
    permanent: true,
    say: f => `${f.folder} cannot take a backup: ${f.reason}. Nothing was written`,
    help: 'name a folder of its own, best on another disk',
  },
  BACKUP_CONFLICT: {
    permanent: true,
    say: f =>
      `version ${f.version} of ${f.series} is another one in the backup than here: they are two tables of one name. Both are as they were`,
    help: 'back up into another folder, or bring the copy back elsewhere with --to',
  },
  TEMPORAL_MISSING: {
    permanent: true,
    say: f => `there is no Temporal CLI, and none could be obtained. Nothing was started. Tried:${f.tried}`,
    help: 'install temporal 1.5 or later and put it on the PATH, or name the file in TEMPORAL_CLI; docs/temporal.md',
  },
  TEMPORAL_VERSION: {
    permanent: true,
    say: f =>
      `TEMPORAL_CLI (temporal.cli) names ${f.path}, which is version ${f.version}; ${f.needs} or later is needed. Nothing was started`,
    help: 'name a newer one, or name none and tapekeep finds or obtains one itself',
  },
  TEMPORAL_FAILED: {
    permanent: false,
    say: f => `the Temporal server did not start: ${f.reason}. Tables and open loads are as they were`,
    help: 'its log is temporal/server.log under .tapekeep in the data folder; tapekeep doctor',
  },
  PORT_TAKEN: {
    permanent: true,
    say: f => `port ${f.port} of ${f.ip} is taken by another program, and ${f.setting} wants it. Nothing was started`,
    help: 'set temporal.port or temporal.uiPort to a free port, or stop the other program',
  },
  FOLDER_LOCKED: {
    permanent: true,
    say: f => `${f.folder} is in use by process ${f.pid} (${f.purpose}) since ${f.since}. Nothing was changed`,
    help: 'use the one that runs, or stop it first',
  },
} satisfies Record<string, Fault>;
