import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import { hintsOf } from '@switchyard/nodes/sdk/field.ts';
import { isConnectionParam } from '@switchyard/shared/sharing/left-out.ts';
import { expect, test } from 'vitest';
import type { z } from 'zod';

const params = nodeTypes.flatMap(({ type, params: schema }) =>
  Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({ type, name, control: hintsOf(field)?.control })),
);

test('recognizes the connections and routes of every node type by param name', () => {
  const connections = params.filter(({ control }) => control === 'connection');
  expect(connections.length).toBeGreaterThan(0);
  expect(connections.filter(({ name }) => !isConnectionParam(name))).toEqual([]);
  expect(params.filter(({ name, control }) => control === 'route' && name !== 'route')).toEqual([]);
});
