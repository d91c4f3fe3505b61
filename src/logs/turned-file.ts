/** A log file that is turned over by size: `x.log` is the newest, `x.log.1` the one before it. No line is split or lost by that. */
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';

export interface TurnOver {
  readonly bytes: number;
  /** How many files are kept, the newest among them. */
  readonly files: number;
}

const OWNER_ONLY = 0o600;

export class TurnedFile extends Writable {
  readonly #path: string;
  readonly #limit: TurnOver;
  #file: FileHandle | undefined;
  #size = 0;

  constructor(path: string, limit: TurnOver) {
    super({ decodeStrings: true });
    this.#path = path;
    this.#limit = limit;
  }

  // A log that cannot be written must not stop what it tells of: the line is given up, the next one tries anew.
  override _write(line: Buffer, _: BufferEncoding, done: () => void): void {
    this.#append(line).then(done, () => this.#close().then(done, done));
  }

  override _final(done: () => void): void {
    this.#close().then(done, done);
  }

  async #append(line: Buffer): Promise<void> {
    let file = this.#file ?? (await this.#open());
    if (this.#size > 0 && this.#size + line.length > this.#limit.bytes) {
      await this.#close();
      await this.#turnOver();
      file = await this.#open();
    }
    await file.appendFile(line);
    this.#size += line.length;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true });
    this.#file = await open(this.#path, 'a', OWNER_ONLY);
    this.#size = (await this.#file.stat()).size;
    return this.#file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #turnOver(): Promise<void> {
    const name = (age: number) => (age === 0 ? this.#path : `${this.#path}.${age}`);
    const oldest = this.#limit.files - 1;
    await rm(name(oldest), { force: true });
    for (let age = oldest - 1; age >= 0; age--) await rename(name(age), name(age + 1)).catch(unlessMissing);
  }
}

const unlessMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};
