/**
 * What a disk may hold after a power loss, from the record of a writer's operations. A kill keeps all that was done;
 * a power loss keeps for certain only what was synced. Of the rest any part may be there: file contents are lost,
 * torn at a block or full of zeros, and new names, links, renames and removals are undone or come out of order.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { chance, pick } from './chance.js';
import type { Call } from './faulty-io.js';
import { MemoryDisk } from './memory-disk.js';

/** A file as it was before (`path`), or one that a recorded draft made. */
interface Content {
  readonly written: Uint8Array;
  /** How many of the bytes were synced. */
  readonly synced: number;
}

/** One change of names; durable once the folder it is in was synced after it. */
interface Change {
  readonly kind: 'folder' | 'name' | 'move' | 'gone';
  readonly path: string;
  readonly from?: string;
  readonly file?: number;
  durable: boolean;
}

interface Tape {
  readonly contents: Map<number, Content>;
  readonly changes: Change[];
}

type Data = 'whole' | 'lost' | 'torn' | 'zeros';

/** All that happened on a disk up to a moment. */
function play(base: MemoryDisk, calls: readonly Call[]): Tape {
  const contents = new Map<number, Content>();
  const changes: Change[] = [];
  const names = new Map<string, number>();
  const folders = new Set(base.folders);
  [...base.files].forEach(([path, { bytes }], i) => {
    names.set(path, -1 - i);
    contents.set(-1 - i, { written: bytes, synced: bytes.length });
  });
  const change = (c: Omit<Change, 'durable'>) => changes.push({ ...c, durable: false });
  for (const call of calls) {
    if (call.failed !== undefined) {
      // After a failed fsync the system may take lost pages for clean: they never become durable by a later one.
      if (call.op === 'sync' && call.draft) contents.set(call.draft, { written: new Uint8Array(), synced: 0 });
      continue;
    }
    if (call.op === 'makeFolder') {
      const made: string[] = [];
      for (let f = call.path; !folders.has(f); f = dirname(f)) made.unshift(f);
      for (const path of made) change({ kind: 'folder', path });
      for (const path of made) folders.add(path);
    } else if (call.op === 'create') {
      contents.set(call.draft as number, { written: new Uint8Array(), synced: 0 });
      names.set(call.path, call.draft as number);
      change({ kind: 'name', path: call.path, file: call.draft as number });
    } else if (call.op === 'write') {
      const { written, synced } = contents.get(call.draft as number) as Content;
      contents.set(call.draft as number, { written: Buffer.concat([written, call.bytes as Uint8Array]), synced });
    } else if (call.op === 'sync') {
      const { written } = contents.get(call.draft as number) as Content;
      contents.set(call.draft as number, { written, synced: written.length });
    } else if (call.op === 'link' || call.op === 'rename') {
      const file = names.get(call.path) as number;
      names.set(call.to as string, file);
      if (call.op === 'link') change({ kind: 'name', path: call.to as string, file });
      else {
        names.delete(call.path);
        change({ kind: 'move', path: call.to as string, from: call.path, file });
      }
    } else if (call.op === 'remove' || call.op === 'removeFolder') {
      names.delete(call.path);
      folders.delete(call.path);
      change({ kind: 'gone', path: call.path });
    } else if (call.op === 'syncFolder') {
      for (const c of changes) if (dirname(c.path) === call.path) c.durable = true;
    }
  }
  return { contents, changes };
}

/** The disk when these of the changes that were not durable have come to it, and unsynced data is in this state. */
function diskOf(
  base: MemoryDisk,
  { contents, changes }: Tape,
  came: (c: Change, i: number) => boolean,
  dataOf: (file: number) => Data,
  random: () => number,
) {
  const files = new Map<string, number>([...base.files.keys()].map((path, i) => [path, -1 - i]));
  const folders = new Set(base.folders);
  changes.forEach((c, i) => {
    if (!c.durable && !came(c, i)) return;
    if (c.kind === 'folder') folders.add(c.path);
    else if (c.kind === 'gone') {
      files.delete(c.path);
      folders.delete(c.path);
    } else {
      if (c.kind === 'move') files.delete(c.from as string);
      files.set(c.path, c.file as number);
    }
  });
  const rooted = (path: string): boolean => path === '/' || (folders.has(path) && rooted(dirname(path)));
  const disk = new MemoryDisk(new Map(), new Set([...folders].filter(rooted)));
  for (const [path, file] of files) {
    if (rooted(dirname(path))) disk.files.set(path, { bytes: surviving(contents.get(file) as Content, dataOf(file), random) });
  }
  return disk;
}

function surviving({ written, synced }: Content, data: Data, random: () => number): Uint8Array {
  if (synced === written.length || data === 'whole') return written;
  if (data === 'lost') return written.subarray(0, synced);
  const block = pick(random, [512, 4096]);
  const out = Uint8Array.from(written);
  if (data === 'zeros') {
    const blocks = Math.ceil((written.length - synced) / block);
    const at = synced + Math.floor(random() * blocks) * block;
    out.fill(0, at, random() < 0.5 ? at + block : undefined);
    return out;
  }
  const blocks = Math.ceil((written.length - synced) / block);
  return out.subarray(0, synced + Math.floor(random() * blocks) * block);
}

const DATA: readonly Data[] = ['whole', 'lost', 'torn', 'zeros'];

/** The disks that a power loss may leave after these operations, each once; the first keeps the least. */
export function* afterPowerLoss(base: MemoryDisk, calls: readonly Call[], seed: number, more = 4): Generator<MemoryDisk> {
  const tape = play(base, calls);
  const random = chance(seed);
  const known = new Set<string>();
  const open = tape.changes.flatMap((c, i) => (c.durable ? [] : [i]));
  const choices: [came: (c: Change, i: number) => boolean, data: () => Data][] = [
    [() => false, () => 'lost'],
    ...DATA.map(data => [() => true, () => data] as [() => boolean, () => Data]),
    ...open.flatMap(one =>
      [(_: Change, i: number) => i !== one, (_: Change, i: number) => i === one, (_: Change, i: number) => i <= one].map(
        came => [came, () => pick(random, DATA)] as [(c: Change, i: number) => boolean, () => Data],
      ),
    ),
    ...Array.from({ length: more }, () => [() => random() < 0.5, () => pick(random, DATA)] as [() => boolean, () => Data]),
  ];
  for (const [came, data] of choices) {
    const disk = diskOf(base, tape, came, data, random);
    const print = fingerprint(disk);
    if (known.has(print)) continue;
    known.add(print);
    yield disk;
  }
}

/** Only what is certain: all that was not synced is gone. */
export const leastAfterPowerLoss = (base: MemoryDisk, calls: readonly Call[]): MemoryDisk =>
  afterPowerLoss(base, calls, 1).next().value as MemoryDisk;

export function fingerprint(disk: MemoryDisk): string {
  const hash = createHash('sha256').update([...disk.folders].sort().join('\n'));
  for (const path of disk.paths(/./)) hash.update(`\0${path}\0`).update(disk.bytes(path));
  return hash.digest('hex');
}
