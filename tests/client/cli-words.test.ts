/** The words of the command line: what is understood, what is refused, and what the help says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../src/client/commands/index.js';
import { complaint, known } from '../../src/client/complaint.js';
import { EXITS, worstOf } from '../../src/client/exits.js';
import { loadNameOf } from '../../src/client/loads/name.js';
import { expectedMs, jsonOfPlan, planLines } from '../../src/client/loads/plan-words.js';
import { reportLines } from '../../src/client/loads/report-words.js';
import { main, programOf } from '../../src/client/program.js';
import type { Planned } from '../../src/client/requests.js';
import { startOfNewest } from '../../src/client/stored/bars-out.js';
import { fail } from '../../src/model/errors.js';
import { interval } from '../../src/model/interval.js';
import { type LoadReport, reportOfNothing } from '../../src/model/load.js';
import { readProjectFile } from '../project-files.js';

interface Understood {
  readonly name: string;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, string>>;
}

async function understood(...words: string[]): Promise<Understood> {
  let heard: Understood | undefined;
  await programOf(async ({ name }, args, options, { set }) => {
    heard = { name, args, options, set };
  }, words).parseAsync(words, { from: 'user' });
  assert.ok(heard);
  return heard;
}

test('arguments, options and what every command takes are understood in any order', async () => {
  const load = await understood('load', 'BTCUSDT,ETHUSDT', '1m', '--from', '2024-01-01', '--set', 'a.b=c=d', '--plan', '--data', 'x');
  assert.deepEqual(load, {
    name: 'load',
    args: ['BTCUSDT,ETHUSDT', '1m'],
    options: { from: '2024-01-01', plan: true },
    set: { 'a.b': 'c=d', data: 'x' },
  });
  assert.equal((await understood('--set', 'data=x', 'config', 'check')).name, 'config check');
  assert.deepEqual((await understood('progress', 'BTCUSDT', '1m', '--json')).args, ['BTCUSDT', '1m']);
});

test('what is not understood is refused with what was probably meant', async () => {
  await assert.rejects(understood('lod', 'X', '1m'), /unknown command 'lod'\s+\(Did you mean (load|one of load, loads)\?\)/);
  await assert.rejects(understood('load', 'X', '1m', '--form', '2024'), /unknown option '--form'\s+\(Did you mean --from\?\)/);
  await assert.rejects(understood('show', 'X'), /missing required argument 'timeframe'/);
  await assert.rejects(understood('list', '--set', 'port'), /names no setting and its value/);
});

test('every command has a short line, an example that it understands, and exit codes', async () => {
  const program = programOf(async () => {});
  const names = new Set(commands.map(c => c.name));
  assert.equal(names.size, commands.length);
  for (const { name, about, example } of commands) {
    assert.ok(about.length <= 80, `${name}: ${about}`);
    const [first = '', second] = name.split(' ');
    const words = program.commands.find(c => c.name() === first);
    let help = '';
    const of = second === undefined ? words : words?.commands.find(c => c.name() === second);
    of?.configureOutput({ writeOut: text => (help += text) }).outputHelp();
    assert.match(help, /Example:\n {2}tapekeep /, name);
    assert.match(help, /Exit codes:\n(.|\n)* 2 {2}the command line/, name);
    for (const line of example.split('\n')) {
      const told = line.replace(/ >.*| \|.*/, '').match(/'[^']*'|\S+/g) ?? [];
      assert.equal((await understood(...told.slice(1).map(word => word.replace(/^'|'$/g, '')))).name, name, line);
    }
  }
});

test('docs/cli.md tells of every command', () => {
  const page = readProjectFile('docs/cli.md');
  assert.deepEqual(
    commands.map(({ name }) => name).filter(name => !new RegExp(`(^## .*|\`|tapekeep )${name}\\b`, 'm').test(page)),
    [],
  );
});

test('the help of the whole fits on a screen', () => {
  let help = '';
  programOf(async () => {})
    .configureOutput({ writeOut: text => (help += text), getOutHelpWidth: () => 80 })
    .outputHelp();
  assert.ok(help.split('\n').length <= 60, help);
});

test('a load is named by its id, or by its series in one word or two', () => {
  assert.equal(loadNameOf(['01JD3W5X8Q2R9T6Y4B7N0M1K5H']), '01JD3W5X8Q2R9T6Y4B7N0M1K5H');
  assert.equal(loadNameOf(['BTCUSDT', '1m']), 'BTCUSDT 1m');
  assert.equal(loadNameOf(['BTCUSDT 1M']), 'BTCUSDT 1mo');
  assert.throws(() => loadNameOf(['BTCUSDT', '1m', 'now']), /names no load/);
  assert.throws(() => loadNameOf(['BTCUSDT', '7m']), /no timeframe/);
});

test('an error is told as what happened and what to do next, and its stack only to who asks', () => {
  const paint = { dim: String, bold: String, good: String, bad: String, warn: String };
  const error = fail('SYMBOL_UNKNOWN', { provider: 'x\u001b[2J', symbol: 'NOPE' });
  const lines = complaint(error, paint, false);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^error: x has no symbol "NOPE"\. Nothing was written \(SYMBOL_UNKNOWN\)$/);
  assert.match(lines[1] ?? '', /^next: /);
  assert.ok(complaint(error, paint, true).length > 4);
  assert.equal(known(new TypeError('x is not y')).code, 'INTERNAL');
});

test('several ends are told by the gravest', () => {
  assert.equal(worstOf([]), 'done');
  assert.equal(worstOf(['done', 'partial', 'done']), 'partial');
  assert.equal(worstOf(['missing', 'cancelled', 'partial']), 'cancelled');
  assert.ok(Object.keys(EXITS).every(exit => worstOf([exit as keyof typeof EXITS]) === exit));
});

const file = (first: number, last: number, rows: number) => ({ first, last, rows });

test('the newest rows are found without reading the old ones', () => {
  assert.equal(startOfNewest([file(0, 999, 1_000), file(1_000, 1_010, 11), file(1_011, 1_019, 9)], 20), 1_000);
  assert.equal(startOfNewest([file(0, 999, 1_000)], 20), 0);
  assert.equal(startOfNewest([], 20), Number.POSITIVE_INFINITY);
});

const series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' } as const;
const planned: Planned = {
  series,
  provider: 'simulated',
  local: { standIns: [], version: 2, rows: 100, first: 0, last: 6_000_000 },
  gaps: { note: 'x', gaps: 2, bars: 60_000, interval: interval(0, 3_600_000_000) },
  plan: {
    note: 'y',
    segments: 3,
    requests: 60,
    bars: 60_000,
    batches: [{ first: 0, end: 3, bars: 60_000, pages: 60 }],
    unreachable: 7,
    limit: { perSecond: 1, perDay: 500 },
  },
};

test('a plan tells segments, requests, minutes and quota, and that nothing was fetched', () => {
  const text = planLines(planned).join('\n');
  for (const part of [
    /2 gaps: 3 segments, 60 requests/,
    /60,000 bars/,
    /about 1 min/,
    /500 requests a day: this is 12 %/,
    /7 bars further back/,
    /Nothing was fetched/,
  ])
    assert.match(text, part);
  assert.ok(expectedMs(planned) >= 59_000, 'the first second grants its requests at once; 59 are left');
  const json = jsonOfPlan(planned);
  assert.equal(json.requests, 60);
  assert.ok(json.expectedMinutes >= 0.98);
});

const report = (more: Partial<LoadReport>): LoadReport & { how: string } => ({
  ...reportOfNothing('x', 0),
  outcome: 'done',
  endedAt: 4_000,
  how: 'started',
  ...more,
});

test('the end of a load is told in words: what changed, what it took, what is missing and why', () => {
  const paint = { dim: String, bold: String, good: String, bad: String, warn: String };
  const told = (more: Partial<LoadReport>, missing: Parameters<typeof reportLines>[0]['missing'] = []) =>
    reportLines({ series, exit: 'done', report: report(more), missing }, paint).join('\n');
  assert.match(
    told({ added: 1_440, requests: 2, versions: [3, 4] }),
    /BTCUSDT 1m: done in 4\.0 s\n {2}1,440 bars added, 0 replaced, 0 unchanged, 2 requests, versions 3 to 4/,
  );
  assert.match(told({ outcome: 'nothing' }), /nothing to do/);
  assert.match(told({ outcome: 'cancelled', added: 500, versions: [1] }), /cancelled: 500 bars kept/);
  assert.match(told({ outcome: 'cancelled' }), /cancelled: nothing was finished, nothing changed/);
  const missing = [
    { reason: 'no_trade' as const, bars: 3, next: null },
    { reason: 'provider_empty' as const, bars: 240, next: Date.UTC(2024, 0, 2) },
  ];
  assert.match(
    told({ added: 1, versions: [0] }, missing),
    /not there: 3 bars without a trade; 240 bars the provider has none \(asked again from 2024-01-02 00:00:00Z\)/,
  );
});

test('who misuses a command is sent to the help of that command; where none is named, to that of all', async () => {
  const nextOf = async (...words: string[]) => {
    let told = '';
    const write = (text: string): boolean => {
      told += text;
      return true;
    };
    const err = { write } as unknown as NodeJS.WriteStream;
    assert.equal(await main(words, { out: err, err, env: {} }), 2);
    return /^next: (.*)$/m.exec(told)?.[1]?.trim();
  };
  assert.equal(await nextOf('show', 'NQ'), 'tapekeep show --help');
  assert.equal(await nextOf('--set', 'data=x', 'config', 'check', '--nonsense'), 'tapekeep config check --help');
  assert.equal(await nextOf('shwo', 'NQ', '5m'), 'tapekeep --help, or tapekeep <command> --help');
});
