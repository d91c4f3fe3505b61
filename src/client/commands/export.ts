import { nameOf } from '../../model/series.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, SERIES_ARGS, withTapekeep } from '../command.js';
import type { Exit } from '../exits.js';
import type { Exported, ExportRequest } from '../export/export.js';
import { onInterrupt } from '../interrupt.js';
import { bytes, count, many, moment } from '../screen/words.js';
import { iso } from '../times.js';

const SHOWN = 5;

export const exportCommand: Command = {
  name: 'export',
  about: 'writes bars as files that other programs read',
  more: 'Reads what is stored, in this process. A file is there whole or not at all, and one that is there already stays unless --force is given.',
  args: SERIES_ARGS,
  options: [
    ['--format <name>', 'parquet (the default), csv, csv.gz, feather, arrow, freqtrade, nautilus, lean or backtrader'],
    ['--out <path>', 'the file, or the folder of a layout; else in the working folder'],
    ['--from <time>', 'from this day or moment on'],
    ['--to <time>', 'up to this day or moment, which is not in it'],
    ['--as-of <version>', 'as it was at this version, or at this moment'],
    ['--adjusted <by>', "by today's measure: split, or dividend for both; else as they were traded"],
    ['--pair <name>', 'for freqtrade, where the symbol leaves a doubt: BTC/USDT'],
    ['--venue <name>', 'for Nautilus: whose bars these are'],
    ['--force', 'replaces files that are there'],
    ['--dry-run', 'tells what would be written, and writes nothing'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example:
    'tapekeep export BTCUSDT 1m --from 2024-01-01 --out btc.parquet\ntapekeep export BTCUSDT 1m --format freqtrade --out user_data/data/binance\ntapekeep export BTCUSDT 1m --format lean --out Data/crypto/binance --dry-run',
  exits: ['missing', 'damaged', 'cancelled'],
  run: call => withTapekeep(call, async tapekeep => write(call, request => tapekeep.export(request))),
};

async function write(call: Call, act: (request: ExportRequest) => Promise<Exported>): Promise<Exit> {
  const interrupted = new AbortController();
  const release = onInterrupt(
    () => interrupted.abort('Ctrl+C'),
    () => call.screen.tell('left at once: a file that was not finished may lie beside the others, as .….tmp'),
  );
  try {
    const exported = await act(requestOf(call, interrupted.signal));
    if (call.on('json')) call.screen.json(jsonOf(exported));
    else tell(exported, call);
    return 'done';
  } catch (error) {
    // Anything else went wrong at its own time, and may have left files behind.
    if (error !== interrupted.signal.reason) throw error;
    call.screen.tell('cancelled: nothing was written');
    return 'cancelled';
  } finally {
    release();
  }
}

function requestOf(call: Call, signal: AbortSignal): ExportRequest {
  const [symbol = '', timeframe = ''] = call.args;
  const given = Object.fromEntries(
    ['format', 'out', 'from', 'to', 'asOf', 'adjusted', 'pair', 'venue', 'dataset'].flatMap(name => {
      const value = call.text(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { symbol, timeframe, ...given, force: call.on('force'), dryRun: call.on('dryRun'), signal };
}

function tell({ series, version, rows, first, last, files, written }: Exported, { screen }: Call): void {
  const range = first === null ? '' : `, ${moment(first)} to ${moment(last)}`;
  screen.say(`${nameOf(series)}, version ${version}: ${many(rows, 'bar')}${range}`);
  for (const file of files.slice(0, SHOWN)) screen.say(`  ${file.path}  ${bytes(file.bytes)}`);
  if (files.length > SHOWN) screen.say(`  and ${count(files.length - SHOWN)} more`);
  const size = files.reduce((n, f) => n + f.bytes, 0);
  const total = `${many(files.length, 'file')}, ${bytes(size)}`;
  screen.say(screen.paint.dim(written ? `${total} written` : `${total} would be written. Nothing was.`));
}

const jsonOf = ({ series, first, last, ...rest }: Exported) => ({ ...series, ...rest, first: iso(first), last: iso(last) });
