import { createHmac } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { markFrom } from '@switchyard/server/redaction/placeholders.ts';
import type { Redacting } from '@switchyard/server/redaction/redact-text.ts';
import { redactValue } from '@switchyard/server/redaction/redact-value.ts';
import { compileRules } from '@switchyard/server/redaction/rules.ts';
import { inTurns } from '@switchyard/server/turns.ts';
import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { type Figure, median, reachingGoal, underLimit } from '../figure.ts';

const PASSES = 5;
const MEGABYTE = 1_000_000;

const RULES: readonly RedactionRule[] = [
  ...(['email', 'phone', 'card', 'iban', 'ip', 'ssn'] as const).map((detector): RedactionRule => ({ detector, action: 'hash' })),
  { detector: 'pattern', name: 'order', pattern: '\\bORD-\\d{6,8}\\b', action: 'mask' },
  { detector: 'field', fields: ['customer.name', 'password'], action: 'mask' },
];

const SENTENCE =
  'Hello, this is Ada from Springfield; order 20261130-4 of 1,299.00 EUR has not arrived since 09:30 on 2026-11-12, and no one at +49 170 1234567 or ' +
  'ada.byron@example.com answers (card 4111 1111 1111 1111, ORD-123456, 192.168.1.7). ';

/** Texts of each shape, a megabyte each. */
const TEXTS: Readonly<Record<string, () => unknown>> = {
  prose: () => SENTENCE.repeat(Math.ceil(MEGABYTE / SENTENCE.length)).slice(0, MEGABYTE),
  records: () =>
    Array.from({ length: MEGABYTE / 250 }, (_, id) => ({ id, customer: { name: 'Ada Byron', mail: `ada${id}@example.com` }, text: SENTENCE.slice(0, 170) })),
  digits: () => '4 1 1 1 '.repeat(MEGABYTE / 8),
  base64: () => Buffer.from(SENTENCE.repeat(Math.ceil((MEGABYTE * 0.74) / SENTENCE.length))).toString('base64'),
};

/** Speed with every detector in use, for texts of several shapes, and the longest time that other work waits. */
export async function redact(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [shape, make] of Object.entries(TEXTS)) {
    const value = make();
    const megabytes = JSON.stringify(value).length / MEGABYTE;
    const speeds: number[] = [];
    const stalls: number[] = [];
    await pass(value);
    for (let count = 0; count < PASSES; count++) {
      const { ms, stallMs } = await pass(value);
      speeds.push((megabytes / ms) * 1_000);
      stalls.push(stallMs);
    }
    figures.push(reachingGoal(`redact-${shape}`, 'MB/s', { value: median(speeds), goal: 1 }));
    figures.push(underLimit(`redact-${shape}-stall`, 'ms', { value: median(stalls), goal: 20 }));
  }
  return figures;
}

async function pass(value: unknown): Promise<{ ms: number; stallMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.reset();
  const began = performance.now();
  await inTurns(redactValue(redacting(), value));
  const ms = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { ms, stallMs: delay.max / 1e6 };
}

function redacting(): Redacting {
  const mark = (name: string, text: string): string => markFrom(createHmac('sha256', 'key').update(`${name} ${text}`).digest());
  return { rules: compileRules(RULES), marks: { hash: mark, token: mark }, found: new Map() };
}
