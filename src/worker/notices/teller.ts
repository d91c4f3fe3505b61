/** Sends notices to whom the settings name. Whatever goes wrong there is logged, and hurts nobody. */
import { redactor } from '../../logs/redact.js';
import type { Facts } from '../../logs.js';
import type { Notice } from '../../model/notices.js';
import { type ResolvedSettings, secretsIn } from '../../settings.js';
import { runHook } from './hook.js';
import { post } from './webhook.js';

export interface Sent {
  readonly to: 'webhook' | 'command';
  /** Null: it was taken. */
  readonly failed: string | null;
}

export interface Teller {
  /** Empty: the settings name nobody. */
  tell(notice: Notice): Promise<readonly Sent[]>;
}

type Warn = (what: string, facts: Facts) => void;

export function tellerOf(settings: ResolvedSettings, env: NodeJS.ProcessEnv, warn: Warn = () => {}): Teller {
  const { webhook, token, command, timeoutSeconds } = settings.notices;
  const timeoutMs = timeoutSeconds * 1_000;
  const hide = redactor(secretsIn(settings));
  const ways: [Sent['to'], (notice: Notice) => Promise<void>][] = [];
  if (webhook)
    ways.push(['webhook', notice => post({ url: webhook.reveal(), token: token?.reveal(), timeoutMs, env }, JSON.stringify(notice))]);
  if (command.length > 0) ways.push(['command', notice => runHook({ argv: command, env, timeoutMs }, notice)]);
  return {
    tell(notice) {
      const masked = maskedNotice(notice, hide);
      return Promise.all(
        ways.map(async ([to, send]): Promise<Sent> => {
          try {
            await send(masked);
            return { to, failed: null };
          } catch (error) {
            const failed = hide((error as Error).message);
            warn(`a notice could not be handed to the ${to}: ${failed}`, { notice: notice.kind });
            return { to, failed };
          }
        }),
      );
    },
  };
}

/** Texts come from sources and servers: what they hold of our keys goes no further. */
function maskedNotice(notice: Notice, hide: (text: string) => string): Notice {
  const causes = notice.causes.map(cause => ({
    ...cause,
    text: hide(cause.text),
    facts: Object.fromEntries(Object.entries(cause.facts).map(([name, fact]) => [name, typeof fact === 'string' ? hide(fact) : fact])),
  }));
  return { ...notice, text: hide(notice.text), causes };
}
