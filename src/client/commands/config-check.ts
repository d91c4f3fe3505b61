import { type Command, JSON_OPTION } from '../command.js';
import { complaint } from '../complaint.js';
import { checkFacts } from '../facts/check.js';
import type { Column } from '../screen/table.js';
import { fit, plain } from '../screen/text.js';

interface Line {
  readonly key: string;
  readonly value: string;
  readonly where: string;
}

const LONGEST_VALUE = 60;

const COLUMNS: readonly Column<Line>[] = [
  { title: 'setting', of: l => l.key },
  { title: 'value', of: l => fit(l.value, LONGEST_VALUE) },
  { title: 'written in', of: l => l.where },
];

export const configCheck: Command = {
  name: 'config check',
  about: 'every setting, where it was written, each fault',
  more: 'The calendars and the instruments that the settings name are read as well, and their faults told with file and line.',
  options: [JSON_OPTION],
  example: 'tapekeep config check\ntapekeep config check --config other.yaml --set temporal.port=7333',
  async run({ screen, globals, env, on }) {
    const { exposedFiles, inspectSettings, readSources, resolved } = await import('../../settings.js');
    const where = { file: globals.config, env, flags: globals.set, folder: process.cwd() };
    const { rows, settings, faults: refused } = inspectSettings(readSources(where));
    const facts = settings && (await checkFacts(resolved(settings, where)));
    const exposed = settings ? exposedFiles(where, resolved(settings, where)) : [];
    const faults = [...refused, ...(facts?.faults ?? [])];
    if (on('json')) {
      const { calendars = null, instruments = null } = facts ?? {};
      screen.json({
        settings: rows,
        calendars,
        instruments,
        exposed,
        faults: faults.map(({ code, message, help }) => ({ code, message, help })),
      });
    } else {
      const shown = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));
      screen.table(
        COLUMNS,
        rows.map(({ key, value, where }) => ({ key, value: shown(value), where })),
      );
      if (faults.length === 0)
        screen.say(screen.paint.good(`All settings are well, ${facts?.calendars} calendars and ${facts?.instruments} instruments too.`));
    }
    for (const { found, next } of exposed) screen.tell(screen.paintTold.warn(plain(`warning: ${found}: ${next}`)));
    for (const fault of faults) {
      for (const line of complaint(fault, screen.paintTold, false)) screen.tell(line);
    }
    return faults.length === 0 ? 'done' : 'usage';
  },
};
