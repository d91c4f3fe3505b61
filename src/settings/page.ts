/** docs/settings.md, written from the schema and the defaults, so that it cannot lag behind. */
import { defaults } from './defaults.js';
import { variableOf } from './given.js';
import { valueAt } from './layer.js';
import { entryLeaves, type Leaf, leaves } from './shape.js';

const HEAD = `# Settings

Written by \`npm run settings\` from \`src/settings/\`; change it there.

A setting is looked for in this order, and the last one found holds: the default, \`config/tapekeep.yaml\` (another file with
\`--config\` or \`TAPEKEEP_CONFIG\`), the environment, \`--set key=value\`. \`tapekeep config check\` shows what holds and where it
was written. A key or value that cannot be is refused, with its file and line and what is allowed. Lists are replaced as a whole.
Whatever is named like a key, secret, token, password or webhook is never shown.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function defaultOf(leaf: Leaf): string {
  const value = valueAt(defaults, leaf.path);
  return value === undefined ? 'unset' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

const row = (leaf: Leaf): string =>
  `| \`${leaf.key}\` | ${cell(leaf.doc)} | ${cell(leaf.allowed)} | ${defaultOf(leaf)} | \`${variableOf(leaf.key)}\` |`;

const entryTable = (leaf: Leaf): string[] => {
  const entries = entryLeaves(leaf);
  if (entries.length === 0) return [];
  const rows = entries.map(entry => `| \`${entry.key}\` | ${cell(entry.doc)} | ${cell(entry.allowed)} |`);
  return ['', `## Each entry of \`${leaf.key}\``, '', '| key | what it is for | allowed |', '|---|---|---|', ...rows];
};

export function settingsPage(): string {
  const all = leaves();
  const table = ['| key | what it is for | allowed | default | environment |', '|---|---|---|---|---|', ...all.map(row)];
  return [HEAD, ...table, ...all.flatMap(entryTable), ''].join('\n');
}
