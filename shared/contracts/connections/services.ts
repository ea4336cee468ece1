import { z } from 'zod';
import { contract } from '../contract.ts';
import { authSchema } from './auth.ts';

/* Services with ready-made connections and requests. Each is a data file. */

/** A request as params of an HTTP request node. `{name}` marks what must be filled in. */
const recipeSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(3).max(40),
  summary: z.string().min(10).max(80),
  params: z.record(z.string(), z.unknown()),
});
export type Recipe = z.output<typeof recipeSchema>;

/** A way to authenticate. In `auth`, the client ID is empty: each installation registers its own application. */
const optionSchema = z.strictObject({
  label: z.string(),
  auth: authSchema,
  secret: z.strictObject({ label: z.string(), help: z.string() }),
});
export type ServiceOption = z.output<typeof optionSchema>;

export const serviceSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string(),
  /** The secret of a connection is sent only to this origin. */
  baseUrl: z.url(),
  /** Where applications and keys are made. */
  console: z.url(),
  help: z.string(),
  options: z.array(optionSchema).min(1),
  scopes: z.array(z.strictObject({ scope: z.string(), label: z.string() })),
  recipes: z.array(recipeSchema).min(3).max(6),
});
export type Service = z.output<typeof serviceSchema>;

export const listServices = contract({
  id: 'listServices',
  method: 'GET',
  path: '/api/services',
  scope: 'read',
  tag: 'Models',
  summary: 'List services with ready-made connections and requests',
  reply: z.object({
    /** To register at a service for OAuth 2.0. */
    redirectUrl: z.string(),
    items: z.array(serviceSchema),
  }),
});
