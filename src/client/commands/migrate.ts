import type { MigratedSeries, MigrateReport } from '../../model/migrate.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION } from '../command.js';
import type { Exit } from '../exits.js';
import { withJobDisplay } from '../jobs/display.js';
import { plain } from '../screen/text.js';
import { count, many } from '../screen/words.js';

export const migrate: Command = {
  name: 'migrate',
  about: 'takes over files of an older collection',
  more: 'Finds SYMBOL/TIMEFRAME/YYYY.csv.gz, SYMBOL_TIMEFRAME.parquet and .feather below the folder, and commits their bars. What is stored stays, what is in already is passed by, and the files are only read.',
  args: [['<folder>', 'where the files are']],
  options: [
    ['--class <class>', 'what is traded, for new symbols that leave a doubt'],
    ['--calendar <name>', 'which bars should exist, as XNYS or CMES'],
    ['--provider <name>', 'whose kind of prices these are: the one that will go on with the series'],
    DATASET_OPTION,
    ['--again', 'reads files again that a version names already'],
    ['--dry-run', 'tells what would be added, and commits nothing'],
    JSON_OPTION,
  ],
  example: 'tapekeep migrate ~/old-data --dry-run\ntapekeep migrate ~/futures --class future --calendar CMES',
  exits: ['partial', 'cancelled'],
  run: call =>
    withJobDisplay(call, async (tapekeep, follow) => {
      const given = {
        assetClass: call.text('class'),
        calendar: call.text('calendar'),
        provider: call.text('provider'),
        dataset: call.text('dataset'),
      };
      const optional = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const request = { ...optional, again: call.on('again'), dryRun: call.on('dryRun') };
      const report = await tapekeep.migrate(call.args[0] ?? '', request, follow);
      return () => tell(call, report);
    }),
};

function tell(call: Call, report: MigrateReport): Exit {
  const { screen } = call;
  const exit: Exit = report.outcome === 'partial' ? 'partial' : 'done';
  if (call.on('json')) {
    screen.json(report);
    return exit;
  }
  for (const series of report.series) for (const line of linesOf(series, report.dryRun)) screen.say(line);
  for (const file of report.strange) screen.say(`${plain(file)}: its name tells no series`);
  if (report.series.length + report.strange.length === 0) screen.say(`There is nothing to take over in ${report.folder}.`);
  else if (report.outcome === 'nothing') screen.say('Nothing to do: all of it is there already.');
  else if (report.dryRun) screen.say('Nothing was written.');
  return exit;
}

function linesOf(series: MigratedSeries, dryRun: boolean): string[] {
  const { name, rows, added, unchanged, kept, quarantined, files, known, versions, refused, failed, error } = series;
  const parts = [
    `${many(added, 'bar')} ${dryRun ? 'would be added' : 'added'}`,
    unchanged > 0 ? `${count(unchanged)} there already` : '',
    kept > 0 ? `${count(kept)} said otherwise than what is stored, which stays` : '',
    quarantined > 0 ? `${count(quarantined)} set aside: they cannot be right` : '',
    versions.length > 0 ? `to version ${versions.at(-1)}` : '',
  ];
  const read = `${many(files, 'file')} with ${many(rows, 'bar')}${known > 0 ? `, ${many(known, 'file')} known already` : ''}`;
  return [
    `${name}: ${read}: ${parts.filter(Boolean).join(', ')}`,
    ...Object.entries(refused).map(([reason, n]) => `  ${many(n, 'row')} not taken: ${reason}`),
    ...failed.map(({ file, reason }) => `  ${plain(file)} not taken: ${plain(reason)}`),
    ...(error ? [`  ended early: ${plain(error.message)} (${error.code})`] : []),
  ];
}
