/** What becomes of work: no daemon, no server, a load that fails or is cancelled. */
import type { Fault } from './fault.js';

export const WORK = {
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
  LOAD_OVER: {
    permanent: true,
    say: f =>
      `${f.of} was not ${f.asked}: ${f.reason}. ${f.next ? `Load ${f.next} of the series is under way, and was left alone` : 'Nothing was done'}`,
    help: 'tapekeep loads shows what runs and how the others ended; a load that runs is named by its own id, or by its series',
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
  ORDER_UNANSWERED: {
    permanent: false,
    say: f =>
      `nobody answered in time whether the ${f.what ?? 'load'} of ${f.series} was taken: ${f.reason}. It may be under way; what was committed is safe`,
    help: 'tapekeep doctor shows what runs; the same command again finds what was done, and does the rest',
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
