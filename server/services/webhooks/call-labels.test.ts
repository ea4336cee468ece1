import type { TriggerData } from '@switchyard/shared/run/events.ts';
import { expect, test } from 'vitest';
import { labelsFrom, refuseBadLabels } from './call-labels.ts';

const trigger: TriggerData = {
  kind: 'webhook',
  body: { customer: { tenant: ' acme ' }, vip: true, count: 3, list: [1], big: 'x'.repeat(500), nothing: null, words: '{{ trigger.body.count }}' },
  headers: { 'accept-language': 'de' },
  query: { channel: 'chat' },
};
const label = (template: string) => labelsFrom({ own: template })?.(trigger).own;

test.each([
  ['{{ trigger.body.customer.tenant }}', 'acme'],
  ['{{ trigger.headers["accept-language"] }}', 'de'],
  ['{{ trigger.query.channel }}/{{ trigger.body.count }}', 'chat/3'],
  ['{{ trigger.body.vip }}', 'true'],
  ['{{ trigger.body.count > 2 ? "many" : "few" }}', 'many'],
  ['web', 'web'],
  ['{{ trigger.body.words }}', '{{ trigger.body.count }}'],
  ['{{ trigger.body.big }}', 'x'.repeat(100)],
])('%s is %j', (template, value) => expect(label(template)).toBe(value));

test.each(['{{ trigger.body.absent }}', '{{ trigger.headers["x-tenant"] }}', '{{ trigger.body.list }}', '{{ trigger.body.nothing }}', '{{ " " }}'])(
  '%s gives no label, and does not prevent the run',
  (template) => expect(label(template)).toBeUndefined(),
);

test('a name like __proto__ is a name', () => {
  const labels = labelsFrom(JSON.parse('{"__proto__": "x", "tenant": "acme"}'))?.(trigger) ?? {};
  expect(Object.entries(labels)).toEqual([
    ['__proto__', 'x'],
    ['tenant', 'acme'],
  ]);
  expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
});

test('nothing is computed without templates', () => {
  expect(labelsFrom({})).toBeUndefined();
  expect(labelsFrom(undefined)).toBeUndefined();
});

test.each([
  ['{{ input.tenant }}', 'trigger'],
  ['{{ trigger.', 'tenant'],
  ['{{ }}', 'between'],
])('%s is rejected when set, with the label’s path', (template, said) => {
  const refuse = () => refuseBadLabels({ tenant: template });
  expect(refuse).toThrow(expect.objectContaining({ code: 'bad-request', fields: [expect.objectContaining({ path: 'labels.tenant' })] }));
  expect(refuse).toThrow(said);
});
