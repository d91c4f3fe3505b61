/** Where the daemon tells how it does: figures for Prometheus, and whether it is live and ready. */
import { z } from 'zod';
import { setting, text, wholeNumber } from './setting.js';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

export const metrics = z.strictObject({
  port: wholeNumber('The port of /metrics and /health; null: neither is served.', 1, 65_535).nullable(),
  host: text(
    'The address they are served on; any but 127.0.0.1 and ::1 lets other machines read them.',
    'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
  ).regex(/^[\w.:-]+$/),
  names: setting(
    z.array(text('', '').regex(NAME)).max(20),
    'Names under which they may be asked for, beside localhost and plain addresses. Any other is refused: a web page could stand behind it.',
    'a list of host names, such as [tapekeep.example.com]',
  ),
});

export const metricsDefaults = { port: 9233, host: '127.0.0.1', names: [] };
