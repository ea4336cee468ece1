import { AppError } from '@switchyard/shared/errors.ts';
import { textMessage } from '@switchyard/shared/model/chat.ts';
import { expect, test } from 'vitest';
import { chatWith, request, scripted } from '../chat.fixture.ts';
import { createAnswerCache } from './answer-cache.ts';
import { createCallMemory } from './call-memory.ts';

const MINUTE = 60_000;
const cached = { cacheTtlMs: MINUTE };

test('an equal call within the lifetime gets the stored answer, marked and free', async () => {
  let now = 1_000;
  const provider = scripted('one', 'two');
  const call = chatWith({ only: provider }, cached, { memory: createCallMemory(() => now) });
  expect((await call()).record).not.toHaveProperty('cached');
  const heard: string[] = [];
  const second = await call(request, { onDelta: (text) => heard.push(text) });
  expect(second.answer).toMatchObject({ text: 'one', costMicros: 0, usage: { inputTokens: 0, outputTokens: 0 } });
  expect(second.record).toMatchObject({ cached: true, attempts: [{ latencyMs: 0 }] });
  expect(heard).toEqual(['one']);
  now += MINUTE + 1;
  expect((await call()).answer.text).toBe('two');
  expect(provider.seen).toHaveLength(2);
});

test('any difference in workspace, messages, parameters, or schema is another call', async () => {
  const provider = scripted(...Array.from({ length: 8 }, (_, index) => `{"n": ${index}}`));
  const call = chatWith({ only: provider }, cached);
  await call();
  await call({ ...request, temperature: 0.5 });
  await call({ ...request, maxTokens: 5 });
  await call({ ...request, messages: [textMessage('user', 'Bye')] });
  await call({ ...request, schema: { type: 'object' } });
  await call({ ...request, route: 'careful' });
  await call(request, { workspaceId: 'other' });
  expect(provider.seen).toHaveLength(7);
});

test('a route without a lifetime, and a policy against keeping payloads, keep nothing', async () => {
  const provider = scripted('one', 'two', 'three', 'four');
  const off = chatWith({ only: provider });
  await off();
  await off();
  const metadataOnly = chatWith({ only: provider }, cached, { mayKeepAnswer: async () => false });
  await metadataOnly();
  expect((await metadataOnly()).answer.text).toBe('four');
});

test('failures are not kept', async () => {
  const provider = scripted(new AppError('provider-refused'), 'fine');
  const call = chatWith({ only: provider }, cached);
  await expect(call()).rejects.toMatchObject({ code: 'provider-refused' });
  expect((await call()).answer.text).toBe('fine');
});

test('a kill switch also stops cached answers', async () => {
  let killed = false;
  const admitCall = async () => {
    if (killed) throw new AppError('killed');
  };
  const call = chatWith({ only: scripted('one') }, cached, { admitCall });
  await call();
  killed = true;
  await expect(call()).rejects.toMatchObject({ code: 'killed' });
});

test('answers have a limit on their total size, and the oldest give way', () => {
  const answers = createAnswerCache(() => 0);
  const answer = (content: string) => ({ content, usage: { inputTokens: 1, outputTokens: 1 }, model: 'm', finishReason: 'stop' });
  const keyed = (route: string) => ({ workspaceId: 'w', route, connectionId: 'c', request: { model: 'm', messages: [] } });
  for (let number = 0; number < 30; number++) answers.keep(keyed(`r${number}`), answer('x'.repeat(900_000)), MINUTE);
  expect(answers.get(keyed('r0'))).toBeUndefined();
  expect(answers.get(keyed('r29'))).toBeDefined();
  answers.keep(keyed('large'), answer('x'.repeat(1_100_000)), MINUTE);
  expect(answers.get(keyed('large'))).toBeUndefined();
});
