/** How a person names a load: by its id, or by its series as one word or two. */
import { fail } from '../../model/errors.js';
import { parseTimeframe } from '../../model/timeframe.js';

export function loadNameOf(args: readonly string[]): string {
  const words = args.flatMap(arg => arg.trim().split(/\s+/)).filter(word => word !== '');
  const [first = '', second] = words;
  if (words.length > 2)
    throw fail('USAGE', {
      reason: `${JSON.stringify(words.join(' '))} names no load: write its id, or symbol and timeframe. Nothing was done`,
    });
  return second === undefined ? first : `${first} ${parseTimeframe(second)}`;
}
