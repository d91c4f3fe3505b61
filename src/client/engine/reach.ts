/** The way to the engine: through the daemon that runs, or one that is started for as long as this program needs it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../model/errors.js';
import type { ResolvedSettings } from '../../settings.js';
import { type DaemonFlags, findDaemon, startDaemon } from './daemon.js';
import type { Engine } from './engine.js';
import { UNHEARD, type Waits, whileWaiting } from './waiting.js';

/** A daemon that somebody ends drains first: its successor is looked for this long before one is started. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;

export class Reach {
  private engine: Promise<Engine> | undefined;
  /** A question that is repeated on a closed connection throws where nobody catches it: they stay open until nobody asks any more. */
  private readonly lost: Engine[] = [];
  private stopDaemon: (() => Promise<void>) | undefined;
  private closed = false;

  constructor(
    private readonly settings: ResolvedSettings,
    private readonly flags: DaemonFlags,
    private readonly say: (line: string) => void,
    /** Hears what somebody who is on the way waits for. */
    readonly waits: Waits = UNHEARD,
  ) {}

  /** Whether a daemon was started here. */
  get ownsDaemon(): boolean {
    return this.stopDaemon !== undefined;
  }

  /** `find` raises DAEMON_MISSING when none runs; `start` starts one. */
  connect(missing: 'find' | 'start'): Promise<Engine> {
    if (this.closed) return Promise.reject(this.isClosed());
    this.engine ??= this.way(missing).catch(error => {
      this.engine = undefined;
      throw error;
    });
    return this.engine;
  }

  /** Another way, when the server behind the last one is gone: its daemon was ended or killed, and loads go on with the next. */
  async again(lost: Engine): Promise<Engine> {
    const before = this.engine;
    // Of several that lost it at once the first looks for the next.
    if ((await before?.catch(() => undefined)) === lost && this.engine === before) {
      this.lost.push(lost);
      this.engine = this.wayAfter();
      this.engine.catch(() => {
        this.engine = undefined;
      });
    }
    return this.connect('start');
  }

  private async wayAfter(): Promise<Engine> {
    for (const deadline = Date.now() + PATIENCE_MS; !this.closed; await sleep(LOOK_EVERY_MS)) {
      try {
        return await this.way('start');
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
    throw this.isClosed();
  }

  /** Loads may still be followed when the program has closed: nobody starts a daemon for them that nobody would end. */
  private readonly isClosed = (): Error =>
    fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: `this program has closed ${this.settings.data}` });

  private async way(missing: 'find' | 'start'): Promise<Engine> {
    const { data, temporal } = this.settings;
    // The client of Temporal is heavy: who only reads tables does without.
    const { Engine } = await import('./engine.js');
    const running = await findDaemon(data);
    if (running) return Engine.connect(running, temporal, this.waits);
    if (missing === 'find') throw fail('DAEMON_MISSING', { folder: data });
    this.say(
      `No daemon runs on ${data}: one is started for as long as it is needed${temporal.address ? ` (Temporal at ${temporal.address})` : ''}.`,
    );
    const started = await whileWaiting(this.waits, 'the daemon to start', () => startDaemon(data, this.flags, this.say));
    this.stopDaemon = started.stop;
    return Engine.connect(started.presence, temporal, this.waits);
  }

  /** A daemon that was started here drains and ends. */
  async close(): Promise<void> {
    this.closed = true;
    const engine = await this.engine?.catch(() => undefined);
    for (const each of [...this.lost, engine]) await each?.close();
    const { stopDaemon } = this;
    if (stopDaemon) await whileWaiting(this.waits, 'the daemon that was started for this to end', stopDaemon);
  }
}
