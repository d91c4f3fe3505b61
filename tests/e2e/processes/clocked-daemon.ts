/** The daemon as users run it, with a clock that can be set: told `clock -86400000`, it is a day behind that of the machine. */
import './clock.js';

await import('../../../src/worker/main.js');
