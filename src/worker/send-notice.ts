/** A process of its own for `tapekeep notices test`: sends one notice to whom the settings name, and answers with one line of JSON. */
import { parseArgs } from 'node:util';
import type { Notice } from '../model/notices.js';
import { readSettings } from '../settings.js';
import { tellerOf } from './notices/teller.js';

const { values } = parseArgs({ options: { config: { type: 'string' }, set: { type: 'string', multiple: true } } });
const flags = Object.fromEntries((values.set ?? []).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
const settings = readSettings({ file: values.config, env: process.env, flags, folder: process.cwd() });
const at = new Date().toISOString();
const text = 'this is a test: tapekeep would tell here of what needs a person';
const notice: Notice = {
  program: 'tapekeep',
  kind: 'test',
  state: 'begun',
  text,
  at,
  causes: [{ about: settings.data, since: at, text, facts: {} }],
};
process.stdout.write(JSON.stringify(await tellerOf(settings, process.env).tell(notice)));
