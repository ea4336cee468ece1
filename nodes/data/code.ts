import { AppError } from '@switchyard/shared/errors.ts';
import { MOST_CODE } from '@switchyard/shared/graph/graph.ts';
import { jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const DEFAULT_SECONDS = 5;
const MOST_SECONDS = 60;

const params = z.object({
  source: field(z.string().max(MOST_CODE), {
    label: 'Code',
    control: 'script',
    expression: 'script',
    help: 'JavaScript or TypeScript. What it returns is the output.',
  }),
  schema: field(jsonSchema.optional(), {
    label: 'Output schema',
    control: 'schema',
    help: 'The output is validated against this schema, and later nodes get autocomplete for its fields.',
  }),
  seconds: field(z.number().min(0.1).max(MOST_SECONDS).default(DEFAULT_SECONDS), {
    label: 'Time limit',
    control: 'number',
    unit: 's',
    advanced: true,
    help: 'The code fails if it runs longer. Waiting for its turn doesn’t count.',
  }),
});

const help = `Runs JavaScript or TypeScript, for what expressions can’t do. The code is the body of a function, and what it \`return\`s is the output:

\`\`\`ts
const total = input.items.reduce((sum, item) => sum + item.price, 0);
console.log('total', total);
return { total, isLarge: total > 1000 };
\`\`\`

It can use

- \`input\`, the input of the workflow, and \`vars\`
- \`steps.<key>\`, the output of an earlier node, or \`undefined\` if it hasn’t run
- \`item\` and \`index\`, inside a for-each
- \`helpers.<name>\`, what the **Helpers** in the workflow settings export

Later nodes read \`steps.<key>\`. The output is JSON: dates become text, and \`undefined\` is left out.

**Test** runs the code with the values shown, without saving anything. \`console.log\` is kept with the step.

Code runs in a sandbox without network, files, environment, timers, or packages, with 64 MB of memory and the *Time limit*. \`Date.now()\` is when the step started, and \`Math.random()\` gives the same numbers when the step is repeated. Only types are removed from TypeScript, so \`enum\` is not supported.`;

const MOST_LINE = 60;

/** The first line that does something. */
function firstLine(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  const line = lines.find((text) => /\w/.test(text) && !/^(?:\/\/|\/?\*)/.test(text)) ?? '';
  return (line.length > MOST_LINE ? `${line.slice(0, MOST_LINE)}…` : line).replaceAll('*', '∗');
}

export const code = defineNode({
  type: 'code',
  version: 1,
  title: 'Code',
  icon: 'IconCode',
  category: 'data',
  summary: 'Run JavaScript in a sandbox',
  keywords: ['javascript', 'typescript', 'js', 'ts', 'script', 'function', 'compute', 'transform', 'custom', 'program', 'node'],
  help,
  params,
  defaults: { source: 'return { message: input.message };', seconds: DEFAULT_SECONDS },
  example: {
    source: 'const words = input.message.split(/\\s+/);\nconsole.log(words.length);\nreturn { words: words.length, shout: input.message.toUpperCase() };',
    schema: { type: 'object', properties: { words: { type: 'integer' }, shout: { type: 'string' } }, required: ['words', 'shout'] },
  },
  line: ({ source }) => firstLine(source) || 'no code yet',
  output: ({ schema }) => schema ?? {},
  check: ({ source, schema }) => [
    ...(source.trim() === '' ? [{ path: ['source'], message: 'Enter the code', suggestion: 'For example, return { total: 1 };' }] : []),
    ...(schema ? schemaIssues(['schema'], schema) : []),
  ],
  async run({ params: { source, schema, seconds }, context }) {
    const output = await context.code(source, { timeoutMs: seconds * 1_000 });
    const faults = schema ? context.validate(schema, output) : [];
    if (faults.length === 0) return done(output);
    const [first] = faults;
    throw new AppError('bad-output', `The output doesn’t match the schema: ${first?.path || 'it'} ${first?.message}.`, { fields: faults });
  },
});
