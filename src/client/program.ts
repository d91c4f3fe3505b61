/** The command line as a whole: commander splits the words, everything else is ours. */
import { CommanderError, Command as Words } from 'commander';
import { fail } from '../model/errors.js';
import type { Call, Command, Globals } from './command.js';
import { commands } from './commands/index.js';
import { complaint, known } from './complaint.js';
import { EXITS, type Exit, exitOf, MEANING } from './exits.js';
import { type Screen, screenOn } from './screen/screen.js';

const VERSION = '0.1.0';

const EPILOGUE = `
The usual way:
  tapekeep up                        keeps the configured series complete until Ctrl+C
  tapekeep load BTCUSDT 1m           makes one series complete, and shows how far it is
  tapekeep list                      what is there
  tapekeep show BTCUSDT 1m           its newest bars
  tapekeep doctor                    what runs, what does not, what to do

tapekeep <command> --help shows the options, an example and the exit codes of one.`;

/** Runs one command line; resolves to the exit code. */
export async function main(
  words: readonly string[],
  world: { out: NodeJS.WriteStream; err: NodeJS.WriteStream; env: NodeJS.ProcessEnv },
): Promise<number> {
  const screen = screenOn(world.out, world.err, world.env);
  let exit: Exit = 'done';
  const program = programOf(async (command, args, options, globals) => {
    exit = await command.run(callOf(args, options, globals, screen, world.env));
  }, words);
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    screen.live.clear();
    if (error instanceof CommanderError && error.exitCode === 0) return EXITS.done;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      program.outputHelp();
      return EXITS.usage;
    }
    const told = known(error instanceof CommanderError ? usageOf(error) : error);
    for (const line of complaint(told, screen.paintTold, words.includes('--verbose'), commandIn(words))) screen.tell(line);
    exit = exitOf(told.code);
  }
  return EXITS[exit];
}

/** The command that these words name, as far as they name one. */
function commandIn(words: readonly string[]): string | undefined {
  const names = words.flatMap((word, i) => [`${word} ${words[i + 1]}`, word]);
  return names.find(name => commands.some(command => command.name === name));
}

/** A command with a --version of its own means that of a series. */
const namesVersion = (words: readonly string[]): boolean =>
  commands.some(({ name, options }) => words.includes(name) && options?.some(([option]) => option.startsWith('--version ')));

type Run = (command: Command, args: readonly string[], options: Readonly<Record<string, unknown>>, globals: Globals) => Promise<void>;

export function programOf(run: Run, words: readonly string[] = []): Words {
  const program = quiet(new Words('tapekeep'));
  program
    .description('Keeps market-data history complete, in open tables that any engine can read.')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'this help, or that of a command')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: termOf })
    .option('--config <file>', 'the settings file, else config/tapekeep.yaml')
    .option('--data <folder>', 'the data folder')
    .option('--set <key=value>', 'one setting of docs/settings.md; repeatable', gathered)
    .option('--verbose', 'each step, and where an error came from')
    .addHelpText('after', EPILOGUE);
  if (!namesVersion(words)) program.version(VERSION, '-V, --version', 'the version of this program');
  const groups = new Map<string, Words>();
  for (const command of commands) add(program, groups, command, run);
  return program;
}

function add(program: Words, groups: Map<string, Words>, command: Command, run: Run): void {
  const [first = '', second] = command.name.split(' ');
  const words = second === undefined ? program.command(first) : groupOf(program, groups, first, command.about).command(second);
  if (second === undefined) groups.set(first, words);
  quiet(words).description(descriptionOf(command)).summary(command.about).configureHelp({ showGlobalOptions: true });
  for (const [name, about] of command.args ?? []) words.argument(name, about);
  for (const [name, about] of command.options ?? []) words.option(name, about);
  words.addHelpText('after', afterwords(command));
  words.action(async (...given: unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter(arg => arg !== undefined) as string[];
    // An option that its group takes, too, is taken by the group, wherever it stands.
    const group = words.parent === program ? {} : words.parent?.opts();
    await run(command, args, { ...group, ...words.opts() }, globalsOf(program.opts()));
  });
}

/** Commands of two words, by their first. */
const GROUPS: Readonly<Record<string, string>> = {
  calendar: 'when markets are open, and the bars to expect',
  events: 'splits and dividends of a symbol',
  schedule: 'loads at set times',
};

function groupOf(program: Words, groups: Map<string, Words>, name: string, about: string): Words {
  const group =
    groups.get(name) ??
    quiet(program.command(name))
      .description(GROUPS[name] ?? about)
      .helpCommand(false);
  groups.set(name, group);
  return group;
}

/** "load <symbols> <timeframes>", and "config check" for a group of one. */
const termOf = (words: Words): string => {
  const inner = words.commands.map(command => command.name());
  const args = words.registeredArguments.map(arg => (arg.variadic ? `<${arg.name()}...>` : `<${arg.name()}>`));
  return [words.name(), ...(inner.length > 0 ? [inner.join('|')] : []), ...args].join(' ');
};

/** commander throws instead of leaving the process, and what it has to say becomes one of our errors. */
const quiet = (words: Words): Words => words.exitOverride().configureOutput({ writeErr: () => {} });

const descriptionOf = ({ about, more }: Command): string =>
  `${about.charAt(0).toUpperCase()}${about.slice(1)}.${more === undefined ? '' : ` ${more}`}`;

const gathered = (value: string, before: readonly string[] = []): string[] => [...before, value];

const afterwords = ({ example, exits = [] }: Command): string => {
  const codes = [...new Set<Exit>(['done', ...exits, 'failed', 'usage', 'later'])].sort((a, b) => EXITS[a] - EXITS[b]);
  const lines = codes.map(exit => `  ${String(EXITS[exit]).padStart(3)}  ${MEANING[exit]}`);
  return `\nExample:\n${example.replace(/^/gm, '  ')}\n\nExit codes:\n${lines.join('\n')}`;
};

function globalsOf(given: Readonly<Record<string, unknown>>): Globals {
  const set: Record<string, string> = {};
  for (const pair of (given.set ?? []) as readonly string[]) {
    const at = pair.indexOf('=');
    if (at < 1) throw fail('USAGE', { reason: `--set ${pair} names no setting and its value: write --set temporal.port=7333` });
    set[pair.slice(0, at)] = pair.slice(at + 1);
  }
  if (typeof given.data === 'string') set.data = given.data;
  return { config: given.config as string | undefined, set, verbose: given.verbose === true };
}

const callOf = (
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  globals: Globals,
  screen: Screen,
  env: NodeJS.ProcessEnv,
): Call => ({
  args,
  text: option => (typeof options[option] === 'string' ? options[option] : undefined),
  on: option => options[option] === true,
  globals,
  screen,
  env,
});

/** commander's words on one line: "unknown option '--form' (Did you mean --from?)". */
const usageOf = (error: CommanderError) =>
  fail(
    'USAGE',
    {
      reason: `${error.message
        .replace(/^error: /, '')
        .replace(/\s*\n\s*/g, ' ')
        .replace(/\.$/, '')}. Nothing was done`,
    },
    error,
  );
