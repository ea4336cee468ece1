import { AppError } from '@switchyard/shared/errors.ts';
import { IN, OUT } from '@switchyard/shared/graph/graph.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { type JsonSchema, jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { type ChatAnswer, type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import { withDataNote } from '@switchyard/shared/model/data-marks.ts';
import { type PromptContent, renderPrompt, variantFor } from '@switchyard/shared/model/prompt.ts';
import { type PromptRef, promptRefText, type ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { z } from 'zod';
import { asText } from '../sdk/as-value.ts';
import type { NodeContext } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { demandFiles, fileParam } from '../sdk/file-param.ts';
import {
  BLOCKED,
  blockedAt,
  blockedPort,
  blockedResult,
  callGuardrails,
  checksAnswer,
  guardedOutput,
  guardrailIssues,
  guardrailsHelp,
  isGuarded,
  wasBlocked,
} from './guard/guardrails.ts';

const params = z.object({
  route: field(z.string(), { label: 'Model route', control: 'route' }),
  prompt: field(
    z
      .object({
        name: field(z.string(), { label: 'Name' }),
        label: field(z.string().optional(), { label: 'Label' }),
        version: field(z.number().int().min(1).optional(), { label: 'Version', control: 'number' }),
      })
      .optional(),
    {
      label: 'Prompt',
      control: 'prompt',
      help: 'A prompt from the registry, used instead of the text of this node. Moving its label changes the next run, without publishing.',
    },
  ),
  variables: field(z.record(z.string(), z.unknown()).default({}), {
    label: 'Variables',
    control: 'prompt-variables',
    expression: 'tree',
    when: { field: 'prompt', present: true },
    help: 'Values for the variables of the prompt.',
  }),
  system: field(z.string().default(''), {
    label: 'System prompt',
    control: 'long-text',
    expression: 'template',
    markedBy: 'markData',
    when: { field: 'prompt', present: false },
    placeholder: 'You reply on behalf of {{ vars.brand }}. Be warm and brief.',
  }),
  message: field(z.string().default(''), {
    label: 'User message',
    control: 'long-text',
    expression: 'template',
    markedBy: 'markData',
    when: { field: 'prompt', present: false },
    placeholder: 'The customer writes: {{ input.message }}',
  }),
  files: field(fileParam.default(''), {
    label: 'Files',
    control: 'text',
    expression: 'template',
    placeholder: '{{ input.invoice }}',
    help: 'An image, a PDF, or a list of them, for models that read them.',
  }),
  answer: field(z.enum(['text', 'json']).default('text'), {
    label: 'Output format',
    control: 'segmented',
    row: 'answer',
    choices: { text: 'Text', json: 'JSON' },
  }),
  maxTokens: field(z.number().int().min(1).max(1_000_000).default(1_000), { label: 'Max tokens', control: 'number', row: 'answer' }),
  schema: field(jsonSchema.optional(), {
    label: 'Output schema',
    control: 'schema',
    when: { field: 'answer', is: ['json'] },
    help: 'The output is validated against this schema. If it doesn’t match, the model gets one chance to fix it.',
  }),
  temperature: field(z.number().min(0).max(2).optional(), {
    label: 'Temperature',
    control: 'number',
    advanced: true,
    help: '0 gives the most consistent output. Higher values vary more.',
  }),
  markData: field(z.boolean().default(false), {
    label: 'Mark values as data',
    control: 'switch',
    advanced: true,
    when: { field: 'prompt', present: false },
    help: 'Puts values from outside between tags that they can’t forge, and tells the model to ignore instructions in them. Preview shows the result.',
  }),
  stream: field(z.boolean().default(true), { label: 'Stream output', control: 'switch', advanced: true }),
  streamToCaller: field(z.boolean().default(true), {
    label: 'Also stream to the caller',
    control: 'switch',
    advanced: true,
    help: 'Applies when the webhook streams its response. Turn off for a draft that is checked before it is sent. Always off if a guardrail checks the answer.',
  }),
  guardrails: callGuardrails,
});
type Params = z.output<typeof params>;

const help = `Calls a model through a **route**. *Models* shows which models a route uses, and in which order. *System prompt* sets the role and rules; *User message* is the request. Both can contain \`{{ expressions }}\`.

Instead of inline text, **Prompt** can name a prompt of the registry by a label such as \`production\`, or by a version number. *Variables* gives it its values. **Move to registry** creates such a prompt from the inline text. Each run uses the version that the label points to when the run starts.

- **Text**: later nodes read \`steps.<key>.text\`.
- **JSON**: the output matches your schema, and later nodes read \`steps.<key>.value\`, for example \`steps.draft.value.title\`. If the output doesn’t match, the model gets one chance to fix it. Then the next target in the route is tried, and finally the step fails.

The output schema of a registry prompt applies to both; a schema of the node replaces it. With it, **Text** also returns the JSON as \`.value\`.

Both also return \`.model\` (the model that responded), \`.demo\` (whether it was the demo model), and \`.finishReason\` (\`length\` if the output reached *Max tokens*).

**Files** adds images (PNG, JPEG, GIF, WebP) and PDFs to the message, up to 20 MB together. The step fails if the model can’t read them, or if a file is anything else: read it with **Extract**, and send its text.

**Mark values as data**, under *Advanced*, puts each value from outside (\`input\`, \`steps\`, \`previous\`, \`trigger\`) between tags such as \`<data-kqhvzm>\` that don’t occur in it, and tells the model to ignore instructions in it. \`vars\` and texts of your own stay as they are. It makes prompt injection harder, not impossible: check what matters with guardrails.

${guardrailsHelp('a value before the call, and the answer after it')} An answer that is checked isn’t streamed to the caller, and a blocked one can be read as usual.

In a loop, read the previous draft or the reviewer’s comment: \`{{ previous.?review.?comment.orValue("") }}\`.`;

type Registered = ResolvedPrompt & { readonly content: PromptContent };

/** The request of a prompt from the registry. Its own settings override the node’s. */
function registeredRequest(params: Params, { name, label, version, content }: Registered, labels: NodeContext['labels']): ChatRequest {
  const { route, answer, variables } = params;
  const schema = (answer === 'json' ? params.schema : undefined) ?? content.outputSchema;
  const temperature = content.parameters?.temperature ?? params.temperature;
  const variant = variantFor(content, labels)?.name;
  return {
    route,
    messages: renderPrompt(content, { variables, labels }),
    prompt: { name, version, ...(label !== undefined && { label }), ...(variant !== undefined && { variant }) },
    maxTokens: content.parameters?.maxTokens ?? params.maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(schema && { schema, schemaName: 'answer' }),
  };
}

function inlineRequest({ route, system, message, markData, answer, maxTokens, schema, temperature }: Params): ChatRequest {
  const role = asText(system).trim();
  const messages = [...(role === '' ? [] : [textMessage('system', role)]), textMessage('user', asText(message))];
  return {
    route,
    messages: markData ? withDataNote(messages) : messages,
    maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(answer === 'json' && schema && { schema, schemaName: 'answer' }),
  };
}

const about = { model: { type: 'string' }, demo: { type: 'boolean' }, finishReason: { type: 'string' } } as const;
const shape = (name: string, schema: JsonSchema, more: Readonly<Record<string, JsonSchema>> = {}) => ({
  type: 'object',
  properties: { [name]: schema, ...more, ...about },
  required: [name, ...Object.keys(about)],
  additionalProperties: false,
});
/** Text also has a value if the registry prompt has an output schema. */
const textShape = (registered: PromptRef | undefined, promptSchema: JsonSchema = {}) =>
  shape('text', { type: 'string' }, registered && { value: promptSchema });

const answerIssues = (schema: JsonSchema | undefined): ParamIssue[] =>
  schema && Object.keys(schema).length > 0
    ? schemaIssues(['schema'], schema)
    : [{ path: ['schema'], message: 'Define the JSON output', suggestion: 'Add fields, or set the output format to Text' }];

const registeredIssues = ({ name, label, version }: PromptRef): ParamIssue[] =>
  name === ''
    ? [{ path: ['prompt', 'name'], message: 'Choose a prompt' }]
    : label === undefined && version === undefined
      ? [{ path: ['prompt', 'label'], message: `Choose a label or a version of “${name}”` }]
      : [];

const variables = ({ system, message }: Params): number =>
  new Set(`${system}\n${message}`.match(/\{\{[^{}]*\}\}/g)?.map((one) => one.replace(/\s+/g, ''))).size;

export const prompt = defineNode({
  type: 'prompt',
  version: 1,
  title: 'Prompt',
  icon: 'IconMessage2',
  category: 'ai',
  summary: 'Ask a model for text or JSON',
  keywords: [
    'llm',
    'gpt',
    'ai',
    'claude',
    'chat',
    'chatgpt',
    'openai',
    'anthropic',
    'gemini',
    'llama',
    'model',
    'generate',
    'completion',
    'text',
    'summarize',
    'translate',
    'extract',
    'agent',
    'write',
  ],
  help,
  params,
  defaults: { route: 'fast', message: '{{ input.message }}', markData: true },
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
    const { prompt: registered } = params;
    if (registered) return `**${promptRefText(registered)}** · route **${params.route}**`;
    return `route **${params.route}** · ${params.answer === 'json' ? 'JSON' : count === 1 ? '1 variable' : `${count} variables`}`;
  },
  ports: ({ guardrails }) => ({
    inputs: [{ id: IN }],
    outputs: isGuarded(guardrails) ? [{ id: OUT, label: 'pass' }, blockedPort] : [{ id: OUT }],
  }),
  output: ({ answer, schema, prompt: registered, guardrails }, promptSchema) =>
    guardedOutput(guardrails, answer === 'json' ? shape('value', schema ?? promptSchema ?? {}) : textShape(registered, promptSchema)),
  portOf: ({ guardrails }, output) => (isGuarded(guardrails) ? (wasBlocked(output) ? BLOCKED : OUT) : undefined),
  effect: () => 'idempotent',
  check: ({ route, prompt: registered, message, answer, schema, guardrails }) => [
    ...(route === '' ? [{ path: ['route'], message: 'Choose a model route' }] : []),
    ...(registered ? registeredIssues(registered) : message.trim() === '' ? [{ path: ['message'], message: 'Enter a message, or choose a prompt' }] : []),
    ...(answer === 'json' && !(registered && schema === undefined) ? answerIssues(schema) : []),
    ...guardrailIssues(guardrails),
  ],
  async run({ params, context }) {
    const { guardrails } = params;
    const stream = params.stream && ((params.streamToCaller && !checksAnswer(guardrails)) || 'watchers');
    const accept = ({ text, model }: ChatAnswer): void => {
      if (params.answer === 'json' || text.trim() !== '') return;
      throw new AppError('empty-answer', `“${model}” returned an empty response. Try again, or use a route other than “${params.route}”.`);
    };
    const refused = await blockedAt('before', guardrails, guardrails?.before?.value, context);
    if (refused) return blockedResult({}, refused);
    const request = params.prompt ? registeredRequest(params, await context.prompt(params.prompt), context.labels) : inlineRequest(params);
    const files = demandFiles(params.files, 'Files');
    const { text, value, model, demo, finishReason } = await context.chat(request, { stream, accept, files });
    const about = { model, demo, finishReason };
    const output = params.answer === 'json' ? { value: value ?? null, ...about } : { text, ...(request.schema && { value }), ...about };
    const caught = await blockedAt('after', guardrails, params.answer === 'json' ? value : text, context);
    if (caught) return blockedResult(output, caught);
    return done(output, isGuarded(guardrails) ? { port: OUT } : {});
  },
});
