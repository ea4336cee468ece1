import type { StoredActor } from '@switchyard/shared/run/actor.ts';
import { z } from 'zod';
import type { Collection, StoredRecord } from './port.ts';

/** Fields of every record. */
export const base = { id: z.string(), workspaceId: z.string() };
export const actor = z.custom<StoredActor>();

export const declare = <T extends StoredRecord>(collection: Collection<T>): Collection<T> => collection;
