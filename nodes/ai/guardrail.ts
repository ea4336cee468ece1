import { isPlainObject } from '@switchyard/shared/json.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { checkFields, checkIssues, checksOf, failuresOf, failuresSchema } from './guard/checks.ts';

const PASS = 'pass';
const FAIL = 'fail';

const params = z.object({
  value: field(z.string(), { label: 'Value to check', control: 'long-text', expression: 'template' }),
  ...checkFields,
});

const help = `Checks a value before or after a model call. If every check passes, the run takes the **pass** branch. Otherwise it takes the **fail** branch.

- **Length** counts characters. Values that aren’t text are checked as JSON.
- **Patterns** are regular expressions, one per line. \`(?i)\` ignores case. A text that is too long to check fails.
- **Schema** checks a value of any type, for example the structured output of a Prompt node.
- **A model as judge** reads the value and your rubric, and says whether the value meets it. If its response is unusable, the check fails.

Later nodes read \`steps.<key>.passed\`, \`.reason\` (the first failure), and \`.failures\`, a list of \`check\` and \`message\`.

Connect **fail** to a Human review, to a Prompt that writes a safer text, or to an Output.`;

export const guardrail = defineNode({
  type: 'guardrail',
  version: 1,
  title: 'Guardrail',
  icon: 'IconShieldCheck',
  category: 'ai',
  summary: 'Check a value, with a branch for failures',
  keywords: [
    'guard',
    'safety',
    'moderation',
    'validate',
    'check',
    'judge',
    'policy',
    'block',
    'allow',
    'deny',
    'regex',
    'pattern',
    'schema',
    'quality',
    'jailbreak',
  ],
  help,
  params,
  defaults: { value: '{{ input.message }}', maxLength: 4_000 },
  example: { value: '{{ input.message }}', maxLength: 4_000, blocked: '(?i)password', judge: true, rubric: 'The text is polite.', route: 'fast' },
  line: (given) => {
    const checks = checksOf(given);
    return checks.length > 0 ? `checks ${checks.map((check) => `**${check}**`).join(', ')}` : 'no checks yet';
  },
  ports: () => ({
    inputs: [{ id: 'in' }],
    outputs: [
      { id: PASS, label: PASS },
      { id: FAIL, label: FAIL },
    ],
  }),
  output: () => ({
    type: 'object',
    properties: {
      passed: { type: 'boolean' },
      reason: { type: 'string' },
      failures: failuresSchema,
    },
    required: ['passed', 'reason', 'failures'],
    additionalProperties: false,
  }),
  portOf: (_, output) => (isPlainObject(output) && typeof output.passed === 'boolean' ? (output.passed ? PASS : FAIL) : undefined),
  effect: ({ judge }) => (judge ? 'idempotent' : 'pure'),
  check: (given) => [
    ...(given.value.trim() === '' ? [{ path: ['value'], message: 'Enter the value to check', suggestion: 'For example, {{ steps.draft.text }}' }] : []),
    ...(checksOf(given).length === 0 ? [{ path: ['maxLength'], message: 'Add a check' }] : []),
    ...checkIssues(given),
  ],
  async run({ params: given, context }) {
    const failures = await failuresOf(given, given.value, context);
    const passed = failures.length === 0;
    return done({ passed, reason: failures[0]?.message ?? '', failures }, { port: passed ? PASS : FAIL });
  },
});
