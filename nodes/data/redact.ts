import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import { redactionRulesSchema } from '@switchyard/shared/contracts/redaction-rules.ts';
import { patternFault } from '@switchyard/shared/expression/patterns/pattern-fault.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  action: field(z.enum(['redact', 'restore']).default('redact'), {
    label: 'Action',
    control: 'segmented',
    choices: { redact: 'Redact', restore: 'Restore tokens' },
    help: 'Restoring puts the real values back. They are then part of the run.',
  }),
  text: field(z.string(), { label: 'Text', control: 'long-text', expression: 'template', help: 'Also any value, as a single expression.' }),
  policy: field(z.enum(['workflow', 'own']).optional(), {
    label: 'Detectors from',
    control: 'segmented',
    choices: { workflow: 'The workflow’s data policy', own: 'This node' },
    when: { field: 'action', is: ['redact'] },
  }),
  detectors: field(z.unknown().optional(), {
    label: 'Detectors',
    control: 'json',
    help: 'A list of names, which mask what they find, or of rules as in a data policy.',
    when: { field: 'policy', is: ['own'] },
  }),
});
type Params = z.output<typeof params>;

const help = `Redacts a text or value, or restores what was tokenized.

**Redact** uses the data policy of the workflow, or its own detectors. A list of names masks what they find:

\`\`\`json
["email", "card", { "detector": "pattern", "name": "order", "pattern": "ORD-\\\\d{6}", "action": "hash" }]
\`\`\`

Detectors are \`email\`, \`phone\`, \`card\`, \`iban\`, \`ip\`, \`ssn\`, \`pattern\`, and \`field\`. Actions are \`mask\`, \`hash\`, \`tokenise\`, and \`refuse\`, which fails the step.

**Restore tokens** replaces the tokens of this run (\`[email:…]\`) by the real values. Use it right before the step that needs them: from there on, they are stored with the run. To keep them out of the run, use *Send real values instead of tokens* of HTTP request and Output nodes.

Later nodes read \`steps.<key>.text\`, and \`.found\`, how often each detector found something.`;

const usesOwn = ({ policy, detectors }: Params): boolean => policy === 'own' || (policy === undefined && detectors !== undefined);

/** The detectors as rules: a name means to mask what it finds. */
const rulesOf = (detectors: unknown) =>
  redactionRulesSchema.safeParse(
    Array.isArray(detectors) ? detectors.map((one: unknown) => (typeof one === 'string' ? { detector: one, action: 'mask' } : one)) : detectors,
    {
      error: bodyIssueMessage,
    },
  );

function checkDetectors(given: Params): ParamIssue[] {
  if (given.action !== 'redact' || !usesOwn(given)) return [];
  const rules = rulesOf(given.detectors);
  if (!rules.success)
    return rules.error.issues.map(({ path, message }) => ({
      path: ['detectors', ...path.map((part) => (typeof part === 'number' ? part : String(part)))],
      message,
    }));
  if (rules.data.length === 0) return [{ path: ['detectors'], message: 'Add a detector' }];
  return rules.data.flatMap((rule, index): ParamIssue[] => {
    const message = rule.detector === 'pattern' ? patternFault(rule.pattern) : undefined;
    return message === undefined ? [] : [{ path: ['detectors', index, 'pattern'], message }];
  });
}

export const redact = defineNode({
  type: 'redact',
  version: 1,
  title: 'Redact',
  icon: 'IconEyeOff',
  category: 'data',
  summary: 'Remove or restore sensitive values',
  keywords: ['mask', 'hide', 'pii', 'privacy', 'anonymize', 'gdpr', 'token', 'detokenize', 'restore', 'hash', 'card', 'personal', 'sensitive'],
  help,
  params,
  defaults: { text: '{{ input.message }}', policy: 'workflow' },
  example: { text: '{{ input.message }}', policy: 'own', detectors: ['email', { detector: 'card', action: 'hash' }] },
  line: (given) => {
    if (given.action === 'restore') return '**restores** tokens';
    if (!usesOwn(given)) return 'uses the **data policy**';
    const rules = rulesOf(given.detectors);
    return rules.success && rules.data.length > 0 ? `redacts ${rules.data.map(({ detector }) => `**${detector}**`).join(', ')}` : 'no detectors yet';
  },
  output: () => ({
    type: 'object',
    properties: { text: {}, found: { type: 'object', additionalProperties: { type: 'number' } } },
    required: ['text', 'found'],
    additionalProperties: false,
  }),
  check: (given) => [...(given.text.trim() === '' ? [{ path: ['text'], message: 'Enter the text' }] : []), ...checkDetectors(given)],
  async run({ params: given, context }) {
    if (given.action === 'restore') return done({ text: await context.restore(given.text), found: {} });
    const { value, found } = await context.redact(given.text, usesOwn(given) ? redactionRulesSchema.parse(rulesOf(given.detectors).data) : undefined);
    return done({ text: value, found });
  },
});
