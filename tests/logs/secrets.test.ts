import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { namesSecret, redactor } from '../../src/logs/redact.js';
import { harmless } from '../../src/logs/tame.js';
import { createLog, type RootLog } from '../../src/logs.js';

const CANARY = 'c4n/ary+5ecret &"value"=';

async function logged(speak: (log: RootLog) => void, secrets = [CANARY]): Promise<string> {
  let out = '';
  const stream = new Writable({
    write(chunk, _, done) {
      out += String(chunk);
      done();
    },
  });
  for (const terminal of [false, true]) {
    const log = createLog({ level: 'debug', stream, terminal, secrets });
    speak(log);
    await log.close();
  }
  return out;
}

const forms = {
  plain: CANARY,
  'in a URL': `https://api.example/x?a=1&b=${encodeURIComponent(CANARY)}`,
  'in a URL in lower case': encodeURIComponent(CANARY).replace(/%../g, hex => hex.toLowerCase()),
  'in a form': new URLSearchParams({ q: CANARY }).toString(),
  'in base64': Buffer.from(CANARY).toString('base64'),
  'in base64 for URLs': Buffer.from(CANARY).toString('base64url'),
  'in basic authorization': Buffer.from(`user:${CANARY}`).toString('base64'),
  'in base64 at another place': Buffer.from(`ab${CANARY}yz`).toString('base64'),
  'in JSON': JSON.stringify({ q: CANARY }),
};

/** What may be left of a form: too little to be of use. */
const remains = (out: string, form: string): boolean => {
  for (let i = 0; i + 12 <= form.length; i++) {
    const piece = form.slice(i, i + 12);
    if (!'https://api.example/x?a=1&b='.includes(piece) && (out.includes(piece) || out.includes(JSON.stringify(piece).slice(1, -1))))
      return true;
  }
  return false;
};

for (const [where, text] of Object.entries(forms)) {
  test(`a known secret is hidden ${where}, wherever in a line it stands`, async () => {
    const error = new Error(`outer ${text}`, { cause: new AggregateError([new Error(text)], 'many') });
    const out = await logged(log => {
      log.info(`said ${text} aloud`);
      log.info('x', { deep: [{ list: [text] }], [text]: 1, series: text, error });
      log.child({ provider: text }).error('y', { url: new URL('https://h/'), set: new Set([text]) });
    });
    assert.ok(!remains(out, text), out);
  });
}

test('a secret that is learnt later is hidden from then on, in children too', async () => {
  const out = await logged(log => {
    const child = log.child({ step: 'fetch' });
    log.hide('learnt-later');
    child.info('learnt-later');
  }, []);
  assert.doesNotMatch(out, /learnt-later/);
});

test('what is named like a secret is hidden without being known', async () => {
  const out = await logged(
    log => log.info('x', { apiKey: 'canary1', headers: { authorization: 'canary2', 'x-api-key': 'canary3' }, token: ['canary4'] }),
    [],
  );
  assert.doesNotMatch(out, /canary/);
  for (const name of ['monkey', 'keyboard']) assert.ok(!namesSecret(name));
});

const LOOKS = [
  'GET https://h/q?function=X&apikey=canary&symbol=IBM',
  'token=canary',
  'https://user:canary@host/path',
  'Authorization: Bearer canary.x.y',
  'bearer canary123',
  'authorization: Basic canary==',
  '{"api_key": "canary", "a": 1}',
  "{ access_token='canary' }",
  'X-MBX-APIKEY: canary',
  'secret="two canary words"',
];

for (const text of LOOKS) {
  test(`what looks like a secret is hidden: ${text.replace('canary', '…')}`, () => assert.doesNotMatch(redactor([])(text), /canary/));
}

test('ordinary text stays as it is', () => {
  for (const text of [
    'Unexpected token } in JSON',
    'key BTCUSDT of 3',
    'a bearer of news',
    'see https://h/p?symbol=BTC&limit=5',
    'temporal.port: 7233',
  ]) {
    assert.equal(redactor(['abc', ''])(text), text);
  }
});

test('terminal sequences vanish and other control characters become visible', async () => {
  assert.equal(harmless('a\u001b[31mred\u001b[0m'), 'ared');
  assert.equal(harmless('x\u0007\u009b\u202ey\u0000'), 'x\\u0007\\u009b\\u202ey\\u0000');
  const out = await logged(log => log.info('\u001b]0;title\u0007\u001b[2Jhello \u202e', { name: '\u001b[5m\r\nfake line' }));
  assert.doesNotMatch(out.replace(/\u001b\[(31|33|32|2|0)m/g, ''), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('no secret survives, whatever it is made of and whatever stands around it', () => {
  const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' }).filter(text => !'(hidden)(hidden)'.includes(text));
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
      const redact = redactor([hidden]);
      const surroundings = before + after;
      fc.pre(!surroundings.includes(hidden) && !`${before}(hidden)${after}`.includes(hidden));
      assert.ok(!redact(before + hidden + after).includes(hidden));
      assert.ok(!redact(before + encodeURIComponent(hidden) + after).includes(encodeURIComponent(hidden)));
    }),
  );
});
