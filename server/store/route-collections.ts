import { routeSchema, routeVersionSchema } from '@switchyard/shared/contracts/routes.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/** A model route, with the settings of its current version. Its ID is its name. */
const routeRecord = routeSchema.omit({ circuits: true }).extend({
  ...base,
  // Missing in routes of version 0.1 until the first start adds them.
  version: z.number().optional(),
  order: routeSchema.shape.order.optional(),
  stickyKey: routeSchema.shape.stickyKey.optional(),
});
export type RouteRecord = z.infer<typeof routeRecord>;
export const routes = declare<RouteRecord>({ name: 'routes', schema: routeRecord, indexes: [] });

/** A version of a route (S54). Never changed, and kept when the route is deleted, so calls can always be explained. Its ID is `<route>:<number>`. */
const routeVersionRecord = routeVersionSchema.extend({ ...base, route: z.string(), actor });
export type RouteVersionRecord = z.infer<typeof routeVersionRecord>;
export const routeVersions = declare<RouteVersionRecord>({
  name: 'route_versions',
  schema: routeVersionRecord,
  indexes: [{ name: 'by_route', fields: ['route', 'number'] }],
});
