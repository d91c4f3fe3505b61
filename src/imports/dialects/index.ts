/** All dialects, the particular before the general: the first that knows a file reads it. */
import { fail } from '../../model/errors.js';
import type { Dialect } from '../dialect.js';
import { binanceArchive } from './binance-archive.js';
import { cryptoDataDownload } from './cryptodatadownload.js';
import { dukascopy } from './dukascopy.js';
import { headed, unheaded } from './generic.js';
import { investing } from './investing.js';
import { metatraderPython } from './metatrader-python.js';
import { metatrader4 } from './metatrader4.js';
import { metatrader5 } from './metatrader5.js';
import { ninjatrader } from './ninjatrader.js';
import { sierraChart } from './sierra-chart.js';
import { tradingview } from './tradingview.js';

export const DIALECTS: readonly Dialect[] = [
  tradingview,
  ninjatrader,
  metatrader5,
  metatrader4,
  metatraderPython,
  dukascopy,
  sierraChart,
  binanceArchive,
  cryptoDataDownload,
  investing,
  headed,
  unheaded,
];

/** Those that a name means: `generic` is with a heading and without. */
export function dialectsNamed(wanted: string | undefined): readonly Dialect[] {
  if (wanted === undefined) return DIALECTS;
  const some = DIALECTS.filter(({ name }) => name === wanted || name.startsWith(`${wanted}-`));
  if (some.length > 0) return some;
  const known = DIALECTS.map(({ name }) => name).join(', ');
  throw fail('USAGE', { reason: `there is no dialect ${wanted}: there are ${known}. Nothing was written` });
}
