/** The way to the engine: through the daemon that runs, or one that is started for as long as this program needs it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../model/errors.js';
import type { Presence } from '../../model/presence.js';
import type { ResolvedSettings } from '../../settings.js';
import { type DaemonFlags, findDaemon, startDaemon } from './daemon.js';
import type { Engine } from './engine.js';
import { UNHEARD, type Waits, whileWaiting } from './waiting.js';

/** A daemon that somebody ends drains first: the folder may be its own for this long. */
const PATIENCE_MS = 60_000;
/** One that somebody keeps up, by hand or as a service, is about to be started again: one of ours would stand in its way. */
const SUCCESSOR_MS = 20_000;
const LOOK_EVERY_MS = 100;

export class Reach {
  private engine: Promise<Engine> | undefined;
  /** A question that is repeated on a closed connection throws where nobody catches it: they stay open until nobody asks any more. */
  private readonly lost: Engine[] = [];
  /** Of the way that was found last. */
  private daemon: Presence | undefined;
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
    if (this.daemon && !this.daemon.attached) await whileWaiting(this.waits, 'the daemon to be started again', () => this.successor());
    for (const deadline = Date.now() + PATIENCE_MS; !this.closed; await sleep(LOOK_EVERY_MS)) {
      try {
        return await this.way('start');
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
    throw this.isClosed();
  }

  private async successor(): Promise<void> {
    for (const deadline = performance.now() + SUCCESSOR_MS; performance.now() < deadline && !this.closed; await sleep(LOOK_EVERY_MS))
      if (findDaemon(this.settings.data)) return;
  }

  /** Loads may still be followed when the program has closed: nobody starts a daemon for them that nobody would end. */
  private readonly isClosed = (): Error =>
    fail('SERVER_UNREACHABLE', { address: 'the daemon', reason: `this program has closed ${this.settings.data}` });

  private async way(missing: 'find' | 'start'): Promise<Engine> {
    const { data, temporal } = this.settings;
    const running = findDaemon(data);
    if (running) return this.engineOf(running);
    if (missing === 'find') throw fail('DAEMON_MISSING', { folder: data });
    this.say(
      `No daemon runs on ${data}: one is started for as long as it is needed${temporal.address ? ` (Temporal at ${temporal.address})` : ''}.`,
    );
    const started = await whileWaiting(this.waits, 'the daemon to start', () => startDaemon(data, this.flags, this.say));
    this.stopDaemon = started.stop;
    return this.engineOf(started.presence);
  }

  private async engineOf(daemon: Presence): Promise<Engine> {
    const { data, temporal } = this.settings;
    this.daemon = daemon;
    // The client of Temporal is heavy: who only reads tables does without.
    const { Engine } = await import('./engine.js');
    return Engine.connect(daemon, temporal, { waits: this.waits, isGone: () => findDaemon(data)?.pid !== daemon.pid });
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
