/** An earlier version again: its files are named once more, and coverage and ledger go back with the bars. */
import { fail } from '../../model/errors.js';
import { nameOf } from '../../model/series.js';
import { HELD_KEY, type Hold } from '../log/hold.js';
import type { TableFile } from '../log/snapshot.js';
import { openTable } from '../table.js';
import type { Builder } from './parts.js';

/** The series is held: the next load would bring back what somebody just took out. */
export const restoring: Builder<{ kind: 'restore'; version: number }> = async (house, table, { change, by }) => {
  const then = await openTable(house, table.series, change.version);
  const { back, removes } = filesBetween(table.snapshot.files, then.snapshot.files);
  const hold: Hold = { version: change.version, at: house.now(), by };
  const before = table.snapshot.metaData.configuration;
  const after = then.snapshot.metaData.configuration;
  const gone = Object.keys(before).filter(key => !(key in after));
  return {
    back,
    removes,
    holdings: then.holdings,
    configuration: { ...after, ...Object.fromEntries(gone.map(key => [key, null])), [HELD_KEY]: JSON.stringify(hold) },
    lineage: { restored: change.version, calendar: then.calendar },
  };
};

/** Files that only the one version names, and files that only the other does. */
function filesBetween(now: ReadonlyMap<string, TableFile>, then: ReadonlyMap<string, TableFile>) {
  return {
    back: [...then.values()].filter(file => !now.has(file.path)),
    removes: [...now.keys()].filter(path => !then.has(path)),
  };
}

export const releasing: Builder<{ kind: 'release' }> = async (_house, table) => {
  if (!table.hold) throw fail('USAGE', { reason: `${nameOf(table.series)} is not held: there is nothing to release. Nothing was done` });
  return { configuration: { [HELD_KEY]: null } };
};
