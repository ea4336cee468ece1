import { isDeepStrictEqual } from 'node:util';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { z } from 'zod';
import type { NodeDefinition, NodeResult } from './sdk/define-node.ts';
import { hintsOf } from './sdk/field.ts';
import { ICON_NAMES } from './sdk/icons.ts';
import { type Ran, resumeNode, runNode } from './sdk/run-node.fixture.ts';
import { type TestWorld, testFile } from './sdk/test-context.fixture.ts';

/*
 * What every node type guarantees, whatever it does. A new type must pass this suite with only its definition; its own test covers its
 * purpose. Its `example` may use the values of EXAMPLE_SCOPE.
 */

/** One guarantee. Returns the faults found, one sentence each; none if it holds. */
export interface Promised {
  readonly title: string;
  faults(definition: NodeDefinition): string[] | Promise<string[]>;
}

const BODY = { message: 'I was charged twice', orderId: 'A 17', customer: { name: 'Ada', tier: 'gold' } };
const files = new Map<string, Uint8Array>();
/** The values that examples of node types can use. */
export const EXAMPLE_SCOPE = {
  input: { ...BODY, file: testFile(files, 'order.txt', 'One lamp') },
  vars: { brand: 'Nordlicht', least: 0.8 },
  steps: { classify: { label: 'billing', confidence: 0.9, reason: 'money' }, draft: { text: 'Dear Ada' } },
};

/** A value of a schema: the first choice, a word, a number. */
function valueOfSchema(schema: JsonSchema): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'object' || isPlainObject(schema.properties)) {
    return Object.fromEntries(Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([name, one]) => [name, valueOfSchema(one)]));
  }
  if (schema.type === 'array') return [];
  return schema.type === 'number' || schema.type === 'integer' ? 1 : schema.type === 'boolean' ? true : 'word';
}

const world = (more: Partial<TestWorld> = {}): TestWorld => ({
  body: BODY,
  scope: EXAMPLE_SCOPE,
  chat: ({ schema }) => (schema ? { text: '{}', value: valueOfSchema(schema) } : { text: 'An answer' }),
  http: () => ({ status: 200, text: '{"id": 1}' }),
  database: async () => ({ value: null, rows: [{ id: 1 }], count: 1, truncated: false }),
  code: async () => ({ words: 5, shout: 'I WAS CHARGED TWICE' }),
  files: new Map(files),
  documents: { readText: async () => ({ text: 'One lamp', truncated: false }), write: async () => new Uint8Array(1) },
  ...more,
});

const arrivals = [
  { edgeId: 'e1', key: 'classify', title: 'Classify', value: EXAMPLE_SCOPE.steps.classify },
  { edgeId: 'e2', key: 'draft', title: 'Draft', value: EXAMPLE_SCOPE.steps.draft },
];
const runExample = (definition: NodeDefinition, more: Partial<TestWorld> = {}): Promise<Ran> => runNode(definition, definition.example, world(more), arrivals);

const JUNK: readonly unknown[] = [null, 7, '', 'x', true, [], {}, [null], [7], [{}], { type: 7 }, { name: null }];
/** Broken params: junk as a whole, and junk in place of each one. */
const broken = (definition: NodeDefinition): unknown[] => [
  ...JUNK,
  ...Object.keys(definition.params.shape).flatMap((name) => JUNK.map((junk) => ({ ...(definition.example as Record<string, unknown>), [name]: junk }))),
];

const attempt = (faults: string[], what: string, perform: () => void): void => {
  try {
    perform();
  } catch (error) {
    faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const lineFaults = (definition: NodeDefinition, params: unknown): string[] => {
  const line = definition.line(params);
  const isBare = [definition.type, definition.title].some((name) => name.toLowerCase() === line.replaceAll('*', '').trim().toLowerCase());
  const bad = typeof line !== 'string' || line.trim() === '' || line.includes('\n') || (isBare && definition.role !== 'note');
  return bad ? [`the line “${line}” doesn’t say what the node does (${JSON.stringify(params)})`] : [];
};

const portFaults = (definition: NodeDefinition, params: unknown): string[] => {
  const { inputs, outputs } = definition.ports(params);
  const ids = outputs.map(({ id }) => id);
  const faults = [...ids, ...inputs.map(({ id }) => id)].some((id) => id === '' || id === 'error') ? ['a port is named “error” or nothing'] : [];
  if (new Set(ids).size < ids.length) faults.push(`two output ports have the same ID: ${ids.join(', ')}`);
  if (outputs.length > 1 && outputs.some(({ label }) => !label)) faults.push('one of several output ports has no label');
  const ends = { start: [0, 1], step: [1, 1], end: [1, 0], container: [1, 1], note: [0, 0] }[definition.role];
  if (Math.min(1, inputs.length) !== ends[0] || Math.min(1, outputs.length) !== ends[1]) faults.push(`the ports don’t match the role ${definition.role}`);
  return faults;
};

function brokenFaults(definition: NodeDefinition): string[] {
  const faults: string[] = [];
  for (const params of broken(definition)) {
    const said = JSON.stringify(params);
    attempt(faults, said, () => {
      faults.push(...lineFaults(definition, params), ...portFaults(definition, params));
      for (const ask of ['output', 'effect', 'joinsFirst', 'expressions'] as const) definition[ask](params);
      const issues = definition.check(params);
      const parsed = definition.params.safeParse(params);
      if (!parsed.success && issues.length === 0) faults.push(`no issue for ${said}`);
      if (isPlainObject(params) && issues.some(({ path }) => path.length === 0)) faults.push(`an issue of ${said} has no path`);
      if (issues.some(({ message }) => message.trim() === '' || /^Invalid|expected \w+, received/.test(message))) {
        faults.push(`an issue of ${said} is not written for people: ${issues.map(({ message }) => message).join('; ')}`);
      }
    });
  }
  return faults;
}

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown> | undefined)?.[part], value);

const textsWithBraces = (value: unknown): string[] => {
  if (typeof value === 'string') return value.includes('{{') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsWithBraces) : [];
};

function expressionFaults(definition: NodeDefinition): string[] {
  const found = definition.expressions(definition.example);
  const misplaced = found
    .filter(({ path, source }) => at(definition.example, path) !== source)
    .map(({ path }) => `${path.join('.')} is not where its source is`);
  const lost = definition.role === 'note' ? [] : textsWithBraces(definition.example).filter((text) => !found.some(({ source }) => source === text));
  return [...misplaced, ...lost.map((text) => `“${text}” is not found as an expression`)];
}

async function resultOf(definition: NodeDefinition, ran: Ran): Promise<NodeResult> {
  const { result } = ran;
  if (result.kind !== 'wait') return result;
  const ids = { id: 'wait_1', reviewId: 'review_1' };
  const value = result.wait.kind === 'review' ? { decision: result.wait.task.decisions[0]?.id } : { status: 'succeeded', output: 'done' };
  const by = result.wait.kind === 'review' ? 'decision' : result.wait.kind;
  return (await resumeNode(definition, definition.example, { wait: { ...ids, ...result.wait }, by, value }, world())).result;
}

/** Runs the example with calls that never end, and aborts once one is pending. */
async function abortFaults(definition: NodeDefinition): Promise<string[]> {
  const { context } = await runExample(definition);
  if (context.chats.length + context.requests.length === 0) return [];
  const controller = new AbortController();
  const never = (): Promise<never> => {
    queueMicrotask(() => controller.abort(new Error('stop')));
    return new Promise<never>(() => {});
  };
  const ended = await runExample(definition, { signal: controller.signal, chat: never, http: never }).then(
    () => 'it ended as if nothing had happened',
    (error: unknown) => (error === controller.signal.reason ? undefined : `it ended with ${String(error)} instead of the signal's reason`),
  );
  return ended ? [ended] : [];
}

const controls =
  'text long-text number switch segmented select route prompt prompt-variables connection workflow workflow-version json schema response-schema code script labels rules samples pairs expressions decisions review-fields table column cells conditions database'.split(
    ' ',
  );

const formFaults = (definition: NodeDefinition): string[] =>
  Object.entries(definition.params.shape as Record<string, z.ZodType>).flatMap(([name, field]) => {
    const hints = hintsOf(field);
    if (!hints?.label) return [`the param ${name} has no label`];
    if (hints.control && !controls.includes(hints.control)) return [`the inspector has no control “${hints.control}” for the param ${name}`];
    return hints.when && !(hints.when.field in definition.params.shape) ? [`the param ${name} depends on ${hints.when.field}, which doesn’t exist`] : [];
  });

export const promises: readonly Promised[] = [
  {
    title: 'describes itself in words',
    faults: ({ title, summary, keywords, help, icon }) => [
      ...(title.trim() === '' ? ['no title'] : []),
      ...(summary.length < 10 || summary.length > 60 || summary.endsWith('.') ? [`the summary is not one line of 10 to 60 characters: ${summary}`] : []),
      ...keywords.filter((word) => !/^[a-z0-9-]+$/.test(word)).map((word) => `the keyword “${word}” is not one lowercase word`),
      ...(help.length < 80 ? ['the help is too short'] : []),
      ...(ICON_NAMES.includes(icon) ? [] : [`there is no icon ${icon}`]),
    ],
  },
  { title: 'labels each param for the form', faults: formFaults },
  {
    title: 'accepts its own defaults, and has no issues with its example',
    faults: (definition) => [
      ...(definition.params.safeParse(definition.defaults).success ? [] : ['the defaults don’t pass the schema']),
      ...definition.check(definition.example).map(({ path, message }) => `example ${path.join('.')}: ${message}`),
    ],
  },
  {
    title: 'preserves its params through JSON',
    faults: ({ params, example }) =>
      isDeepStrictEqual(params.parse(JSON.parse(JSON.stringify(params.parse(example)))), params.parse(example)) ? [] : ['the example changed'],
  },
  {
    title: 'says on its card what it does',
    faults: (definition) => [...lineFaults(definition, definition.defaults), ...lineFaults(definition, definition.example)],
  },
  {
    title: 'has ports that match its role',
    faults: (definition) => [...portFaults(definition, definition.defaults), ...portFaults(definition, definition.example)],
  },
  { title: 'can be drawn and checked with broken params', faults: brokenFaults },
  { title: 'finds its expressions', faults: expressionFaults },
  {
    title: 'runs its example to a declared output and port',
    faults: async (definition) => {
      const result = await resultOf(definition, await runExample(definition));
      return result.kind === (definition.role === 'container' ? 'each' : 'done') ? [] : [`it ended with “${result.kind}”`];
    },
  },
  {
    title: 'tells from its output which branch it took',
    faults: async (definition) => {
      const result = await resultOf(definition, await runExample(definition));
      if (result.kind !== 'done' || definition.ports(definition.example).outputs.length < 2) return [];
      const said = definition.portOf?.(definition.example, result.output);
      return said === result.port ? [] : [`it took ${result.port}, but its output means ${said}`];
    },
  },
  {
    title: 'gives equal results for equal input',
    faults: async (definition) => {
      const [one, two] = await Promise.all([runExample(definition), runExample(definition)]);
      return isDeepStrictEqual(one.result, two.result) ? [] : ['two runs in the same world gave different results'];
    },
  },
  {
    title: 'declares an output schema that rejects some value',
    faults: (definition) => {
      const schema = definition.output(definition.example);
      if (definition.role === 'end') return [];
      return validateJson(schema, Symbol('no JSON')).length > 0 ? [] : ['its schema allows anything'];
    },
  },
  { title: 'stops at once when its signal aborts', faults: abortFaults },
  {
    title: 'is not declared pure if it calls outside',
    faults: async (definition) => {
      const { context } = await runExample(definition);
      return context.chats.length + context.requests.length > 0 && definition.effect(definition.example) === 'pure' ? ['it is declared pure'] : [];
    },
  },
];
