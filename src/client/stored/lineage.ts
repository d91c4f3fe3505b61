/** What a version changed, and where its bars are from. */
import type { LogEntry } from '../../store/index.js';

type Lineage = NonNullable<NonNullable<LogEntry['commitInfo']>['tapekeep']>['lineage'];

export interface Change {
  readonly version: number;
  readonly at: number | null;
  /** create, append, insert, replace, restore …; coverage when only what was asked for changed. */
  readonly what: string;
  /** null where another program wrote the version: it does not tell. */
  readonly added: number | null;
  readonly replaced: number | null;
  readonly unchanged: number | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly provider: string | null;
  /** The series that the bars are made of, and its version; null: they were fetched. */
  readonly derived: { readonly from: string; readonly version: number } | null;
  readonly requests: number | null;
  readonly by: string | null;
  readonly load: string | null;
  readonly program: string | null;
  /** The version that came back, and a person's reason. */
  readonly restored: number | null;
  readonly reason: string | null;
  /** Files that its bars came in: archives of the provider, or somebody's own. A page that a request brought is none. */
  readonly files: readonly NamedFile[];
}

interface NamedFile {
  readonly name: string;
  readonly sha256: string;
}

/** In the words of this program for what it wrote itself; else as the log names it. */
function whatOf(commitInfo: LogEntry['commitInfo']): string {
  const { operation, tapekeep } = commitInfo ?? {};
  if (!tapekeep) return (operation ?? 'unknown').toLowerCase();
  const { change } = commitInfo?.operationParameters ?? {};
  if (change !== undefined && change !== 'answer') return change;
  if (operation?.startsWith('CREATE')) return 'create';
  if ((tapekeep.counts.replaced ?? 0) > 0) return 'replace';
  return (tapekeep.counts.added ?? 0) > 0 ? 'append' : 'coverage';
}

function filesOf(lineage: Lineage | undefined): NamedFile[] {
  const all = [...(lineage?.raw ?? []).flatMap(raw => raw.archives ?? []), ...(lineage?.files ?? [])];
  const each = new Map(all.map(({ name, sha256 }) => [`${sha256} ${name}`, { name, sha256 }]));
  return [...each.values()];
}

export function changeOf({ version, commitInfo }: LogEntry): Change {
  const facts = commitInfo?.tapekeep;
  const lineage = facts?.lineage;
  return {
    version,
    at: commitInfo?.timestamp ?? null,
    what: whatOf(commitInfo),
    added: facts?.counts.added ?? null,
    replaced: facts?.counts.replaced ?? null,
    unchanged: facts?.counts.unchanged ?? null,
    from: lineage?.interval.from ?? null,
    to: lineage?.interval.to ?? null,
    provider: lineage?.provider ?? null,
    derived: lineage?.derived ?? null,
    requests: lineage?.requests ?? null,
    by: lineage?.by ?? null,
    load: facts?.load ?? null,
    program: lineage?.program ?? commitInfo?.engineInfo ?? null,
    restored: lineage?.restored ?? null,
    reason: lineage?.reason ?? null,
    files: filesOf(lineage),
  };
}
