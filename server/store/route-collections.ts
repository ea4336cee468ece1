import { routeSchema, routeSettingsSchema, routeVersionSchema } from '@switchyard/shared/contracts/routes.ts';
import { z } from 'zod';
import { actor, base, declare } from './declare-collection.ts';

/** Settings that were added after version 0.1. Records without them have the defaults. */
const { order, stickyKey, onBrokenStream, cacheTtlMs, fallbackWarningMs } = routeSettingsSchema.partial().shape;
const laterSettings = { order, stickyKey, onBrokenStream, cacheTtlMs, fallbackWarningMs };

/** A model route, with the settings of its current version. Its ID is its name. */
const routeRecord = routeSchema.omit({ circuits: true, fallback: true }).extend({
  ...base,
  // Missing in routes of version 0.1 until the first start adds it.
  version: z.number().optional(),
  ...laterSettings,
});
export type RouteRecord = z.infer<typeof routeRecord>;
export const routes = declare<RouteRecord>({ name: 'routes', schema: routeRecord, indexes: [] });

/** A version of a route (S54). Never changed, and kept when the route is deleted, so calls can always be explained. Its ID is `<route>:<number>`. */
const routeVersionRecord = routeVersionSchema.extend({ ...laterSettings, ...base, route: z.string(), actor });
export type RouteVersionRecord = z.infer<typeof routeVersionRecord>;
export const routeVersions = declare<RouteVersionRecord>({
  name: 'route_versions',
  schema: routeVersionRecord,
  indexes: [{ name: 'by_route', fields: ['route', 'number'] }],
});
