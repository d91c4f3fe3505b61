import { VALUES } from '../../model/bars.js';
import type { ChangeWish, CorrectedValues } from '../../model/change.js';
import { fail } from '../../model/errors.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS } from '../command.js';
import { CHANGE_OPTIONS, orderedChange } from '../jobs/ordered.js';
import { moment } from '../screen/words.js';
import { parseMoment } from '../times.js';

export const correct: Command = {
  name: 'correct',
  about: 'one bar as you know it, kept against later loads',
  more: 'What is not named stays as it is. Earlier versions keep the bar of the source, and --withdraw puts back what the source last said of it.',
  args: SERIES_ARGS,
  options: [
    ['--at <time>', 'the open of the bar'],
    ...VALUES.map(name => [`--${name} <number>`, `its ${name}`] as const),
    ['--reason <text>', 'why, for whoever reads the history'],
    ['--withdraw', "the source's bar again"],
    ...CHANGE_OPTIONS,
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example:
    "tapekeep correct BTCUSDT 1m --at 2024-03-05T13:04Z --low 61250 --reason 'a print that the exchange took back'\ntapekeep correct BTCUSDT 1m --at 2024-03-05T13:04Z --withdraw",
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => {
    const [symbol = '', timeframe = ''] = call.args;
    const wish = wishOf(call);
    const named = { symbol, timeframe, dataset: call.text('dataset') };
    return orderedChange(
      call,
      async () => ({ named, wish }),
      ({ version }) =>
        `${symbol} ${timeframe}: the bar of ${moment(wish.ts)} is ${wish.kind === 'correct' ? 'corrected' : 'what the source last said of it'} as version ${version}`,
    );
  },
};

function wishOf(call: Call): ChangeWish & { readonly ts: number } {
  const at = call.text('at');
  if (at === undefined) throw fail('USAGE', { reason: 'which bar? Name its open with --at. Nothing was done' });
  const ts = parseMoment(at);
  const values = valuesOf(call);
  const reason = call.text('reason')?.trim();
  if (call.on('withdraw')) {
    if (Object.keys(values).length > 0) throw fail('USAGE', { reason: '--withdraw takes no values. Nothing was done' });
    return { kind: 'withdraw', ts };
  }
  if (Object.keys(values).length === 0)
    throw fail('USAGE', { reason: `what is right? Name at least one of ${VALUES.map(name => `--${name}`).join(', ')}. Nothing was done` });
  if (!reason || reason.length > 500) throw fail('USAGE', { reason: 'why? Say it in up to 500 letters with --reason. Nothing was done' });
  return { kind: 'correct', ts, values, reason };
}

function valuesOf(call: Call): CorrectedValues {
  return Object.fromEntries(
    VALUES.flatMap(name => {
      const text = call.text(name);
      if (text === undefined) return [];
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) throw fail('USAGE', { reason: `--${name} is a number, not ${JSON.stringify(text)}. Nothing was done` });
      return [[name, value] as const];
    }),
  );
}
