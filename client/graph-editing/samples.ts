import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { inferSchema } from '@switchyard/nodes/io/infer-schema.ts';
import { isFileSchema } from '@switchyard/shared/files/file-schema.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { type Sample, samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';

/** The node where runs start. */
export const startNode = (graph: Graph): GraphNode | undefined => graph.nodes.find((node) => definitionOf(node.type)?.role === 'start' && !node.data.disabled);

/** The samples with one more at the end. A name already in use gets a number. */
export function withSample(params: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const taken = new Set(samplesOf(params).map((sample) => sample.name));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
  return { ...params, samples: [...(Array.isArray(params.samples) ? params.samples : []), { name: free, value }] };
}

/** The fields of the samples. Required are those that all have, also if there is only one sample, so it counts twice. */
export function schemaOfSamples(samples: readonly Sample[]): JsonSchema {
  const values = samples.map(({ value }) => value);
  return inferSchema([...values, ...values], { requireShared: true });
}

/** A starting input for a schema without samples: every required field, empty. */
export function emptyInput(schema: unknown): unknown {
  const properties = isPlainObject(schema) && isPlainObject(schema.properties) ? schema.properties : {};
  // A file is chosen for each run.
  const plain = Object.entries(properties).filter(([, shape]) => !isFileSchema(shape));
  return Object.fromEntries(plain.map(([name, shape]) => [name, emptyValue(isPlainObject(shape) ? shape : {})]));
}

function emptyValue(schema: Record<string, unknown>): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return emptyInput(schema);
  if (type === 'array') return [];
  if (type === 'number' || type === 'integer') return 0;
  return type === 'boolean' ? false : type === 'string' ? '' : null;
}
