/**
 * A data folder with the real daemon on it, its own Temporal server and the simulated exchange, in a temporary place.
 * When the test is over nothing of it is left: no process, no folder.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Tapekeep } from '../../src/client/index.js';
import type { Interval } from '../../src/model/interval.js';
import { idOf, type Series } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { freePort } from '../../temporal/index.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { stopProcess } from '../../temporal/server-process.js';
import { assertStore } from '../faults/assert-store.js';
import { layDatabase } from '../laid-database.js';
import { temporalCli } from '../temporal-cli.js';
import { type Attempt, attemptsOf } from './attempts.js';
import { type Asked, journalOf } from './journal.js';
import { type Daemon, type Flags, isUp, spawnDaemon } from './process.js';
import { truthOf } from './truth.js';

/** Small pages, so that a load of a few thousand bars has many. */
export const EXCHANGE: Partial<SimulatedSettings> = { pageBars: 100, latencyMs: 20, quietShare: 0.01 };

export const START = Date.UTC(2024, 0, 1);
/** So many pages of the exchange, from the beginning of 2024. */
export const pages = (count: number, pageBars = 100): Interval => ({ from: START, to: START + count * pageBars * MINUTE });

export const minutes = (symbol: string): Series => ({ dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' });

/** A value as the settings have it: moments are written out. */
const written = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'number' && part > 1e11 ? `${new Date(part).toISOString().slice(0, 16)}Z` : part,
  );

export interface HouseOptions {
  readonly exchange?: Partial<SimulatedSettings>;
  readonly set?: Flags;
}

export class House {
  readonly data: string;
  private readonly daemons: Daemon[] = [];
  private readonly clients: Tapekeep[] = [];
  private serving: { readonly daemon: Daemon; readonly as: string } | undefined;

  private constructor(
    readonly folder: string,
    readonly exchange: Partial<SimulatedSettings>,
    readonly flags: Flags,
  ) {
    this.data = join(folder, 'data');
  }

  static async make({ exchange, set }: HouseOptions = {}): Promise<House> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tapekeep-e2e-')));
    const port = await freePort('127.0.0.1');
    const uiPort = await freePort('127.0.0.1');
    const simulated = { ...EXCHANGE, journal: join(folder, 'journal.jsonl'), ...exchange };
    const cli = await temporalCli();
    return new House(folder, simulated, {
      data: join(folder, 'data'),
      'budgets.folder': join(folder, 'budgets'),
      'temporal.port': port,
      'temporal.uiPort': uiPort,
      'temporal.cli': cli.path,
      'worker.silenceMs': 3_000,
      'metrics.port': null,
      ...Object.fromEntries(Object.entries(simulated).map(([key, value]) => [`providers.simulated.${key}`, written(value)])),
      ...set,
    });
  }

  /** Starts the daemon and waits until it can be talked to; with holds, it stops at them. */
  async start(holds?: readonly string[], set: Flags = {}, main?: string): Promise<Daemon> {
    await this.serving?.daemon.end();
    if (this.flags['temporal.address'] === undefined) await layDatabase(this.data);
    const daemon = this.spawn(holds, set, main);
    await isUp(daemon, this.data);
    return daemon;
  }

  /**
   * For tests that need no daemon of their own: the one of this kind that served the test before, or a new one. Holds of
   * other tests hold nothing of this one: they name its symbols.
   */
  async serve(holds?: readonly string[], set: Flags = {}): Promise<Daemon> {
    const as = JSON.stringify([holds, set]);
    if (this.serving?.as === as) return this.serving.daemon;
    const daemon = await this.start(holds, set);
    this.serving = { daemon, as };
    void daemon.ended.then(() => {
      if (this.serving?.daemon === daemon) this.serving = undefined;
    });
    return daemon;
  }

  spawn(holds?: readonly string[], set: Flags = {}, main?: string): Daemon {
    const daemon = spawnDaemon(this.folder, { ...this.flags, ...set }, holds, main);
    this.daemons.push(daemon);
    return daemon;
  }

  /** A caller of its own: another program that uses the library on this folder. */
  async client(set: Flags = {}): Promise<Tapekeep> {
    // As the daemon's: not what the project itself is configured with.
    const config = join(this.folder, 'tapekeep.yaml');
    writeFileSync(config, '');
    const client = await open({ config, set: { ...this.flags, ...set }, env: {} });
    this.clients.push(client);
    return client;
  }

  journal = (symbol?: string): Asked[] => journalOf(this.exchange.journal as string, symbol);

  /** The Temporal servers of this folder: one, or none. */
  servers = () => leftBehind(this.temporalFolder);

  get temporalFolder(): string {
    return join(this.data, '.tapekeep', 'temporal');
  }

  async killServer(): Promise<void> {
    await stopProcess(this.server(), 0);
  }

  /** The files of the server's memory. */
  databases(): string[] {
    const names = readdirSync(this.temporalFolder).filter(name => /\.db(-wal|-shm)?$/.test(name));
    assert.ok(names.length > 0, 'the server has a memory');
    return names.map(name => join(this.temporalFolder, name));
  }

  /** Killed without its memory. It stands still while that is taken: the daemon starts the next one as soon as it is gone. */
  async killServerForgetting(): Promise<void> {
    const server = this.server();
    process.kill(server.pid, 'SIGSTOP');
    for (const file of this.databases()) rmSync(file);
    await stopProcess(server, 0);
  }

  private server() {
    const [server] = this.servers();
    assert.ok(server, 'there is a server to kill');
    return server;
  }

  /** The steps under way of a load, as the server knows them. */
  attempts = (symbol: string): Promise<Attempt[]> => attemptsOf(this.address, minutes(symbol));

  get address(): string {
    return `127.0.0.1:${this.flags['temporal.port']}`;
  }

  /** The store as a reader of its own sees it. */
  store = (reading = false): Promise<Store> => openStore({ root: this.data, frames: inlineFrames(), now: Date.now, reading });

  /** Every invariant of the store holds, and each of these tables is what the exchange says of its interval. */
  async assertTables(tables: Readonly<Record<string, Interval>>): Promise<void> {
    const store = await this.store();
    const rows = Object.fromEntries(
      Object.entries(tables).map(([symbol, interval]) => [idOf(minutes(symbol)), truthOf(this.exchange, symbol, interval)]),
    );
    await assertStore(store, { rows, swept: true });
    for (const [symbol, interval] of Object.entries(tables)) {
      const { holdings } = await store.open(minutes(symbol));
      assert.deepEqual(holdings.coverage, [interval], `${symbol} is covered`);
    }
    await store.close();
  }

  /** Whatever a test left, also one that failed half-way: the next one begins without callers, and with no daemon but the one that serves. */
  async leave(): Promise<void> {
    for (const client of this.clients.splice(0)) await client.close();
    for (const daemon of this.daemons.splice(0)) if (daemon !== this.serving?.daemon) await daemon.end();
  }

  /** The same, and no daemon at all. */
  async quiet(): Promise<void> {
    await this.leave();
    await this.serving?.daemon.end();
  }

  /** Ends and removes all of it. */
  async end(): Promise<void> {
    await this.quiet();
    for (const server of this.servers()) await stopProcess(server, 0);
    assert.deepEqual(this.servers(), [], 'no server is left');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
