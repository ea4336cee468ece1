import { type RedactionRule, redactionRulesSchema } from '@switchyard/shared/contracts/redaction-rules.ts';
import { describe, expect, it } from 'vitest';
import { checkPatterns } from '../check-patterns.ts';
import { ALL, redact } from '../redact.fixture.ts';

describe('detectors', () => {
  it.each([
    ['card', '4111 1111 1111 1111'],
    ['card', '4111-1111-1111-1111'],
    ['card', '4111.1111.1111.1111'],
    ['card', '4111_1111_1111_1111'],
    ['card', '4111  1111  1111  1111'],
    ['card', '4111 - 1111 - 1111 - 1111'],
    ['card', '378282246310005'],
    ['card', '4111\u00a01111\u00a01111\u00a01111'],
    ['card', '6011 0009 9013 9424'],
    ['card', '4111\n1111\n1111\n1111'],
    ['card', '4111\r\n1111\r\n1111\r\n1111'],
    ['card', '4111\t1111\t1111\t1111'],
    ['card', '4111/1111/1111/1111'],
    ['card', '4111:1111:1111:1111'],
    ['card', '4111|1111|1111|1111'],
    ['card', '4111 | 1111 | 1111 | 1111'],
    ['card', '4111, 1111, 1111, 1111'],
    ['card', '4111. 1111. 1111. 1111'],
    ['card', '4111\u20281111\u20281111\u20281111'],
    ['card', '4111 1111\n1111 1111'],
    ['card', '4111/1111\t1111, 1111'],
    ['card', '41111111\n11111111'],
    ['card', '3782/822463/10005'],
    ['card', '3056,930902,5904'],
    ['card', [...'4111111111111111'].join('\n')],
    ['card', [...'4111111111111111'].join(', ')],
    ['card', '41:11:11:11:11:11:11:11'],
    ['card', '6759 6498 2648'],
    ['card', '4111~1111~1111~1111'],
    ['card', '4111=1111=1111=1111'],
    ['card', '4111>1111>1111>1111'],
    ['card', '4111&1111&1111&1111'],
    ['card', "4111'1111'1111'1111"],
    ['card', '4111’1111’1111’1111'],
    ['card', '4111"1111"1111"1111'],
    ['card', '4111 1111","1111 1111'],
    ['card', '4111\f1111\f1111\f1111'],
    ['card', '4111\f1111\v1111\u00851111'],
    ['card', '4111–1111—1111−1111'],
    ['card', '4111−1111−1111−1111'],
    ['iban', 'DE89~3704~0044~0532~0130~00'],
    ['email', 'jane.roe@example.com'],
    ['email', 'o’neil+tag@mail.example.co.uk'.replace('’', "'")],
    ['email', 'jürgen@müller.example'],
    ['email', 'jane%40example.com'],
    ['iban', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'GB29NWBK60161331926819'],
    ['iban', 'DE89\n3704\n0044\n0532\n0130\n00'],
    ['iban', 'DE89/3704/0044/0532/0130/00'],
    ['iban', 'DE89, 3704, 0044, 0532, 0130, 00'],
    ['iban', 'FR14.20041.01005.0500013M026.06'],
    ['iban', 'DE89 | 3704 | 0044 | 0532 | 0130 | 00'],
    ['iban', 'no9386011117947'],
    ['ssn', '536-90-4399'],
    ['ssn', '536 90 4399'],
    ['ssn', '536.90.4399'],
    ['ssn', '536/90/4399'],
    ['ssn', '536_90_4399'],
    ['ssn', '536 - 90 - 4399'],
    ['ssn', '536  90  4399'],
    ['ip', '192.168.17.4'],
    ['ip', '2001:db8::ff00:42:8329'],
    ['ip', '::ffff:10.1.2.3'],
    ['phone', '+49 170 1234567'],
    ['phone', '+1 (415) 555-2671'],
    ['phone', '(415) 555-2671'],
    ['phone', '415-555-2671'],
    ['phone', '415/555-2671'],
    ['phone', '415 - 555 - 2671'],
    ['phone', '(415)\n555-2671'],
    ['phone', '+49\n170\n1234567'],
    ['phone', '+49 170\n1234567'],
    ['phone', '+1\t415\t555\t2671'],
    ['phone', '+1|415|555|2671'],
    ['phone', '+1, 415, 555, 2671'],
    ['phone', '+49 - 170 - 1234567'],
    ['phone', '0171 - 1234567'],
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
    'confidence 0.4111111111111111. 20.5',
    'size 20.4414 0640 4344 9519',
    '["4111","1111","1111","1111"]',
    "(4111', '1111', '1111', '1111', '4999', '5499', '5999')",
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
    'years 2019, 2020, 2021, 2022, 2023, 2024',
    'prices 4111, 1111, 1111, 1111, 4999, 5499, 5999',
    '{"codes": [12, 4111, 1111, 1111, 1111]}',
    'ratings 4/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1/5',
    'total 4,111,111,111,111,111',
    '4111111\n111111111',
    '2026-01-02 03:04:05, 2026-01-03 04:05:06',
    'at 41:11:11, 11:11:11, 11:11',
    'IDs 536, 90, 4399',
    '536\n90\n4399',
    'columns 415\t555\t2671',
    'on 05.11.2026/06.11.2026',
  ])('leave other text as it is: %s', (text) => {
    expect(redact(ALL, text)).toBe(text);
  });

  it('find a card number before other digits', () => {
    expect(redact(ALL, '4111 1111 1111 1111 12/27 123')).toBe('[card] 12/27 123');
    expect(redact(ALL, '1 2 3 4111 1111 1111 1111')).toBe('1 2 3 [card]');
    expect(redact(ALL, 'Amount 20.4414.0640.4344.9519')).toBe('Amount 20.[card]');
    expect(redact(ALL, 'A|4111|1111|1111|1111|12|2027|123')).toBe('A|[card]|12|2027|123');
    expect(redact(ALL, '2026\n4111\n1111\n1111\n1111\n1227')).toBe('2026\n[card]\n1227');
    expect(redact(ALL, '4111/1111/1111/1111\n5500/0000/0000/0004')).toBe('[card]\n[card]');
    expect(redact(ALL, '+49 170 1234567\n12 Main Street')).toBe('[phone]\n12 Main Street');
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
