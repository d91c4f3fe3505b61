import { type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import { many } from '../screen/words.js';

export const eventsImport: Command = {
  name: 'events import',
  about: 'takes in splits and dividends from a file',
  more: 'A CSV file has the columns date,kind,value,currency: "2020-08-31,split,4," or "2024-05-10,dividend,0.25,USD". The date is the first one that trades without the right; the ratio of a split is new shares for one old one, also as 4:1. What is imported by hand is not overruled by providers.',
  args: [
    ['<file>', 'CSV or JSON'],
    ['<symbol>', 'the name the market uses, e.g. AAPL'],
  ],
  options: [
    ['--replace', 'forgets what was imported by hand before'],
    DATASET_OPTION,
    ['--class <class>', 'what is traded, where nothing is stored of the symbol yet'],
    JSON_OPTION,
  ],
  example: 'tapekeep events import apple.csv AAPL',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [file = '', symbol = ''] = call.args;
      const { readEventsFile } = await import('../events/file.js');
      const events = readEventsFile(file);
      const named = { symbol, dataset: call.text('dataset'), assetClass: call.text('class') };
      const report = await tapekeep.putEvents(named, events, { replace: call.on('replace') });
      if (call.on('json')) call.screen.json(report);
      else {
        const changes = `${report.added} new, ${report.changed} changed, ${report.removed} removed`;
        call.screen.say(
          `${symbol}: ${many(report.events, 'event')}: ${changes}${report.version === null ? '' : `; version ${report.version} of its events`}`,
        );
      }
      return 'done';
    }),
};
