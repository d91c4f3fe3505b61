/** Which source is asked for a series: the rule of its kind of market, and of the rule's sources the first that can serve. */
import type { AssetClass, Series } from './series.js';
import { isIntraday, type Timeframe } from './timeframe.js';

export const RULE_NAMES = ['crypto', 'stock_intraday', 'stock_daily', 'international', 'fx', 'futures'] as const;
export type RuleName = (typeof RULE_NAMES)[number];

export interface Rule {
  readonly primary: string;
  readonly backup: readonly string[];
  /** Absent: all. */
  readonly timeframes?: readonly Timeframe[];
  /** A source that fails now is passed by for a while. */
  readonly byHealth: 'yes' | 'no';
  /** Whether a load may take bars of another source of the rule where its own cannot serve: of the same basis, or of other venues, too. */
  readonly mix: Mix;
  /** Whether bars of a source that stood in are asked for again, of the one it stood in for. */
  readonly retake: 'yes' | 'no';
}

export const MIXES = ['never', 'fill-gaps', 'any'] as const;
export type Mix = (typeof MIXES)[number];

export type Rules = Readonly<Partial<Record<RuleName, Rule>>>;

/** Where there is no rule and nobody says otherwise. */
export const USUAL_PROVIDER = 'simulated';

/** What is known of a source without asking it. */
export interface Able {
  readonly name: string;
  readonly assetClasses: readonly AssetClass[];
  readonly timeframes: readonly Timeframe[];
  /** null: it needs none. */
  readonly hasKey: boolean | null;
  /** Requests of the last minutes, and those that failed. */
  readonly health?: { readonly asked: number; readonly failed: number };
  /** It is left alone because it fails. */
  readonly rests?: boolean;
}

export interface Considered {
  readonly provider: string;
  readonly fits: boolean;
  readonly why: string;
}

export interface Choice {
  readonly rule: RuleName | null;
  /** null: none of the rule can serve, or there is no rule. */
  readonly provider: string | null;
  readonly considered: readonly Considered[];
  readonly says: string;
}

const US = ['XNYS', 'XNAS'];

/** Stocks of other markets than those of the US have a rule of their own; what is traded like stocks follows theirs. */
export function ruleFor({ assetClass, timeframe }: Pick<Series, 'assetClass' | 'timeframe'>, calendar: string | null): RuleName | null {
  if (assetClass === 'crypto') return 'crypto';
  if (assetClass === 'fx' || assetClass === 'commodity') return 'fx';
  if (assetClass === 'future') return 'futures';
  if (!['stock', 'etf', 'fund', 'index'].includes(assetClass)) return null;
  if (calendar !== null && !US.includes(calendar)) return 'international';
  return isIntraday(timeframe) ? 'stock_intraday' : 'stock_daily';
}

export function choose(series: Series, calendar: string | null, rules: Rules, able: readonly Able[]): Choice {
  const name = ruleFor(series, calendar);
  const rule = name === null ? undefined : rules[name];
  if (!name || !rule) return { rule: null, provider: null, considered: [], says: `there is no rule for ${name ?? series.assetClass}` };
  if (rule.timeframes && !rule.timeframes.includes(series.timeframe))
    return { rule: name, provider: null, considered: [], says: `the rule ${name} is for ${rule.timeframes.join(', ')} only` };
  const considered = [rule.primary, ...rule.backup].map(provider => considerOne(provider, series, rule, able));
  const found = considered.find(c => c.fits);
  if (!found) return { rule: name, provider: null, considered, says: `no source of the rule ${name} can serve it` };
  const place = found.provider === rule.primary ? 'the primary' : 'a backup';
  return { rule: name, provider: found.provider, considered, says: `${found.provider} is ${place} of the rule ${name} and can serve it` };
}

const UNWELL = 0.5;
const ENOUGH = 5;

function considerOne(provider: string, { assetClass, timeframe }: Series, { byHealth }: Rule, all: readonly Able[]): Considered {
  const able = all.find(a => a.name === provider);
  const no = (why: string): Considered => ({ provider, fits: false, why });
  if (!able) return no('there is no such source');
  if (!able.assetClasses.includes(assetClass)) return no(`it has no ${assetClass} bars`);
  if (!able.timeframes.includes(timeframe)) return no(`it has no ${timeframe} bars`);
  if (able.hasKey === false) return no('its key is missing');
  if (byHealth === 'yes' && able.rests === true) return no('it fails, and is left alone for a while');
  const { asked = 0, failed = 0 } = able.health ?? {};
  if (byHealth === 'yes' && asked >= ENOUGH && failed / asked > UNWELL) return no(`${failed} of its last ${asked} requests failed`);
  return { provider, fits: true, why: able.hasKey === null ? 'it serves this, and needs no key' : 'it serves this, and its key is there' };
}
