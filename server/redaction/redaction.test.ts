import type { RedactionRule } from '@switchyard/shared/contracts/redaction-rules.ts';
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../test/kit/cpu-ms.ts';
import { patience } from '../../test/kit/patience.ts';
import { ALL, redact, redacting } from './redact.fixture.ts';
import { createTextStream } from './redact-text.ts';
import { redactValue } from './redact-value.ts';

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

  const SPELLINGS: readonly (readonly [string, (text: string) => string])[] = [
    ['full-width characters', (text) => text.replace(/[!-~]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0))],
    ['full-width digits', (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
    ['Arabic digits', (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))],
    ['Devanagari digits', (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x966 + Number(digit)))],
    ['bold digits', (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit)))],
    ['digits with a period', (text) => text.replace(/[1-9]$/, (digit) => String.fromCodePoint(0x2487 + Number(digit)))],
    ['zero-width spaces', (text) => [...text].join('\u200b')],
    ['soft hyphens and joiners', (text) => [...text].join('\u00ad\u200d\ufeff')],
    ['HTML entities', (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join('')],
    ['hexadecimal HTML entities', (text) => [...text].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join('')],
    ['HTML entities within HTML', (text) => [...text].map((one) => `&amp;#${one.codePointAt(0)};`).join('')],
    ['named HTML entities', (text) => text.replaceAll('@', '&commat;').replaceAll('.', '&period;').replaceAll(' ', '&nbsp;').replaceAll('+', '&plus;')],
    ['HTML entities in a URL', (text) => encodeURIComponent([...text].map((one) => `&#${one.codePointAt(0)};`).join(''))],
    ['HTML entities in JSON', (text) => `{"a": "${[...text].map((one) => `\\u0026#${one.codePointAt(0)};`).join('')}`],
  ];
  const SPELLED = [
    '4111 1111 1111 1111',
    '4111111111111111',
    'jane.roe@example.com',
    '+49 170 1234567',
    '203.0.113.77',
    '536-90-4399',
    'DE89370400440532013000',
  ];

  it.each(SPELLINGS)('are found in %s', (_, spell) => {
    for (const value of SPELLED) {
      const spelled = spell(value);
      if (spelled === value) continue;
      const [alone, within] = [String(redact(ALL, spelled)), String(redact(ALL, `It is ${spelled}, as you know.`))];
      expect(alone).toMatch(/^(?:\{"a": ")?\[[a-z]+\]$/);
      expect(within).toBe(`It is ${alone}, as you know.`);
      const long = 'words '.repeat(2_000);
      expect(redact(ALL, `${long}${spelled} ${long}`)).toBe(`${long}${alone} ${long}`);
      const stream = createTextStream(redacting(ALL));
      expect([...`It is ${spelled}, as you know.`].map(stream.push).join('') + stream.end()).toBe(within);
    }
  });

  it('have equal hashes in all spellings', () => {
    const rules = ALL.map((rule) => ({ ...rule, action: 'hash' as const }));
    for (const [name, spell] of SPELLINGS)
      for (const value of name.includes('JSON') || name.includes('period') ? [] : SPELLED) expect(redact(rules, spell(value))).toBe(redact(rules, value));
  });

  it.each(['Bücher für 12 €, “neu” … 🙂👨‍👩‍👧', 'Tom &amp; Jerry &lt;3 &copy; AT&T', '電話はありません', '㎡ ½ ﷺ ① Ⅻ', 'می‌خواهم'])(
    'are not made of other text: %s',
    (text) => {
      expect(redact(ALL, text)).toBe(text);
    },
  );

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

  const PHONE = '+49 170 1234567';
  const IBAN = 'DE89 3704 0044 0532 0130 00';

  it.each([
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in JSON within JSON', (text: string) => JSON.stringify({ text: JSON.stringify({ text }) })],
    ['in JSON within a text', (text: string) => `Sent: ${JSON.stringify({ text })}`],
    ['in JSON that is cut off', (text: string) => `${JSON.stringify({ text })},{"te`],
    ['in a query', (text: string) => `https://example.com/?text=${encodeURIComponent(text)}&page=1`],
    ['in a form', (text: string) => new URLSearchParams({ text }).toString()],
    ['in a URL within a URL', (text: string) => `https://example.com/?to=${encodeURIComponent(`/?text=${encodeURIComponent(text)}`)}`],
    ['with Unicode escapes', (text: string) => `Sent: ${JSON.stringify({ text }).replace('@', '\\u0040').replaceAll(' ', '\\u0020')}`],
    ['in base64 within a path', (text: string) => `https://example.com/api/v1/${Buffer.from(text).toString('base64url')}/edit`],
    [
      'in lines of base64',
      (text: string) =>
        Buffer.from(`${'x'.repeat(50)}${text}${'y'.repeat(50)}`)
          .toString('base64')
          .replace(/.{76}/g, '$&\r\n'),
    ],
    ['in JSON in base64', (text: string) => Buffer.from(JSON.stringify({ text })).toString('base64')],
    ['in a file name', (text: string) => `scan_${text.trim()}_1.pdf`],
  ])('are redacted after escapes and with escapes in them, %s', (_, written) => {
    for (const value of [PHONE, IBAN, '203.0.113.77', '4111 1111 1111 1111', 'jane.roe@example.com']) {
      const before = written(`\n${value}\n`);
      const after = String(redact(ALL, before));
      expect(after).not.toBe(before);
      expect(decodedText(after)).not.toContain(value);
      if (before.startsWith('{') && before.endsWith('}')) expect(JSON.parse(after)).toBeTypeOf('object');
    }
  });

  /** With everything decoded that the cases above encode. */
  function decodedText(text: string): string {
    const bytes = text.replace(/[A-Za-z0-9_-]{16,}(?:[\r\nA-Za-z0-9=_-])*/g, (run) => Buffer.from(run, 'base64').toString());
    return [text, bytes]
      .map((one) =>
        JSON.stringify({ one })
          .replace(/%(?:25)*20|\\+u0020|\+/g, ' ')
          .replace(/%(?:25)*2B/gi, '+'),
      )
      .join();
  }

  it('are redacted by the names of their fields in JSON within texts, also if it is cut off', () => {
    const rules: RedactionRule[] = [{ detector: 'field', fields: ['password', 'user.card_code'], action: 'mask' }];
    const secret = { user: { cardCode: 123 }, password: 'hun"ter\\', topic: 'kept' };
    const [json, masked] = [JSON.stringify(secret), '{"user":{"cardCode":"[cardcode]"},"password":"[password]","topic":"kept"}'];
    expect(redact(rules, { body: json })).toEqual({ body: masked });
    expect(redact(rules, { body: JSON.stringify({ json }) })).toEqual({ body: JSON.stringify({ json: masked }) });
    expect(redact(rules, `\`\`\`json\n${json}\n\`\`\``)).toBe(`\`\`\`json\n${masked}\n\`\`\``);
    expect(redact(rules, `${json}\n${json}`)).toBe(`${masked}\n${masked}`);
    expect(redact(rules, `Sent: ${JSON.stringify({ json })}`)).toBe(`Sent: ${JSON.stringify({ json: masked })}`);
    expect(redact(rules, '{"topic": "kept", "password": "hunt')).toBe('{"topic": "kept", "password": "[password]"');
    expect(redact(rules, '{"password": {"now": ["hunter2", {')).toBe('{"password": "[password]"');
    expect(redact(rules, 'x {"password": null, "user": 5}')).toBe('x {"password": null, "user": 5}');
  });

  it('stay the same once they are hashed', () => {
    const rules: RedactionRule[] = [{ detector: 'field', fields: ['password'], action: 'hash' }];
    const once = redact(rules, { password: 'hunter2' });
    expect(redact(rules, once)).toEqual(once);
  });

  it('pause between the fields of a long text, which cost more than its characters', () => {
    const work = redactValue(redacting([{ detector: 'field', fields: ['secret'], action: 'hash' }]), 'Log: {"secret":"'.repeat(5_000));
    let pauses = 0;
    while (!work.next().done) pauses++;
    expect(pauses).toBeGreaterThan(100);
  });

  it.each([
    '\\',
    '%25',
    '"a":',
    '{"a":',
    '+1',
    '%',
    '[{"',
    'A/',
    `${'A'.repeat(76)}\n`,
    '&#52;',
    '&',
    '&amp;',
    '\u200b',
    '１',
    '1\u00ad',
    'ﷺ',
    '4111, ',
    '4\n',
    '1///',
    '+1|415|555',
    'DE89|3704',
    '0171 - ',
  ])('take linear time in a text of %j', (part) => {
    const rules: RedactionRule[] = [...ALL, { detector: 'field', fields: ['a'], action: 'mask' }];
    const text = part.repeat(400_000 / part.length);
    expect(cpuMsOf(() => redact(rules, text))).toBeLessThan(patience(3_000));
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

  it('redact the same where values are in lines, columns, and lists', () => {
    const card = '4111111111111111';
    const groups = card.match(/.{4}/g) ?? [];
    const values = [
      ...['\n', ' | ', ', ', '\r\n', '/'].map((gap) => groups.join(gap)),
      [...card].join('\n'),
      '+49\n170\n1234567',
      'DE89, 3704, 0044, 0532, 0130, 00',
    ];
    const text = values.map((value) => `${'words '.repeat(20)}2027 ${value}\n\n; years 2019, 2020, 2021, 2022, 2023\n`).join('');
    const stream = createTextStream(redacting(ALL));
    const redacted = [...text].map(stream.push).join('') + stream.end();
    expect(redacted).toBe(redact(ALL, text));
    expect(redacted.match(/\[(?:card|phone|iban)\]/g)).toHaveLength(values.length);
  });
});
