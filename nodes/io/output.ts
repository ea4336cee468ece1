import { AppError } from '@switchyard/shared/errors.ts';
import type { ParamIssue } from '@switchyard/shared/graph/node-kind.ts';
import { responseHeaderFault } from '@switchyard/shared/response-headers.ts';
import { z } from 'zod';
import { asNumber, asText } from '../sdk/as-value.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { textInsteadOfJson } from '../sdk/json-issue.ts';
import { headerIssues, headerRecord, type Pair, pairs } from '../sdk/pairs.ts';

const params = z.object({
  value: field(z.unknown(), { label: 'Value', control: 'json', expression: 'tree', help: 'The run’s output and the body of the webhook response.' }),
  status: field(z.string().default('200'), { label: 'HTTP status', control: 'text', expression: 'template', row: 'reply' }),
  outcome: field(z.enum(['success', 'failure']).default('success'), {
    label: 'Mark run as',
    control: 'segmented',
    row: 'reply',
    choices: { success: 'Succeeded', failure: 'Failed' },
  }),
  valueAs: field(z.enum(['json', 'text']).default('json'), {
    label: 'Send value as',
    control: 'segmented',
    advanced: true,
    choices: { json: 'JSON', text: 'Plain text' },
    help: 'Choose plain text for a text that only looks like JSON.',
  }),
  headers: pairs({ label: 'Headers', advanced: true }).default([]),
  restore: field(z.boolean().default(false), {
    label: 'Send real values instead of tokens',
    control: 'switch',
    advanced: true,
    help: 'For a workflow whose data policy tokenizes values. The run keeps the tokens.',
  }),
});

const help = `Ends a branch. Its value becomes the run’s output and the body of the webhook response, sent with this HTTP status and these headers. If a run reaches several outputs, the first one counts.

The value is JSON with \`{{ expressions }}\` in its strings. A string that is a single expression keeps the type of its value:

\`\`\`json
{ "reply": "{{ steps.draft.text }}", "confidence": "{{ steps.classify.confidence }}" }
\`\`\`

A text value is sent as plain text. With *Failed*, the run is listed as failed and the caller still gets this response.`;

const mayBeStatus = (text: string): boolean => text.includes('{{') || /^\s*[2-5]\d\d\s*$/.test(text);

/** Headers that would be left out of the response. Values with expressions are checked when the run sends them. */
function leftOutIssues(headers: readonly Pair[]): ParamIssue[] {
  return headers.flatMap(({ name, value }, index) => {
    const fixed = typeof value === 'string' && !value.includes('{{') ? value : undefined;
    const unusable = headerIssues(['headers'], [{ name, value }]).length > 0;
    const message = unusable ? undefined : responseHeaderFault(name.trim(), fixed);
    return message ? [{ path: ['headers', index, responseHeaderFault(name.trim()) ? 'name' : 'value'], message, severity: 'warning' as const }] : [];
  });
}

export const output = defineNode({
  type: 'output',
  version: 1,
  title: 'Output',
  icon: 'IconSend2',
  category: 'flow',
  summary: 'Send the response and end the branch',
  keywords: ['respond', 'response', 'reply', 'return', 'end', 'answer', 'result', 'finish', 'stop'],
  help,
  role: 'end',
  params,
  defaults: { value: '{{ input }}' },
  example: { value: { reply: '{{ input.message }}' }, status: '200', outcome: 'success', headers: [{ name: 'x-topic', value: 'billing' }] },
  line: ({ status, outcome }) =>
    `sends the response${status.trim() === '200' ? '' : ` · **${status.trim()}**`}${outcome === 'failure' ? ' · marks run failed' : ''}`,
  ports: () => ({ inputs: [{ id: 'in' }], outputs: [] }),
  check: ({ value, valueAs, status, headers }) => [
    ...(valueAs === 'json' ? textInsteadOfJson(['value'], value, 'choose plain text under “Send value as”') : []),
    ...(mayBeStatus(status) ? [] : [{ path: ['status'], message: 'HTTP status must be a number from 200 to 599' }]),
    ...headerIssues(['headers'], headers),
    ...leftOutIssues(headers),
  ],
  compute({ params }) {
    const status = asNumber(params.status);
    if (status === undefined || !Number.isInteger(status) || status < 200 || status > 599) {
      throw new AppError('node-failed', `The HTTP status evaluated to “${asText(params.status)}”. It must be a whole number from 200 to 599.`);
    }
    const value = params.value ?? null;
    const restore = params.restore && { restore: true };
    return done(value, { reply: { value, status, headers: headerRecord(params.headers), outcome: params.outcome, ...restore } });
  },
});
