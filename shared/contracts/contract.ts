import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Scope } from './scopes.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of the REST API. The only place that defines its path and shapes. */
export interface Contract<P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  /** The operation's ID in the OpenAPI document: `createWorkflow`. */
  readonly id: string;
  readonly method: Method;
  /** Express style: `/api/workflows/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly reply: R;
  /** The response is a stream of server-sent events, each with `reply` as its data. */
  readonly streams: boolean;
  /** Media types of text that the response can have instead of JSON. */
  readonly textTypes: readonly string[];
  /** The request can be multipart/form-data with files of the run’s input. */
  readonly takesFiles: boolean;
  /** The response is a file, of the text types or else of any type. */
  readonly sendsFile: boolean;
  /** Statuses that return `reply`, the usual one first. */
  readonly statuses: readonly number[];
  readonly errors: readonly ErrorCode[];
  /** Needs no sign-in: the response is public, or the URL is a capability. */
  readonly open: boolean;
  /** The scope the caller needs (S45). Null for an open operation. */
  readonly scope: Scope | null;
}

type Access = { readonly open: true } | { readonly open?: false; readonly scope: Scope };

const nothing = z.strictObject({});
type Nothing = typeof nothing;

/** Declares an operation. Omitted parts are empty objects, and the status is 200. */
export function contract<R extends z.ZodType, P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, B extends z.ZodType = z.ZodUndefined>(
  spec: Access & {
    id: string;
    method: Method;
    path: string;
    summary: string;
    tag: string;
    params?: P;
    query?: Q;
    body?: B;
    reply: R;
    streams?: boolean;
    textTypes?: readonly string[];
    takesFiles?: boolean;
    sendsFile?: boolean;
    statuses?: readonly number[];
    errors?: readonly ErrorCode[];
  },
): Contract<P, Q, B, R> {
  return {
    ...spec,
    params: spec.params ?? (nothing as unknown as P),
    query: spec.query ?? (nothing as unknown as Q),
    body: spec.body ?? (z.undefined() as unknown as B),
    textTypes: spec.textTypes ?? [],
    takesFiles: spec.takesFiles ?? false,
    sendsFile: spec.sendsFile ?? false,
    statuses: spec.statuses ?? [200],
    errors: spec.errors ?? [],
    streams: spec.streams ?? false,
    open: spec.open ?? false,
    scope: spec.open ? null : spec.scope,
  };
}

export type ParamsOf<C> = C extends Contract<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.input<P> : never;
export type QueryOf<C> = C extends Contract<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never;
export type BodyOf<C> = C extends Contract<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never;
export type ReplyOf<C> = C extends Contract<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never;

export const idParams = z.strictObject({ id: z.string().min(1).max(100) });

/** An encoded cursor. */
export const CURSOR = /^(?:[ntf]|d[0-9a-f]{16}|s[A-Za-z0-9_-]*)\.[A-Za-z0-9_-]*$/;

const limit = z.coerce.number().int().min(1).max(1000).default(50);

/** `?limit=&cursor=` of every list. */
export const pageQuery = { limit, cursor: z.string().max(500).regex(CURSOR, 'must be the nextCursor of a list').optional() };

/** The same, for lists whose cursor is a position. */
export const countedPageQuery = {
  limit,
  cursor: z
    .string()
    .regex(/^\d{1,10}$/, 'must be the nextCursor of a list')
    .optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A time as ISO 8601 in UTC. */
export const moment = z.iso.datetime();

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** An IANA time zone. */
export const timeZone = z.string().max(100).refine(isTimeZone, 'must be a time zone such as Europe/Berlin');
