import { fail } from '../../model/errors.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS } from '../command.js';
import { type Asked, CHANGE_OPTIONS, orderedChange } from '../jobs/ordered.js';
import type { Tapekeep } from '../library.js';
import { versionAt } from '../stored/versions.js';

export const restore: Command = {
  name: 'restore',
  about: 'an earlier version again, as a new one',
  more: 'Bars, coverage and the record of what is absent go back; no version is lost. Loads then leave the series alone, until --release.',
  args: SERIES_ARGS,
  options: [
    ['--version <number>', 'the version that is to come back'],
    ['--at <time>', 'the version that was there at this moment'],
    ['--release', 'lets loads change the series again'],
    ...CHANGE_OPTIONS,
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example:
    'tapekeep restore BTCUSDT 1m --version 3 --dry-run\ntapekeep restore BTCUSDT 1m --at 2024-05-01T12:00Z --yes\ntapekeep restore BTCUSDT 1m --release',
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => {
    const [symbol = '', timeframe = ''] = call.args;
    const named = { symbol, timeframe, dataset: call.text('dataset') };
    return orderedChange(
      call,
      tapekeep => asked(call, tapekeep, named),
      ({ kind, outcome, version }) =>
        kind === 'release'
          ? `${symbol} ${timeframe}: released as version ${version}; the next load makes it complete again`
          : `${symbol} ${timeframe}: ${outcome === 'unchanged' ? 'that version is there already' : `restored as version ${version}`}; held until tapekeep restore ${symbol} ${timeframe} --release`,
    );
  },
};

async function asked(call: Call, tapekeep: Tapekeep, named: Asked['named']): Promise<Asked> {
  const [version, at, release] = [call.text('version'), call.text('at'), call.on('release')];
  if ([version !== undefined, at !== undefined, release].filter(Boolean).length !== 1)
    throw fail('USAGE', { reason: 'name one of --version, --at and --release. Nothing was done' });
  if (release) return { named, wish: { kind: 'release' }, harmless: true };
  if (version !== undefined && !/^\d{1,15}$/.test(version))
    throw fail('USAGE', { reason: `--version is a number, not ${JSON.stringify(version)}. Nothing was done` });
  const series = await tapekeep.find(named);
  return { named, wish: { kind: 'restore', version: await versionAt(tapekeep.tables, series, (version ?? at) as string) } };
}
