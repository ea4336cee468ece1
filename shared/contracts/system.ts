import { z } from 'zod';
import { jsonSchema } from '../json.ts';
import { contract } from './contract.ts';

const portSchema = z.object({ id: z.string(), label: z.string().optional() });
export const nodeTypeSchema = z.object({
  type: z.string(),
  version: z.number().int(),
  title: z.string(),
  category: z.string(),
  summary: z.string(),
  help: z.string(),
  icon: z.string(),
  params: jsonSchema,
  defaults: z.unknown(),
  ports: z.object({ inputs: z.array(portSchema), outputs: z.array(portSchema) }),
  output: jsonSchema,
  effect: z.string(),
});

const tag = 'System';

export const getHealth = contract({
  id: 'getHealth',
  method: 'GET',
  path: '/api/health',
  open: true,
  tag,
  summary: 'Alive',
  reply: z.object({ status: z.literal('ok'), version: z.string() }),
});
export const getReady = contract({
  id: 'getReady',
  method: 'GET',
  path: '/api/ready',
  open: true,
  tag,
  summary: 'Able to take work',
  reply: z.object({ status: z.literal('ready') }),
  errors: ['not-ready'],
});
export const listNodeTypes = contract({
  id: 'listNodeTypes',
  method: 'GET',
  path: '/api/nodes',
  scope: 'read',
  tag,
  summary: 'Every node type: params, ports, output, help',
  reply: z.object({ items: z.array(nodeTypeSchema), nextCursor: z.null() }),
});
