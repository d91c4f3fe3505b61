/** Whom the daemon tells of what needs a person. */
import { z } from 'zod';
import { secret } from './secret.js';
import { amount, setting, text, wholeNumber } from './setting.js';
import { LOOPBACK } from './sources.js';

/** What a notice tells is nobody else's affair on the way. */
function isHook(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url?.username === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)));
}

export const notices = z.strictObject({
  webhook: secret(
    'The address that notices are sent to, as JSON by POST; unset, none is sent. Often it is a key itself, so it is never shown.',
  )
    .refine(hook => isHook(hook.reveal()), { params: { allowed: 'an https address; http only to this machine' } })
    .exactOptional(),
  token: secret('Sent along as "Authorization: Bearer …"; unset, nothing is.').exactOptional(),
  command: setting(
    z.array(text('', 'a text on one line')).max(50),
    'A program to run for each notice, with its arguments: no shell reads them. It gets the notice as JSON on its input. Empty: none.',
    'a list such as ["/usr/local/bin/tell-me", "--urgent"]',
  ),
  timeoutSeconds: wholeNumber('How long either may take before it is given up, in seconds.', 1, 60),
  quality: amount('A series whose newest bars score less than this has lost quality; 0: never.', 0, 100),
});

export const noticesDefaults = { command: [], timeoutSeconds: 10, quality: 70 };
