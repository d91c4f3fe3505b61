/** What can go wrong, and what has to come of it. A test carries the ids it proves at the start of its name: `A2, A3: …`. */

export interface FaultCase {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
}

const cases = (letter: string, rows: readonly (readonly [fault: string, expected: string])[]): FaultCase[] =>
  rows.map(([fault, expected], i) => ({ id: `${letter}${i + 1}`, fault, expected }));

export const GROUPS: Readonly<Record<string, string>> = {
  A: 'Processes and the machine',
  B: 'The disk',
  C: 'Several at once',
  D: 'Providers and the network',
  E: 'Attacks',
  F: 'Operation',
};

const PROCESSES = cases('A', [
  ['the worker is killed in each of the seven steps', 'the load goes on by itself; one commit; only what was in flight is done again'],
  [
    'a kill at every disk operation of merge, validate and commit',
    'versions stay whole, readers see one or the other; leftovers are swept',
  ],
  ['a kill after the commit, before its result is known', 'the retry finds its own commit and makes no second one'],
  [
    'the Temporal server is killed, briefly, for long, with the worker, at random',
    'loads finish; at most what was in flight is done again',
  ],
  ['a kill while the server sets up its database for the first time', 'the next start begins afresh and says so'],
  ['the database of the server is cut, overwritten or deleted', 'it is moved aside, open loads are started again, tables are untouched'],
  ['SIGTERM during a fetch; Ctrl+C twice', 'the first drains and ends with 0, the second leaves at once; the cursor is kept'],
  ['the worker is stopped for longer than a heartbeat, then goes on', 'the old attempt ends at its next heartbeat; one commit'],
  ['a second daemon on one data folder; a lock of a dead process; a pid used again', 'refused with the owner; a dead lock is taken over'],
  ['a ten-year merge with 512 MB of memory', 'it stays below, or is killed and goes on'],
  ['the event loop is blocked for ten seconds', 'other loads do not notice; the lag is measured'],
  ['the clock jumps by 30 days, back by one, over a change to summer time', 'no bar is dropped or dated by it; a jump back is warned of'],
  ['the machine sleeps for eight hours', 'schedules catch up once; leases end cleanly'],
  ['power is lost between any two writes', 'whole versions only; at worst the last commit is absent and done again'],
]);

const DISK = cases('B', [
  [
    'the disk is full at every write of fetch, merge and commit',
    'the load waits and says so; the last version is readable; it goes on when there is room',
  ],
  ['the disk is full for the database of the server', 'it stands still and recovers alone; the doctor says so'],
  ['a file of the table cannot be read', 'it is named as damaged, nothing is committed from it, only its interval is loaded again'],
  ['fsync fails', 'the file is dropped and written again from its source; fsync is never just repeated'],
  [
    'short writes, too many open files, no rights, a name too long, a read-only disk',
    'a clear error or a correct retry; no half file under a final name',
  ],
  ['a rename or link fails, also because the folders are on two disks', 'two disks are refused at the start; else a clear error'],
  ['a bit flips in a data file, the log, a catalog or a raw file', 'found by checksum every time, never served, listed by verify'],
  ['a file is cut, empty, missing, or one too many', 'verify names each; other intervals stay readable; strangers are left alone'],
  ['the newest log entry is torn', 'the version before it opens'],
  ['a folder is removed, replaced, or a link is planted', 'refused: nothing is followed out of the data folder'],
  ['a disk that does not tell case, or has short names; symbols like CON or BTC/USDT', 'every symbol has a folder of its own'],
  ['a table written by an older or a newer release', 'the older is opened or moved over at once; the newer is refused, unharmed'],
]);

const TOGETHER = cases('C', [
  ['one load is asked for twice, by any of the ways', 'one runs, the others join it'],
  ['two writers want the same next version, at every interleaving', 'one wins, the other merges anew or gives up by name; no bar is lost'],
  ['one batch is committed twice; a workflow is reset after its commit', 'the second answers with the version of the first'],
  ['a commit beside compaction, clean-up, repair or export', "a reader's files stay; compaction gives way to data"],
  ['a hundred loads share one key of a provider', 'its rate is kept, none starves, memory is bounded'],
  ['readers open a table during a thousand commits', 'each sees a whole version'],
  [
    'a cancel in every step, during the commit, with the worker down',
    'finished segments are committed, the one in flight is removed; a commit completes and says so',
  ],
  ['terminate, pause and reset from the web UI', 'what was terminated is swept; what was paused or reset keeps its work'],
  ['pause, restart, resume; continue-as-new while paused', 'the state is kept, no message is lost'],
  ['the code of a workflow changes under open loads', 'the replay tests fail before a release; the doctor names a stuck one'],
]);

const PROVIDERS = cases('D', [
  ['429 with every kind of Retry-After', 'it waits as told, up to a limit; all requests of the key slow down; no attempts are used up'],
  ['429 for ten minutes; a ban', 'requests stop, another provider if allowed, later again; a ban is never hammered'],
  ['bursts of 500, 502, 503; every third fails', 'retried with jitter; the load completes'],
  ['no connection, a reset, bad TLS, no name, a silent address', 'a clear error that is retried; certificates are never ignored'],
  [
    'answers too slow, too long, or bombs when unpacked',
    'ended by time, rate, size and ratio; memory stays flat; no file outside its folder',
  ],
  ['a body cut short, also where it still parses', 'the page is asked for again; never a silently short page'],
  ['a web page, nothing, or an error text with status 200', 'judged by its content; never taken for "no data"'],
  ['bars of another symbol, timeframe or market; swapped columns', 'found out by identity, put into quarantine'],
  ['pages doubled, unsorted, overlapping, or going round in circles', 'sorted, doubles dropped, the circle is noticed'],
  ['impossible numbers in any notation', 'the bar goes into quarantine with a reason; too many end the load'],
  ['times in other units, local, in the future, off the grid', 'the unit is proven; what is off the grid is set apart; an open bar waits'],
  [
    'history changed since the last load, a split, a new name, the end of a listing',
    'a rule decides and is recorded; never blended in silence',
  ],
  ['fewer bars than the calendar expects; a hole in a page', 'an entry in the ledger with a verdict, not "complete"'],
  [
    'an archive fails its checksum, or disagrees with the API',
    'the archive is refused; the disagreement is recorded; one source per interval',
  ],
  ['a key is wrong, runs out, or has no plan for this', 'not retried; the load is parked and says so once'],
  ['a redirect to another host, to plain http, into the local network', 'not followed; the key goes nowhere else'],
  ['failover with half the segments done; both providers down', 'each segment keeps its source; the load waits and says until when'],
  ['JSON made to hurt: depth, keys, prototypes, bad encoding', 'refused or read as data; nothing is poisoned'],
]);

const ATTACKS = cases('E', [
  ['symbols that are paths or hold unseen characters, of any length', 'refused or escaped; nothing outside the data folder'],
  ['a workflow started directly with hostile input', 'activities judge it anew; nothing is written outside'],
  ['the web page called from elsewhere, without a token, under another name', 'refused; local by default; never open without a token'],
  ['markup in symbols, messages and error texts', 'shown as text'],
  ['a marked secret and every error provoked', 'the mark is found in no output'],
  ['settings others can read, links, YAML tags and bombs', 'warned of or refused; the safe schema with a cap on aliases'],
  ['formulas in exports, terminal sequences in answers', 'made harmless'],
  ['imports with endless lines, open quotes, wrong encodings', 'bounded memory, the row in the error, nothing committed'],
  ['ten thousand requests a second, a thousand slow connections', 'limits hold; loads do not notice'],
  ['a dependency or a downloaded program was tampered with', 'the lock file, npm ci and checksums refuse it'],
]);

const OPERATION = cases('F', [
  ['24 hours of fifty series and five backfills, with a fault every two minutes', 'no bar lost or doubled; memory and files flat'],
  ['the data folder restored elsewhere, also from a copy made while running', 'opens, verifies, equal by hash'],
  ['upgrade from each release with open loads; downgrade', 'loads go on or start anew; a downgrade is refused with advice'],
  ['search attributes or the namespace are missing; retention has passed', 'created, or done without and said; loads run on'],
  ['a server too old, too new, at a wrong address, with other TLS', 'one clear line and an exit code within ten seconds'],
  ['a cluster loses a node, its database, its front', 'loads complete with one commit each'],
]);

export const faults: readonly FaultCase[] = [...PROCESSES, ...DISK, ...TOGETHER, ...PROVIDERS, ...ATTACKS, ...OPERATION];
