/**
 * The one closed table of what can go wrong. Everything is raised by its code; `permanent` says whether a
 * retry can ever help, `say` what happened, `help` what to do next. docs/errors.md holds the same codes.
 */

/** Small facts for a message; never a secret. `kept` says what is safe. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface Fault {
  readonly permanent: boolean;
  readonly say: (f: Facts) => string;
  readonly help: string;
}

const about = (f: Facts): string => (f.series ? ` for ${f.series}` : '');

export const errors = {
  SETTING_INVALID: {
    permanent: true,
    say: f => `${f.where}: ${f.key}: ${JSON.stringify(f.value)} is not allowed. Allowed: ${f.allowed}`,
    help: 'correct the setting; tapekeep config check shows them all',
  },
  SETTING_UNKNOWN: {
    permanent: true,
    say: f => `${f.where}: there is no setting ${f.key} (value ${JSON.stringify(f.value)}). Allowed: ${f.allowed}`,
    help: 'correct or remove the key; tapekeep config check shows them all',
  },
  SETTING_MISSING: {
    permanent: true,
    say: f => `${f.where}: ${f.key} is missing. Allowed: ${f.allowed}`,
    help: 'add the setting; tapekeep config check shows them all',
  },
  SETTINGS_UNREADABLE: {
    permanent: true,
    say: f => `${f.where}: the settings cannot be read: ${f.reason}`,
    help: 'mend the file at the named line, or remove it to run with the defaults',
  },
  USAGE: { permanent: true, say: f => String(f.reason), help: 'tapekeep --help, or tapekeep <command> --help' },
  SYMBOL_INVALID: {
    permanent: true,
    say: f => `${JSON.stringify(f.symbol)} cannot be a symbol: ${f.reason}`,
    help: 'use the name the market uses, e.g. BTCUSDT, BRK.B, ^GSPC',
  },
  TIMEFRAME_UNKNOWN: {
    permanent: true,
    say: f => `there is no timeframe ${JSON.stringify(f.timeframe)}`,
    help: 'use one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo',
  },
  INTERVAL_INVALID: {
    permanent: true,
    say: f => `${f.from} … ${f.to} is not an interval: ${f.reason}`,
    help: 'give --from before --to, as 2024-01-31 or 2024-01-31T12:00Z',
  },
  SERIES_UNKNOWN: {
    permanent: true,
    say: f => `there is no series ${f.series} in ${f.folder}`,
    help: 'tapekeep list shows what is there; DATA_CACHE_DIR names the data folder',
  },
  VERSION_UNKNOWN: {
    permanent: true,
    say: f => `${f.series} has no version ${f.version}: it has ${f.first} to ${f.last}`,
    help: 'tapekeep history <symbol> <timeframe> lists the versions',
  },
  BASIS_MISMATCH: {
    permanent: true,
    say: f => `${f.series} holds ${f.stored} prices; ${f.offered} prices were offered. Nothing was written`,
    help: 'load them into a dataset of their own (--dataset)',
  },
  LOG_GAP: {
    permanent: true,
    say: f => `the log of ${f.series} lacks version ${f.version}. Versions before it are readable`,
    help: 'bring the file back from a backup, or read an earlier version with --as-of',
  },
  LOG_CORRUPT: {
    permanent: true,
    say: f => `the log entry ${f.file} of ${f.series} is damaged: ${f.reason}. Nothing was read from it`,
    help: 'bring the file back from a backup, or read an earlier version with --as-of',
  },
  LOG_NEWER: {
    permanent: true,
    say: f => `${f.series} was written by a newer program (${f.needs}); this one will not touch it`,
    help: 'use a newer tapekeep',
  },
  FILE_MISSING: {
    permanent: true,
    say: f => `${f.file} is missing${about(f)}. Other files of the series are untouched`,
    help: 'bring the file back from a backup, or load the interval again',
  },
  FILE_DAMAGED: {
    permanent: true,
    say: f => `${f.file} is damaged${about(f)}: ${f.reason}. It was not used; other files are untouched`,
    help: 'bring the file back from a backup, or load the interval again',
  },
  FILE_EXISTS: {
    permanent: true,
    say: f => `${f.file} is there already, and stays as it is. Nothing was written`,
    help: 'name another place with --out, or replace it with --force',
  },
  LEGACY_UNREADABLE: {
    permanent: true,
    say: f => `${f.file} cannot be taken over: ${f.reason}. Nothing of it was; other files are not touched by that`,
    help: 'mend or remove the file, and migrate the folder again: what is in already is passed by',
  },
  CANDIDATE_REFUSED: {
    permanent: true,
    say: f => `the new bars${about(f)} were refused: ${f.reason}. The table is as it was; what was fetched lies in .tapekeep/quarantine`,
    help: 'look at the reason and at those files; ordering the load again fetches anew',
  },
  RESTATED: {
    permanent: true,
    say: f =>
      `${f.series}: the bars that came tell the past by another measure: ${f.words} (ratio ${f.ratio}) from ${f.from} to ${f.to}, in ${f.bars} of ${f.of} bars that are there already. Nothing was mixed; the table is as it was`,
    help: 'tapekeep load … --reload takes the whole past anew in one version; the setting revisions.restated: reload does it by itself',
  },
  RELOAD_INCOMPLETE: {
    permanent: true,
    say: f =>
      `${f.series}: taking the past anew brought ${f.came} bars, and ${f.rows} are there${f.from ? `; nothing was answered from ${f.from} on` : ''}. Nothing was replaced; the table is as it was`,
    help: 'name a provider that reaches as far back, or load into another dataset with --dataset',
  },
  SERIES_HELD: {
    permanent: true,
    say: f =>
      `${f.series} is held: version ${f.version} was restored on ${f.since} by ${f.by}, and a load would undo that. Nothing was written`,
    help: 'tapekeep restore <symbol> <timeframe> --release lets loads change it again',
  },
  IMPORT_UNREADABLE: {
    permanent: true,
    say: f => `${f.file} cannot be imported: ${f.reason}. Nothing was written`,
    help: 'look at the file; tapekeep import --dry-run shows how it is read, docs/imports.md how to describe its layout',
  },
  CORRECTION_REFUSED: {
    permanent: true,
    say: f => `the bar of ${f.series} at ${f.at} cannot be corrected so: ${f.reason}. Nothing was written`,
    help: 'name values that can be right together: --open, --high, --low, --close, --volume',
  },
  IMPORT_CHANGED: {
    permanent: true,
    say: f => `${f.file} changed while it was read. What was committed before stays; the rest was not taken`,
    help: 'import it again when nothing writes to it any more: what is stored already is passed by',
  },
  IMPORT_OPEN: {
    permanent: true,
    say: f => `${f.file} can be read in more than one way: ${f.questions}. Nothing was written`,
    help: 'say which: --zone, --stamp, --symbol, --timeframe, --order, --decimal, --class or --calendar',
  },
  COMMIT_CONTENDED: {
    permanent: false,
    say: f => `${f.series}: ${f.attempts} attempts to commit were overtaken by other writers. Nothing is lost`,
    help: 'nothing: it is tried again',
  },
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
    say: f => `the frame process died (${f.reason}) during ${f.step}${about(f)}. The table is as it was`,
    help: 'nothing: it is tried again in a new process',
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
  PROVIDER_UNKNOWN: {
    permanent: true,
    say: f => `there is no provider ${JSON.stringify(f.provider)}. Known: ${f.known}`,
    help: 'use one of the known names, or add it as docs/adding-a-provider.md tells',
  },
  SYMBOL_UNKNOWN: {
    permanent: true,
    say: f => `${f.provider} has no symbol ${JSON.stringify(f.symbol)}. Nothing was written`,
    help: 'check the spelling, or name another provider with --provider',
  },
  PROVIDER_NONE: {
    permanent: true,
    say: f => `${f.series}: no source is chosen for it: ${f.reason}. Nothing was done`,
    help: 'name one with --provider, set its key, or change the rules in config/providers.yaml; tapekeep why tells how one is chosen',
  },
  TIMEFRAME_NOT_SERVED: {
    permanent: true,
    say: f => `${f.provider} has no ${f.timeframe} bars. Nothing was written`,
    help: 'use a timeframe that it serves, or name another provider with --provider',
  },
  BEYOND_DEPTH: {
    permanent: true,
    say: f => `${f.provider} reaches back ${f.depth} and no further${about(f)}. What it could give is kept`,
    help: 'name a provider that reaches further, or begin later (--from)',
  },
  RATE_LIMITED: {
    permanent: false,
    say: f =>
      f.perDay
        ? `the ${f.perDay} requests a day that ${f.provider} grants are used up${about(f)}: new ones come in ${f.waitMs} ms. What was fetched is kept`
        : `${f.provider} asks us to wait ${f.waitMs} ms${about(f)}. What was fetched is kept`,
    help: 'nothing: it goes on by itself',
  },
  KEY_MISSING: {
    permanent: true,
    say: f => `${f.provider} needs a key, and none is set${about(f)}. Nothing was asked`,
    help: 'set the environment variable that docs/settings.md names for its key, or its key in the settings',
  },
  KEY_REFUSED: {
    permanent: true,
    say: f => `${f.provider} does not accept the key${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'check the key and whether it has expired; then order the load again',
  },
  PLAN_TOO_SMALL: {
    permanent: true,
    say: f => `the plan at ${f.provider} does not include this${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'ask for less (--from, another timeframe), take a larger plan there, or name another provider with --provider',
  },
  REQUEST_REFUSED: {
    permanent: true,
    say: f => `${f.provider} refuses the request${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'look at its words; if they make no sense, report them with the log, or name another provider with --provider',
  },
  BANNED: {
    permanent: false,
    say: f => `${f.provider} has shut this address out for ${f.waitMs} ms${about(f)}. Nothing is asked before; what was fetched is kept`,
    help: 'nothing: it goes on by itself; a lower rate in the settings of the provider prevents it',
  },
  BREAKER_OPEN: {
    permanent: false,
    say: f =>
      `${f.provider} is left alone for ${f.waitMs} ms, since it failed again and again${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'nothing: it is asked again by itself; tapekeep providers shows how it is',
  },
  NETWORK_FAILED: {
    permanent: false,
    say: f => `the way to ${f.provider} failed${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'see with tapekeep doctor whether the network is there; a load goes on by itself, all else is to be asked again',
  },
  PROVIDER_DOWN: {
    permanent: false,
    say: f => `${f.provider} cannot be reached${about(f)}: ${f.reason}. What was fetched is kept`,
    help: 'see with tapekeep doctor whether the network is there; a load goes on by itself, all else is to be asked again',
  },
  ANSWER_TRUNCATED: {
    permanent: false,
    say: f => `an answer of ${f.provider}${about(f)} was cut short: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again',
  },
  ANSWER_MALFORMED: {
    permanent: false,
    say: f => `an answer of ${f.provider}${about(f)} cannot be read: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again; if it stays, report it with the log',
  },
  ANSWER_TOO_LARGE: {
    permanent: true,
    say: f => `an answer of ${f.provider}${about(f)} is larger than ${f.most} bytes. It was not used; earlier pages are kept`,
    help: 'report it with the log; until then name another provider with --provider',
  },
  PAGES_DISAGREE: {
    permanent: false,
    say: f => `two pages of ${f.provider}${about(f)} tell the bar of ${f.at} differently. The later was not used; earlier pages are kept`,
    help: 'nothing: the page is asked for again',
  },
  ANSWER_WRONG: {
    permanent: true,
    say: f => `${f.provider} answered something else than was asked${about(f)}: ${f.reason}. It was not used; earlier pages are kept`,
    help: 'load again later; if it stays, report it with the log or name another provider with --provider',
  },
  NO_PROGRESS: {
    permanent: true,
    say: f => `the pages of ${f.provider}${about(f)} do not move on from ${f.at}. Earlier pages are kept`,
    help: 'report it with the log; until then name another provider with --provider',
  },
  CALENDAR_INVALID: {
    permanent: true,
    say: f => `${f.where}: the calendar cannot be used: ${f.reason}. No calendar was taken, and nothing was written`,
    help: 'correct the named line; docs/calendars.md explains the format. Without calendars.overlay the own calendars are used alone',
  },
  CALENDAR_UNKNOWN: {
    permanent: true,
    say: f =>
      f.calendar
        ? `there is no calendar ${f.calendar}. Known: ${f.known}. Nothing was written`
        : `which calendar ${f.series ?? f.assetClass} follows is not known, so what is missing cannot be said. Nothing was written. Calendars that fit: ${f.fits}`,
    help: 'name it in the settings of the series, e.g. calendar: XNYS; tapekeep calendar list shows them all',
  },
  INSTRUMENTS_INVALID: {
    permanent: true,
    say: f => `${f.where}: the instruments cannot be used: ${f.reason}. None was taken, and nothing was written`,
    help: 'correct the named line; the head of config/instruments.yaml explains the fields',
  },
  TICKER_REUSED: {
    permanent: true,
    say: f =>
      `${f.series} holds the bars of ${f.holds}, and in the time that is wanted the ticker belonged to ${f.wanted}. One table never joins two. Nothing was written`,
    help: 'load the other one into a dataset of its own, with --dataset; config/instruments.yaml tells who had a ticker when',
  },
  EVENTS_INVALID: {
    permanent: true,
    say: f => `${f.where}: ${f.reason}. No event was changed`,
    help: 'docs/cli.md shows the form under "events import": date, kind, value, currency',
  },
  DAEMON_MISSING: {
    permanent: true,
    say: f => `no daemon runs on ${f.folder}`,
    help: 'tapekeep up starts one',
  },
  SERVER_UNREACHABLE: {
    permanent: false,
    say: f => `the Temporal server at ${f.address} does not answer: ${f.reason}. Loads are kept and go on when it does`,
    help: 'tapekeep doctor shows what runs and what does not',
  },
  SERVER_VERSION: {
    permanent: true,
    say: f =>
      `the Temporal server at ${f.address} is version ${f.version}; it has to be ${f.needs}. Nothing was started, and loads are kept`,
    help: 'name another server in temporal.address, or none: then tapekeep runs its own',
  },
  NAMESPACE_UNFIT: {
    permanent: true,
    say: f => `the namespace ${f.namespace} cannot be used: ${f.reason}. Nothing was started, and loads are kept`,
    help: 'have its administrator do it (temporal operator namespace create, temporal operator search-attribute create, type Keyword), or name another in temporal.namespace',
  },
  LOAD_UNKNOWN: {
    permanent: true,
    say: f => `there is no load ${f.load}`,
    help: 'tapekeep loads lists them; a load is named by its id or its series, e.g. "BTCUSDT 1m"',
  },
  SCHEDULE_UNKNOWN: {
    permanent: true,
    say: f => `there is no schedule ${f.schedule}; known are ${f.known}. Nothing was done`,
    help: 'tapekeep schedule list shows them',
  },
  SCHEDULE_TAKEN: {
    permanent: true,
    say: f => `there is a schedule ${f.schedule} already, and it stays as it is. Nothing was made`,
    help: 'take another name, or remove that one first: tapekeep schedule remove <name>',
  },
  LOAD_STUCK: {
    permanent: false,
    say: f =>
      `the load of ${f.series} stands still, because its workflow code fails. What it fetched is kept, and it goes on once code that fits runs it`,
    help: 'tapekeep doctor tells what it fails with; the program that began it, or a mended one, goes on with it; tapekeep cancel ends it then',
  },
  LOAD_FAILED: {
    permanent: true,
    say: f => `the ${f.what ?? 'load'} of ${f.series} failed: ${f.reason}. What was committed before is kept`,
    help: 'tapekeep loads shows it; order the load again once the cause is gone',
  },
  LOAD_CANCELLED: {
    permanent: true,
    say: f => `the ${f.what ?? 'load'} of ${f.series} was cancelled: ${f.kept}`,
    help: 'order it again to go on where it stopped',
  },
  INTERNAL: {
    permanent: false,
    say: f => `something unforeseen happened: ${f.reason}. What was committed is safe`,
    help: 'tapekeep doctor; if it stays, report it with the log',
  },
} satisfies Record<string, Fault>;

export type ErrorCode = keyof typeof errors;

/** Any error of tapekeep: a code of the table and the facts of this case. */
export class TapekeepError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, options?: { cause?: unknown }) {
    super((errors[code] as Fault).say(facts), options);
    this.name = 'TapekeepError';
    this.code = code;
    this.facts = facts;
  }

  get permanent(): boolean {
    return errors[this.code].permanent;
  }

  get help(): string {
    return errors[this.code].help;
  }
}

export const fail = (code: ErrorCode, facts: Facts = {}, cause?: unknown): TapekeepError =>
  new TapekeepError(code, facts, cause === undefined ? undefined : { cause });

export const isTapekeepError = (e: unknown, code?: ErrorCode): e is TapekeepError =>
  e instanceof TapekeepError && (code === undefined || e.code === code);
