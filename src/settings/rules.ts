/** Which source is asked for what: a rule for each kind of market. */
import { z } from 'zod';
import { MIXES, RULE_NAMES } from '../model/provider-rules.js';
import { TIMEFRAMES } from '../model/timeframe.js';
import { providers } from './providers.js';
import { oneOf, setting } from './setting.js';

const names = Object.keys(providers.shape) as [string, ...string[]];
const known = `one of ${names.join(', ')}`;
/** Names are written with a dash; an underscore is taken for one. */
const source = z.preprocess(name => (typeof name === 'string' ? name.replaceAll('_', '-') : name), z.enum(names));

const rule = z.strictObject({
  primary: setting(source, 'The source that is asked first.', known),
  backup: setting(z.array(source).max(20), 'Those that are asked when it cannot serve, in this order.', `a list of ${known}`).default([]),
  timeframes: setting(
    z.array(z.preprocess(t => (t === '1M' ? '1mo' : t), z.enum(TIMEFRAMES))).max(TIMEFRAMES.length),
    'The lengths of bars that the rule is for; unset, all.',
    `a list of ${TIMEFRAMES.join(' ')}`,
  ).exactOptional(),
  byHealth: oneOf('Whether a source that fails now is passed by for a while: yes or no.', ['yes', 'no']).default('no'),
  mix: oneOf(
    'Whether a load goes on with the next source of the rule while its own cannot serve: never; where the prices are of one basis; or of any venue.',
    MIXES,
  ).default('fill-gaps'),
  retake: oneOf('Whether bars of a source that stood in are asked for again a day later, of the one it stood in for.', [
    'yes',
    'no',
  ]).default('yes'),
});

export const rules = setting(
  z.partialRecord(z.enum(RULE_NAMES), rule),
  'Which source is asked for which kind of market, where neither the command nor the series says. Usually in config/providers.yaml.',
  `rules by name: ${RULE_NAMES.join(', ')}`,
);
