/** The design's table of rooms as an object: who may import whom. */

export interface Room {
  readonly may: readonly string[];
  /** Rooms of which only the types may be named. */
  readonly types?: readonly string[];
  /** Files of a room that are out of bounds although the room is not: reading is allowed, writing is not. */
  readonly not?: RegExp;
  readonly builtins: boolean;
  readonly packages: RegExp;
}

const NONE = /^$/;
const ANY = /./;
const NOT_TEMPORAL = /^(?!@temporalio\/)/;
const WRITING = /^src\/store\/(write|commit|merge|sweep|changes|propose|repair|compact|stage|publish)\b/;

export const ROOMS: Readonly<Record<string, Room>> = {
  model: { may: [], builtins: false, packages: NONE },
  /** What a person writes and we read: text and YAML. */
  written: { may: [], builtins: true, packages: /^yaml$/ },
  settings: { may: ['model', 'written'], builtins: true, packages: /^(zod|node-cron)$/ },
  logs: { may: ['model'], builtins: true, packages: /^winston$/ },
  calendars: { may: ['model', 'written'], builtins: true, packages: /^zod$/ },
  instruments: { may: ['model', 'written'], builtins: true, packages: /^zod$/ },
  store: { may: ['model'], builtins: true, packages: NOT_TEMPORAL },
  providers: { may: ['model'], builtins: true, packages: NOT_TEMPORAL },
  imports: { may: ['model', 'written'], builtins: true, packages: NOT_TEMPORAL },
  activities: { may: ['model', 'store', 'providers', 'imports'], builtins: true, packages: /^(?!@temporalio\/(?!activity|common))/ },
  workflows: { may: ['model'], types: ['activities'], builtins: false, packages: /^@temporalio\/(workflow|common)$/ },
  temporal: { may: ['model'], types: ['logs'], builtins: true, packages: ANY },
  worker: {
    may: ['model', 'store', 'providers', 'imports', 'activities', 'workflows', 'settings', 'calendars', 'instruments', 'logs', 'temporal'],
    builtins: true,
    packages: ANY,
  },
  client: {
    may: ['model', 'written', 'settings', 'calendars', 'instruments', 'logs', 'store'],
    types: ['workflows'],
    not: WRITING,
    builtins: true,
    packages: /^(?!@temporalio\/(?!client|common))/,
  },
  web: { may: ['model', 'settings', 'logs', 'client', 'store'], not: WRITING, builtins: true, packages: NOT_TEMPORAL },
};

/** The room of a source file; undefined for tests and benches, which may look into every room. */
export function roomOf(file: string): string | undefined {
  if (file.startsWith('temporal/')) return 'temporal';
  const inSource = /^src\/([\w-]+)(\/|\.ts$)/.exec(file);
  return inSource?.[1];
}

/** The row as words, for the message. */
export function rowOf(room: string): string {
  const row = ROOMS[room];
  if (!row) return `there is no row for ${room}: add it to the design's table and to tests/arrows/rooms.ts`;
  const may = row.may.length > 0 ? row.may.join(', ') : 'nothing';
  const types = row.types ? `; ${row.types.join(', ')} by type only` : '';
  return `${room} may import ${may}${types}${row.builtins ? '' : '; no node built-ins'}; packages ${row.packages}`;
}
