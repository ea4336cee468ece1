import { createHmac } from 'node:crypto';
import { type RedactionRule, redactionRulesSchema } from '@switchyard/shared/contracts/redaction-rules.ts';
import { describe, expect, it } from 'vitest';
import { checkPatterns } from './check-patterns.ts';
import { markFrom } from './placeholders.ts';
import { createTextStream, type Redacting } from './redact-text.ts';
import { redactValue } from './redact-value.ts';
import { compileRules } from './rules.ts';

const mark = (text: string): string => markFrom(createHmac('sha256', 'key').update(text).digest());
const redacting = (rules: readonly RedactionRule[]): Redacting & { kept: Map<string, unknown> } => {
  const kept = new Map<string, unknown>();
  const token = (name: string, text: string, value: unknown): string => {
    const made = mark(`${name} ${text}`);
    kept.set(made, value);
    return made;
  };
  return { rules: compileRules(redactionRulesSchema.parse(rules)), marks: { hash: (name, text) => mark(`${name} ${text}`), token }, found: new Map(), kept };
};
const redact = (rules: readonly RedactionRule[], value: unknown): unknown => {
  const work = redactValue(redacting(rules), value);
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
};
const DETECTORS = ['email', 'phone', 'card', 'iban', 'ip', 'ssn'] as const;
const ALL: RedactionRule[] = DETECTORS.map((detector) => ({ detector, action: 'mask' }));

describe('detectors', () => {
  it.each([
    ['card', '4111 1111 1111 1111'],
    ['card', '4111-1111-1111-1111'],
    ['card', '4111.1111.1111.1111'],
    ['card', '378282246310005'],
    ['card', '4111\u00a01111\u00a01111\u00a01111'],
    ['card', '6011 0009 9013 9424'],
    ['email', 'jane.roe@example.com'],
    ['email', 'o’neil+tag@mail.example.co.uk'.replace('’', "'")],
    ['email', 'jürgen@müller.example'],
    ['email', 'jane%40example.com'],
    ['iban', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'GB29NWBK60161331926819'],
    ['iban', 'no9386011117947'],
    ['ssn', '536-90-4399'],
    ['ssn', '536 90 4399'],
    ['ip', '192.168.17.4'],
    ['ip', '2001:db8::ff00:42:8329'],
    ['ip', '::ffff:10.1.2.3'],
    ['phone', '+49 170 1234567'],
    ['phone', '+1 (415) 555-2671'],
    ['phone', '(415) 555-2671'],
    ['phone', '415-555-2671'],
    ['phone', '0171 1234567'],
    ['phone', '020 7946 0958'],
    ['phone', '01 23 45 67 89'],
    ['phone', '0049 170 1234567'],
  ])('%s: %s', (detector, text) => {
    for (const [before, after] of [
      ['', ''],
      ['It is ', ', thanks'],
      ['(', ') 12/27'],
      ['"', '"'],
    ]) {
      expect(redact(ALL, `${before}${text}${after}`)).toBe(`${before}[${detector}]${after}`);
    }
  });

  it.each([
    'Order 4111 1111 1111 1112',
    'confidence 0.4111111111111111',
    'at 1700000000000',
    'id 123456789012',
    'on 01.02.2026, 09:30:15',
    '2026-02-01T09:30:15Z',
    'GB28NWBK60161331926819',
    'std::vector and add::bed',
    'version 1.2.3',
    '999.1.1.1',
    '000-12-3456',
    'user@localhost',
    '@mention and a@b',
    'zip 12345-6789',
    'a UUID 123e4567-e89b-42d3-a456-426614174000',
    '5f2c9a7be1d04c6f8a3b',
  ])('leave other text as it is: %s', (text) => {
    expect(redact(ALL, text)).toBe(text);
  });

  it('find a card number before other digits', () => {
    expect(redact(ALL, '4111 1111 1111 1111 12/27 123')).toBe('[card] 12/27 123');
    expect(redact(ALL, '1 2 3 4111 1111 1111 1111')).toBe('1 2 3 [card]');
  });

  it('find own patterns in linear time, and fields at any depth', () => {
    const rules: RedactionRule[] = [
      { detector: 'pattern', name: 'order', pattern: 'ORD-\\d{4,}', action: 'mask' },
      { detector: 'field', fields: ['customer.name', 'card_holder', 'items.secret'], action: 'mask' },
    ];
    expect(redact(rules, { text: 'see ORD-12345', customer: { name: 'Ada', id: 1 }, name: 'kept', deep: [{ CardHolder: { first: 'Ada' } }] })).toEqual({
      text: 'see [order]',
      customer: { name: '[name]', id: 1 },
      name: 'kept',
      deep: [{ CardHolder: '[cardholder]' }],
    });
    expect(redact(rules, { items: [{ secret: 5 }, { secret: null }] })).toEqual({ items: [{ secret: '[secret]' }, { secret: null }] });
  });

  it.each(['(a', 'a{900}', 'x*', '(?=a)b'])('reject the pattern %s', (pattern) => {
    const { data: rules, success } = redactionRulesSchema.safeParse([{ detector: 'pattern', name: 'own', pattern, action: 'mask' }]);
    const check = () => checkPatterns(rules ?? [], 'redaction');
    if (success) expect(check).toThrow(/^redaction\.0\.pattern: /);
  });
});

describe('actions', () => {
  it('keep the last characters if the mask says so', () => {
    expect(redact([{ detector: 'card', action: 'mask', keepLast: 4 }], 'pay 4111 1111 1111 1111')).toBe('pay [card …1111]');
  });

  it('hash equal values to equal marks, however they are written', () => {
    const rules: RedactionRule[] = [{ detector: 'card', action: 'hash' }];
    const [one, two, other] = ['4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005'].map((text) => redact(rules, text));
    expect(one).toMatch(/^\[card#[a-z]{12}\]$/);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });

  it('keep the value of a token, with its type', () => {
    const session = redacting([{ detector: 'field', fields: ['amount'], action: 'tokenise' }]);
    const work = redactValue(session, { amount: 42 });
    expect(work.next()).toMatchObject({ done: true, value: { amount: expect.stringMatching(/^\[amount:[a-z]{12}\]$/) } });
    expect([...session.kept.values()]).toEqual([42]);
  });

  it('refuse without naming the value', () => {
    expect(() => redact([{ detector: 'card', action: 'refuse' }], { a: ['4111 1111 1111 1111'] })).toThrowError(
      expect.objectContaining({ code: 'redaction-refused', message: expect.not.stringContaining('4111') }),
    );
  });

  it('leave nothing of overlapping values', () => {
    const rules: RedactionRule[] = [
      { detector: 'pattern', name: 'order', pattern: 'ORD-\\d{4}', action: 'mask' },
      { detector: 'card', action: 'mask' },
    ];
    expect(redact(rules, 'ORD-4111 1111 1111 1111.')).toBe('[card].');
  });

  it('do not touch what is redacted already', () => {
    const rules: RedactionRule[] = [
      ...ALL.map((rule) => ({ ...rule, action: 'tokenise' as const })),
      { detector: 'pattern', name: 'own', pattern: '[a-z]{12}', action: 'mask' },
    ];
    const once = redact(rules, { text: 'write to jane@example.com or +49 170 1234567' });
    expect(redact(rules, once)).toEqual(once);
  });
});

describe('values', () => {
  it('are redacted in keys, numbers, and lists, and otherwise returned as they are', () => {
    const value = { 'jane@example.com': 1, 'jo@example.com': 2, number: 4111111111111111, list: [['+49 170 1234567']], other: { a: [1, null, true] } };
    expect(redact(ALL, value)).toEqual({ '[email]': 1, '[email] (2)': 2, number: '[card]', list: [['[phone]']], other: { a: [1, null, true] } });
    const clean = { a: [1, 'two', { three: null }] };
    expect(redact(ALL, clean)).toBe(clean);
  });

  it('keep a field named __proto__ a field', () => {
    const redacted = redact(ALL, JSON.parse('{"__proto__": {"mail": "jane@example.com"}}')) as object;
    expect(JSON.stringify(redacted)).toBe('{"__proto__":{"mail":"[email]"}}');
    expect(Object.getPrototypeOf(redacted)).toBe(Object.prototype);
  });

  it.each(['base64', 'base64url'] as const)('are redacted within %s', (encoding) => {
    const encode = (text: string): string => Buffer.from(text).toString(encoding);
    const text = `{"card": "4111 1111 1111 1111", "note": "??>>~~ÿ"}`;
    expect(redact(ALL, { file: `data:text/plain;base64,${encode(text)}` })).toEqual({
      file: `data:text/plain;base64,${encode(text.replace('4111 1111 1111 1111', '[card]'))}`,
    });
    const large = `${'word '.repeat(20_000)}4111 1111 1111 1111${' more'.repeat(20_000)}`;
    const decoded = Buffer.from(String(redact(ALL, encode(large))), encoding).toString();
    expect(decoded === large.replace('4111 1111 1111 1111', '[card]')).toBe(true);
  });

  it('are redacted at every position of a long text', () => {
    for (let at = 8_100; at < 8_300; at += 7) {
      const text = `${'x '.repeat(at / 2)}4111 1111 1111 1111 ${'y '.repeat(8_000)}jane@example.com`;
      expect(redact(ALL, text)).toBe(text.replace('4111 1111 1111 1111', '[card]').replace('jane@example.com', '[email]'));
    }
  });
});

describe('streams', () => {
  const TEXT = `Hi Ada, card 4111 1111 1111 1111 of jane.roe@example.com 🙂 (${'long'.repeat(14)}@${'sub.'.repeat(20)}example.org), DE89 3704 0044 0532 0130 00 or +49 170 1234567. Bye 🙂`;

  it.each([1, 2, 3, 7, 16, 50, 1_000])('redact the same in parts of %i characters, and hold back at most 64', (size) => {
    const stream = createTextStream(redacting(ALL));
    let [out, sent] = ['', 0];
    for (let at = 0; at < TEXT.length; at += size) {
      const part = stream.push(TEXT.slice(at, at + size));
      expect(part.isWellFormed() || size === 1).toBe(true);
      out += part;
      sent = Math.min(TEXT.length, at + size);
      // Outside the long address, which is one value.
      if (sent < 60) expect(sent - out.length).toBeLessThanOrEqual(64 + size);
    }
    out += stream.end();
    expect(out).toBe(redact(ALL, TEXT));
  });
});
