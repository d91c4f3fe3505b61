/** Reads the text format of Prometheus strictly: every sample belongs to a family that was announced, and stands once. */
import assert from 'node:assert/strict';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

export function samplesOf(text: string): Sample[] {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter(l => l !== '')) {
    const [, name = '', type = ''] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? [];
    if (name !== '') {
      assert.ok(!types.has(name), `${name} is announced once`);
      types.set(name, type);
    }
    if (line.startsWith('#')) {
      assert.match(line, /^# (TYPE|HELP) /);
      continue;
    }
    const found = SAMPLE.exec(line);
    assert.ok(found, `a line that is none: ${line}`);
    const family = types.has(found[1] ?? '') ? found[1] : (found[1] ?? '').replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(family ?? ''), `${line} belongs to nothing`);
    const key = `${found[1]}{${found[2] ?? ''}}`;
    assert.ok(!seen.has(key), `${key} stands once`);
    seen.add(key);
    samples.push({ name: found[1] ?? '', labels: labelsOf(found[2] ?? ''), value: numberOf(found[3] ?? '') });
  }
  return samples;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const found = LABEL.exec(text);
    assert.ok(found, `labels that are none: ${text}`);
    labels[found[1] ?? ''] = (found[2] ?? '').replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

function numberOf(text: string): number {
  const value = { '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY }[text] ?? Number(text);
  assert.ok(/^nan$/i.test(text) || !Number.isNaN(value), `${text} is a number`);
  return value;
}

/** The value of one sample; undefined: it is not told. */
export const readOf = (samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
  samples.find(s => s.name === name && Object.entries(labels).every(([key, value]) => s.labels[key] === value))?.value;
