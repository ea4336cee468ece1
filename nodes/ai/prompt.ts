import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { type JsonSchema, jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { type ChatAnswer, type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  route: field(z.string(), { label: 'Model route', control: 'route' }),
  system: field(z.string().default(''), {
    label: 'System',
    control: 'long-text',
    expression: 'template',
    placeholder: 'You answer for {{ vars.brand }}. Be warm and short.',
  }),
  message: field(z.string(), { label: 'Message', control: 'long-text', expression: 'template', placeholder: 'The customer writes: {{ input.message }}' }),
  answer: field(z.enum(['text', 'json']).default('text'), { label: 'Answer', control: 'segmented', row: 'answer', choices: { text: 'Text', json: 'JSON' } }),
  maxTokens: field(z.number().int().min(1).max(1_000_000).default(1_000), { label: 'Longest answer', control: 'number', unit: 'tokens', row: 'answer' }),
  schema: field(jsonSchema.optional(), {
    label: 'Schema of the answer',
    control: 'schema',
    when: { field: 'answer', is: ['json'] },
    help: 'The answer is checked against it, and repaired once.',
  }),
  temperature: field(z.number().min(0).max(2).optional(), {
    label: 'Temperature',
    control: 'number',
    advanced: true,
    help: '0 is the same words each time; more is more varied.',
  }),
  stream: field(z.boolean().default(true), { label: 'Show the words as they come', control: 'switch', advanced: true }),
  streamToCaller: field(z.boolean().default(true), {
    label: 'To whoever called, too',
    control: 'switch',
    advanced: true,
    help: 'Where the webhook’s reply is streamed. Switch it off for a draft that is checked before it is sent.',
  }),
});
type Params = z.output<typeof params>;

const help = `Asks a model by its **route** (*Models* says which models a route asks, and in which order). *System* says who it is and how to answer, *Message* is what it is asked; both may hold \`{{ expressions }}\`.

- Answer **Text**: later steps read \`steps.<key>.text\`.
- Answer **JSON**: the answer fits your schema, and later steps read \`steps.<key>.value\`, for example \`steps.draft.value.title\`. An answer that does not fit is repaired once; then the step fails.

Both also carry \`.model\` (who answered), \`.demo\` (whether it was the demo model) and \`.finishReason\` (\`length\` when the answer was cut at the longest answer).

After a way back, the draft before and the reviewer's words are there to be used: \`{{ previous.?review.?comment.orValue("") }}\`.`;

function request({ route, system, message, answer, maxTokens, schema, temperature }: Params): ChatRequest {
  const role = asText(system).trim();
  return {
    route,
    messages: [...(role === '' ? [] : [textMessage('system', role)]), textMessage('user', asText(message))],
    maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(answer === 'json' && schema && { schema, schemaName: 'answer' }),
  };
}

const about = { model: { type: 'string' }, demo: { type: 'boolean' }, finishReason: { type: 'string' } } as const;
const shape = (name: string, schema: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { [name]: schema, ...about },
  required: [name, ...Object.keys(about)],
  additionalProperties: false,
});

const answerIssues = (schema: JsonSchema | undefined): ParamIssue[] =>
  schema && Object.keys(schema).length > 0
    ? schemaIssues(['schema'], schema)
    : [{ path: ['schema'], message: 'Say what the JSON answer looks like', suggestion: 'Add the fields that you want, or set the answer to text' }];

const variables = ({ system, message }: Params): number =>
  new Set(`${system}\n${message}`.match(/\{\{[^{}]*\}\}/g)?.map((one) => one.replace(/\s+/g, ''))).size;

export const prompt = defineNode({
  type: 'prompt',
  version: 1,
  title: 'Prompt',
  icon: 'IconMessage2',
  category: 'ai',
  summary: 'Ask a model for text or JSON',
  help,
  params,
  defaults: { route: 'fast', message: '{{ input.message }}' },
  example: {
    route: 'careful',
    system: 'You answer for {{ vars.brand }}.',
    message: 'The customer writes: {{ input.message }}',
    answer: 'json',
    maxTokens: 400,
    schema: { type: 'object', properties: { reply: { type: 'string' } }, required: ['reply'] },
    temperature: 0.2,
  },
  line: (params) => {
    const count = variables(params);
    return `route **${params.route}** · ${params.answer === 'json' ? 'JSON' : count === 1 ? '1 variable' : `${count} variables`}`;
  },
  output: ({ answer, schema }) => (answer === 'json' ? shape('value', schema ?? {}) : shape('text', { type: 'string' })),
  effect: () => 'idempotent',
  check: ({ route, message, answer, schema }) => [
    ...(route === '' ? [{ path: ['route'], message: 'Choose a model route' }] : []),
    ...(message.trim() === '' ? [{ path: ['message'], message: 'Write the message' }] : []),
    ...(answer === 'json' ? answerIssues(schema) : []),
  ],
  async run({ params, context }) {
    const stream = params.stream && (params.streamToCaller || 'watchers');
    const accept = ({ text, model }: ChatAnswer): void => {
      if (params.answer === 'json' || text.trim() !== '') return;
      throw new AppError('empty-answer', `The model ${model} answered nothing. Try again, or ask on another route than ‘${params.route}’.`);
    };
    const { text, value, model, demo, finishReason } = await context.chat(request(params), { stream, accept });
    return done(params.answer === 'json' ? { value: value ?? null, model, demo, finishReason } : { text, model, demo, finishReason });
  },
});
