import type { SourceFacts } from '../../model/consult.js';
import { DAY, HOUR } from '../../model/timeframe.js';
import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { leftWords, restWords } from '../facts/source-words.js';
import type { Column } from '../screen/table.js';
import { count } from '../screen/words.js';

const keyWords = ({ hasKey, plan }: SourceFacts): string =>
  hasKey === null ? 'not needed' : hasKey ? `there${plan === null ? '' : ` (${plan})`}` : 'missing';

const lengthWords = (ms: number): string => (ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${count(Math.floor(ms / DAY))} d`);

const depthWords = ({ depthMs }: SourceFacts): string => {
  const parts = Object.entries(depthMs).map(([timeframe, ms]) => `${timeframe} ${lengthWords(ms as number)}`);
  return parts.length === 0 ? 'to the listing' : parts.join(', ');
};

const costWords = ({ perSecond, perDay }: SourceFacts): string =>
  `${perSecond >= 1 ? `${perSecond.toFixed(0)}/s` : `${(perSecond * 60).toFixed(0)}/min`}${perDay === null ? '' : `, ${count(perDay)} a day`}`;

const COLUMNS: readonly Column<SourceFacts>[] = [
  { title: 'source', of: s => s.name },
  { title: 'serves', of: s => s.assetClasses.join(' ') },
  { title: 'lengths', of: s => s.timeframes.join(' ') },
  { title: 'how deep', of: depthWords },
  { title: 'prices', of: s => s.basis.adjustment },
  { title: 'requests', of: costWords },
  { title: 'today', of: leftWords },
  { title: 'rests', of: s => restWords(s) },
  { title: 'key', of: keyWords },
  { title: 'rules', of: s => s.rules.join(' ') || '-' },
];

export const providers: Command = {
  name: 'providers',
  about: 'the sources: what each serves, how deep, at what cost, whether it rests',
  options: [JSON_OPTION],
  example: 'tapekeep providers',
  run: call =>
    withTapekeep(call, async tapekeep => {
      const all = await tapekeep.providers();
      if (call.on('json')) call.screen.json(all);
      else call.screen.table(COLUMNS, all);
      return 'done';
    }),
};
