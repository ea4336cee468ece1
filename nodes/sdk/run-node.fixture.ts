import { createScope } from '@switchyard/shared/expression/create-scope.ts';
import { resolveFields } from '@switchyard/shared/expression/resolve.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { Wait } from '@switchyard/shared/run/events.ts';
import type { z } from 'zod';
import type { Arrival } from './context.ts';
import type { NodeDefinition, NodeResult, Resolution } from './define-node.ts';
import { type TestContext, type TestWorld, testContext } from './test-context.fixture.ts';

export interface Ran {
  readonly result: NodeResult;
  readonly context: TestContext;
}

/** What a node returned without declaring it: an output port, or an output that its schema does not allow. */
function undeclared(definition: NodeDefinition, params: unknown, result: NodeResult): string[] {
  if (result.kind !== 'done') return [];
  const ports = definition.ports(params).outputs.map(({ id }) => id);
  const faults = validateJson(definition.output(params), result.output).map(({ path, message }) => `output ${path} ${message}`);
  return result.port === undefined || ports.includes(result.port) ? faults : [...faults, `the port ${result.port} is none of ${ports.join(', ')}`];
}

async function perform<S extends z.ZodObject>(
  definition: NodeDefinition<S>,
  params: z.input<S>,
  call: { world: TestWorld; input: readonly Arrival[]; resolution?: Resolution },
): Promise<Ran> {
  const context = testContext(call.world);
  const parsed = definition.params.parse(params);
  const templates = definition
    .expressions(parsed)
    .filter(({ kind, inside }) => kind === 'template' && !inside)
    .map(({ path, source, encode }) => ({ path, compiled: compileTemplate(source), ...(encode && { encode }) }));
  const filled = resolveFields(parsed, templates, createScope(context.scope)) as z.output<S>;
  const { resolution } = call;
  if (resolution && !definition.resume) throw new Error(`${definition.type} waits, but cannot resume`);
  const given = { params: filled, input: call.input, context };
  const { work } = definition;
  const worked = () => (work.kind === 'inline' ? work.compute(given) : work.run(given));
  const result = await (resolution ? definition.resume?.({ ...given, resolution }) : worked());
  const faults = undeclared(definition as unknown as NodeDefinition, parsed, result as NodeResult);
  if (faults.length > 0) throw new Error(`${definition.type} breaks its own declaration: ${faults.join('; ')}`);
  return { result: result as NodeResult, context };
}

/** Runs a node as the engine does: params validated, templates filled in. Fails if the result is not what the node declares. */
export const runNode = <S extends z.ZodObject>(
  definition: NodeDefinition<S>,
  params: z.input<S>,
  world: TestWorld = {},
  input: readonly Arrival[] = [],
): Promise<Ran> => perform(definition, params, { world, input });

/** Resumes a waiting node as if its wait had ended with this. */
export const resumeNode = <S extends z.ZodObject>(
  definition: NodeDefinition<S>,
  params: z.input<S>,
  ended: { readonly wait: Wait; readonly by: Resolution['by']; readonly value?: unknown },
  world: TestWorld = {},
): Promise<Ran> => perform(definition, params, { world, input: [], resolution: { wait: ended.wait, by: ended.by, value: ended.value } });
