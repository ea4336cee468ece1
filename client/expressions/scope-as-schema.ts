import type { ScopeSchema } from '@switchyard/shared/graph/scope-schema.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';

const group = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { ...properties },
  required: Object.keys(properties),
});

/** The whole scope of a node as one schema, in the order in which its names are offered. */
export const scopeAsSchema = ({ input, steps, previous, vars, trigger, run, round }: ScopeSchema): JsonSchema =>
  group({
    input,
    steps: group(steps),
    vars,
    ...(Object.keys(previous).length > 0 && { previous: group(previous) }),
    trigger,
    run,
    round,
  });
