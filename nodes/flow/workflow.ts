import { AppError, innermostError } from '@switchyard/shared/errors.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import type { ChildOutcome } from '@switchyard/shared/run/events.ts';
import { z } from 'zod';
import { defineNode, done, waitFor } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  workflowId: field(z.string(), { label: 'Workflow', control: 'workflow' }),
  version: field(z.union([z.literal('live'), z.number().int().min(1)], { error: 'Choose “live” or a version number' }).default('live'), {
    label: 'Version',
    control: 'workflow-version',
    help: '*Live* is the version that is published when the run starts.',
  }),
  input: field(z.unknown(), { label: 'Input', control: 'json', expression: 'tree', placeholder: '{"message": "{{ input.message }}"}' }),
  wait: field(z.boolean().default(true), { label: 'Wait for its output', control: 'switch' }),
});

const help = `Runs another workflow as a step of this one. The run it starts has its own journal and is linked both ways.

- Its **input** is checked against the other workflow’s schema.
- The output of this node is the output of the other workflow. If that fails, this step fails with \`child-failed\` and the reason.
- Labels are passed on, its cost counts toward this run’s budget, and the stricter of both data policies applies.
- Canceling this run cancels it too.

Without **Wait for its output**, this run continues at once, and the output is \`{runId}\`. Workflows can start each other up to 10 levels deep.`;

/** What another workflow returns is known only once it has run. */
const ANY_JSON: JsonSchema = { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] };

export const workflow = defineNode({
  type: 'workflow',
  version: 1,
  title: 'Workflow',
  icon: 'IconSitemap',
  category: 'flow',
  summary: 'Run another workflow as a step',
  keywords: ['sub-workflow', 'subworkflow', 'call', 'child', 'reuse', 'execute', 'flow', 'nested'],
  help,
  params,
  defaults: { workflowId: '', input: {} },
  example: { workflowId: 'wf_1', version: 'live', input: { message: '{{ input.message }}' }, wait: true },
  line: ({ version, wait }) => `runs **${version === 'live' ? 'the live version' : `v${version}`}**${wait ? '' : ', without waiting'}`,
  output: ({ wait }) => (wait ? ANY_JSON : { type: 'object', properties: { runId: { type: 'string' } }, required: ['runId'], additionalProperties: false }),
  check: ({ workflowId }) => (workflowId === '' ? [{ path: ['workflowId'], message: 'Choose a workflow.' }] : []),
  effect: () => 'idempotent',
  async run({ params: { workflowId, version, input, wait }, context }) {
    const { runId } = await context.startRun({ workflowId, version, input, isWaited: wait });
    return wait ? waitFor({ kind: 'run', runId }) : done({ runId });
  },
  resume({ resolution }) {
    const outcome = resolution.value as ChildOutcome;
    if (isPlainObject(outcome) && outcome.status === 'succeeded') return done(outcome.output ?? null);
    const { runId, status, error } = outcome;
    // Each level of sub-workflows would repeat this sentence.
    const why = status === 'cancelled' ? 'it was canceled' : error ? innermostError(error).message : 'it failed';
    throw new AppError('child-failed', `The run of the sub-workflow did not succeed: ${why}`, { details: { runId, status, cause: error } });
  },
});
