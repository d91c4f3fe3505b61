import type { BackupReport } from '../../model/backup.js';
import { idOf } from '../../model/series.js';
import { type Call, type Command, JSON_OPTION, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import { withJobDisplay } from '../jobs/display.js';
import { plain } from '../screen/text.js';
import { bytes, count, many, when } from '../screen/words.js';

const FOLDER = ['[folder]', 'where the backup is; else backup.folder of the settings'] as const;

const DRY_RUN = ['--dry-run', 'tells what would be copied, and copies nothing'] as const;

export const backup: Command = {
  name: 'backup',
  about: 'copies the tables to a second place',
  more: 'Only what is new is copied; each copy is read back and compared by its SHA-256. Interrupted, the next one goes on where it was. Whatever reads tables reads the copies.',
  args: [FOLDER],
  options: [['--again', 'reads every copy again, and mends what is damaged'], DRY_RUN, JSON_OPTION],
  example: 'tapekeep backup /mnt/second\ntapekeep backup',
  exits: ['partial', 'cancelled'],
  run: call =>
    withJobDisplay(call, async (tapekeep, follow) => {
      const report = await tapekeep.backup(call.args[0], { again: call.on('again'), dryRun: call.on('dryRun') }, follow);
      return () => tell(call, report);
    }),
};

export const backupRestore: Command = {
  name: 'backup restore',
  about: 'brings tables back from a backup',
  more: 'What is missing or damaged is mended; a table that has gone on since stays as it is. With --to the tables come into another folder.',
  args: [
    ['<folder>', 'where the backup is'],
    ['[series...]', 'only this one: BTCUSDT, or BTCUSDT 1m'],
  ],
  options: [['--to <folder>', 'another folder than the data folder'], DRY_RUN, JSON_OPTION],
  example: 'tapekeep backup restore /mnt/second BTCUSDT 1m --to looked-at',
  exits: ['missing', 'partial', 'cancelled'],
  run: call =>
    withJobDisplay(call, async (tapekeep, follow) => {
      const [folder = '', ...series] = call.args;
      const to = call.text('to');
      const report = await tapekeep.bringBack(
        folder,
        { ...(series.length > 0 ? { series: series.join(' ') } : {}), ...(to === undefined ? {} : { to }), dryRun: call.on('dryRun') },
        follow,
      );
      return () => tell(call, report);
    }),
};

export const backupVerify: Command = {
  name: 'backup verify',
  about: 'reads a backup again, file by file',
  more: 'Every file that the backup promises is read and compared by its SHA-256, every log is followed. Changes nothing.',
  args: [FOLDER],
  options: [JSON_OPTION],
  example: 'tapekeep backup verify /mnt/second',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const { screen } = call;
      const verdicts = await tapekeep.verifyBackup(call.args[0]);
      const bad = verdicts.some(v => v.faults.length > 0);
      if (call.on('json')) screen.json(verdicts);
      else {
        for (const { series, version, at, files, bytes: size, faults } of verdicts) {
          const name = idOf(series);
          screen.say(
            `${name}, version ${version ?? '-'} of ${when(at)}: ${many(files, 'file')}, ${bytes(size)}: ${faults.length === 0 ? 'whole' : 'DAMAGED'}`,
          );
          for (const fault of faults) screen.say(`  ${plain(fault)}`);
        }
        screen.say(
          verdicts.length === 0 ? 'There is no backup there.' : bad ? 'tapekeep backup --again mends what is whole here.' : 'All is well.',
        );
      }
      return verdicts.length === 0 ? 'missing' : bad ? 'damaged' : 'done';
    }),
};

function tell(call: Call, report: BackupReport): Exit {
  const { screen } = call;
  const exit: Exit = report.outcome === 'partial' ? 'partial' : 'done';
  if (call.on('json')) {
    screen.json(report);
    return exit;
  }
  for (const { series, version, files, bytes: size, error } of report.series) {
    if (error) screen.say(`${series}: ${plain(error.message)} (${error.code})`);
    else if (files > 0)
      screen.say(
        `${series}: ${many(files, 'file')} ${report.dryRun ? 'would be copied' : 'copied'}, ${bytes(size)}, to version ${version}`,
      );
  }
  const whole = report.series.filter(s => !s.error).length;
  const size = report.series.reduce((n, s) => n + s.bytes, 0);
  const place = report.what === 'backup' ? report.folder : (report.to ?? 'the data folder');
  if (report.dryRun) screen.say(`${bytes(size)} of ${count(whole)} series would be copied to ${place}. Nothing was.`);
  else screen.say(`${count(whole)} of ${count(report.series.length)} series are in ${place}, ${bytes(size)} copied`);
  return exit;
}
