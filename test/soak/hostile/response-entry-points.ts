import { edge, graphOf, node } from '../../kit/graph.ts';
import { routeTo } from '../../kit/model-route.ts';
import type { Dice } from './dice.ts';
import { type EntryPoint, runDraft, type World } from './entry-point.ts';
import { hostileJson } from './json.ts';
import { hostileSchema } from './schemas.ts';
import { hostileHeader, hostileText } from './texts.ts';

/* Entry points for the servers that workflows call. */

const CONTENT_TYPES = ['application/json', 'text/html', 'text/plain; charset=gbk', 'text/event-stream', 'application/json; charset=utf-16le', ''];

const chunk = (text: string): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`;
const whole = (content: unknown): string =>
  JSON.stringify({
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  });
const pieces = (text: string, length: number): string => `${(text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []).map(chunk).join('')}data: [DONE]\n\n`;

/** A model server's response: whole, as a stream, or malformed. */
function modelAnswer(dice: Dice): string {
  const text = dice
    .pick([hostileText, (given: Dice) => hostileJson(given).text, (given: Dice) => `<think>${hostileText(given)}</think>{"s":`])(dice)
    .slice(0, 900_000);
  return dice.pick([
    () => whole(text),
    () => whole([{ type: 'text', text }]),
    () => pieces(text, 100),
    () => pieces(text.slice(0, 15_000), 1),
    () => `${chunk(dice.pick([' ', '\n', '\u00a0']).repeat(500)).repeat(10_000)}${pieces(text.slice(0, 1_000), 100)}`,
    () => text,
    () => `data: ${text}\n\n`,
    () => `{"error":{"message":${JSON.stringify(text)}}}`,
  ])();
}

export async function responseEntryPoints(world: World): Promise<Record<string, EntryPoint>> {
  const { server, outside } = world;
  await routeTo(server, 'hostile', { kind: 'openai-compatible', baseUrl: `${outside.url}/v1`, model: 'm', timeoutMs: 10_000 });
  return {
    'model response': async (dice) => {
      const { what, schema } = hostileSchema(dice);
      const body = modelAnswer(dice);
      outside.answerWith({
        headers: { 'content-type': dice.pick(['application/json', 'text/event-stream', 'text/event-stream', dice.pick(CONTENT_TYPES)]) },
        body,
      });
      const step = dice.pick([
        node('prompt', 'ask', { message: 'm', route: 'hostile', answer: 'text', stream: dice.below(2) === 0 }),
        node('prompt', 'ask', { message: 'm', route: 'hostile', answer: 'json', schema: dice.below(2) === 0 ? { type: 'object', required: ['s'] } : schema }),
        node('classify', 'ask', { text: 't', route: 'hostile', labels: [{ name: 'a' }, { name: 'b' }] }),
      ]);
      return { what: `${what} ${body.slice(0, 40)} (${body.length})`, reply: await runDraft(world, JSON.stringify(asking(step)), '{}') };
    },
    'HTTP response': async (dice) => {
      const { what, text } = dice.pick([() => hostileJson(dice), () => ({ what: 'text', text: hostileText(dice) })])();
      outside.answerWith({
        headers: { 'content-type': dice.pick([...CONTENT_TYPES, hostileHeader(dice, 400)]), 'x-more': hostileHeader(dice, 400) },
        body: text,
      });
      const step = node('tool', 'ask', { url: outside.url, answer: dice.pick(['json', 'text']) });
      return { what: `${what} ${text.slice(0, 20)}`, reply: await runDraft(world, JSON.stringify(asking(step)), '{}') };
    },
  };
}

const asking = (step: ReturnType<typeof node>) =>
  graphOf(
    [node('input', 'start', { schema: {}, samples: [] }), step, node('output', 'reply', { value: '{{ steps.ask }}' })],
    [edge('start', 'ask'), edge(step.type === 'classify' ? 'ask.unsure' : 'ask', 'reply')],
  );
