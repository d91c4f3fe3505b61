import { nameOf } from '../../model/series.js';
import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { jsonOfLoad, type LoadRow } from '../load-row.js';
import type { Column } from '../screen/table.js';
import { duration, when } from '../screen/words.js';

const COLUMNS: readonly Column<LoadRow>[] = [
  { title: 'load', of: l => l.load },
  { title: 'series', of: l => nameOf(l.series) },
  { title: 'provider', of: l => l.provider },
  { title: 'outcome', of: l => l.outcome },
  { title: 'started', of: l => when(l.startedAt) },
  { title: 'took', of: l => duration((l.endedAt ?? Date.now()) - l.startedAt), right: true },
];

export const loads: Command = {
  name: 'loads',
  about: 'the loads that run, and those of the last 90 days',
  options: [['--most <count>', 'so many at most (100)'], JSON_OPTION],
  example: 'tapekeep loads',
  run: call =>
    withTapekeep(call, async tapekeep => {
      const rows = await tapekeep.loads(Number(call.text('most') ?? 100));
      if (call.on('json')) call.screen.json(rows.map(jsonOfLoad));
      else if (rows.length === 0) call.screen.say('There are no loads yet. tapekeep load <symbol> <timeframe> orders one.');
      else call.screen.table(COLUMNS, rows);
      return 'done';
    }),
};
