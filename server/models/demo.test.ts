import { type ChatMessage, textMessage } from '@switchyard/shared/model/chat.ts';
import { describe, expect, test } from 'vitest';
import { createDemoProvider } from './demo.ts';

const demo = createDemoProvider({ delayMs: 0 });
const never = new AbortController().signal;
const ask = (messages: ChatMessage[], more: object = {}) => demo.chat({ model: 'demo', messages, ...more }, never, () => undefined);

const system = [
  'You sort support messages. Choose exactly one label.',
  '- billing: Invoices, charges, payment methods. Examples: I was charged twice',
  '- technical: Something in the app does not work. Examples: The page shows an error',
  '- refund: The customer wants money back',
  '- account_access: Cannot log in, lost password, locked account',
].join('\n');
const schema = (labels: string[]) => ({
  type: 'object',
  properties: { label: { type: 'string', enum: labels }, confidence: { type: 'number', minimum: 0, maximum: 1 }, reason: { type: 'string' } },
  required: ['label', 'confidence', 'reason'],
  additionalProperties: false,
});
const labels = ['billing', 'technical', 'refund', 'account_access'];
const classify = async (message: string, told = system, names = labels) =>
  JSON.parse((await ask([textMessage('system', told), textMessage('user', message)], { schema: schema(names) })).content);

describe('labels', () => {
  test.each([
    ['The app crashes when I upload a photo', 'technical'],
    ['I was charged twice for my subscription this month', 'billing'],
    ['Please give me my money back for order 4711', 'refund'],
    ["I can't log in, it says my password is wrong", 'account_access'],
    ['Where do I find the invoice of March?', 'billing'],
    ['The export button shows an error and then freezes', 'technical'],
  ])('%s is clearly %s', async (message, label) => {
    const answer = await classify(message);
    expect(answer.label).toBe(label);
    expect(answer.confidence).toBeGreaterThanOrEqual(0.85);
    expect(answer.reason).toContain('demo');
  });

  test.each(['Hello there', 'What is the weather on Mars?', ''])('‘%s’ speaks for no label', async (message) => {
    expect((await classify(message)).confidence).toBeLessThan(0.5);
  });

  test('a message between two labels is less certain than a clear one', async () => {
    const between = await classify('My login shows an error and I was charged, refund please');
    expect(between.confidence).toBeLessThan(0.8);
  });

  test.each([
    ['Our roses have black spots on the leaves', 'disease'],
    ['How often must I water my cactus in winter?', 'watering'],
    ['Which soil is right for tomatoes?', 'soil'],
  ])('labels that nobody has seen are served: %s', async (message, label) => {
    const told =
      'Labels:\n1. "disease" — spots, mould, wilting leaves\n2. "watering" — how much and how often to water\n3. "soil" — earth, compost, fertiliser';
    const answer = await classify(message, told, ['disease', 'watering', 'soil']);
    expect(answer.label).toBe(label);
  });
});

describe('texts', () => {
  test('a reply greets by name, quotes the case and says demo', async () => {
    const answer = await ask([
      textMessage('system', 'You write replies to customers. Be friendly and short.'),
      textMessage('user', 'Reply to this message:\n\nHi, my name is Ana. The app crashes when I upload a photo. I need it for tomorrow.'),
    ]);
    expect(answer.content).toContain('Hi Ana');
    expect(answer.content).toContain('The app crashes when I upload a photo');
    expect(answer.content).toContain('demo');
  });
});
