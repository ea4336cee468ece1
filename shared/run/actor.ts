import { z } from 'zod';

export const ACTOR_KINDS = ['user', 'token', 'trigger', 'system'] as const;

/** Who did something: a person, an API token or link, a trigger, or the server itself (S27, S45). */
export const actorSchema = z.object({ kind: z.enum(ACTOR_KINDS), id: z.string() });
export type Actor = Readonly<z.infer<typeof actorSchema>>;

/** An actor in stored data. Version 0.1 wrote `owner` for a person and mostly omitted the ID. */
export type StoredActor = Actor | { readonly kind: 'owner' | Exclude<Actor['kind'], 'user'>; readonly id?: string };

/** The only person of an installation without user accounts. */
export const OWNER: Actor = { kind: 'user', id: 'owner' };

const FIRST_IDS = { owner: OWNER.id, user: OWNER.id, token: 'token', trigger: 'webhook', system: 'timer' } as const;

/** Reads a stored actor. `owner` becomes the user `owner` (S21). */
export const readActor = ({ kind, id = FIRST_IDS[kind] }: StoredActor): Actor => ({ kind: kind === 'owner' ? 'user' : kind, id });
