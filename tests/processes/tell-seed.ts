/** What properties of this process try. */
import fc from 'fast-check';

console.log(fc.readConfigureGlobal().seed ?? 'any');
