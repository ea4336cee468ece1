import type { RunEvent, TriggerData } from '@switchyard/shared/run/events.ts';
import { isRemoved, type Keeps, removedEvent } from '@switchyard/shared/run/removed.ts';
import { canonical } from './canonical.ts';
import { hmacUnder } from './hmac.ts';

/*
 * Commitments of payloads (S89). An event is hashed as what remains of it without its payloads (removed.ts), with one commitment for all of
 * them: HMAC-SHA256 over the event as it was recorded, under the salt of its run. So the hash stays the same when payloads are removed, and
 * without the salt, no one can check a guess of a removed value.
 */

/** An event of a journal. After its payloads were removed, it has their commitment. */
export type CommittedEvent = RunEvent & { readonly commitment?: string };

/** Commits to a value, in hex. */
export type Commit = (value: unknown) => string;

/** Commits under a salt. Undefined without one. */
export function commitUnder(salt: string | null | undefined): Commit | undefined {
  if (salt === null || salt === undefined) return undefined;
  const hmac = hmacUnder(salt);
  return (value) => hmac(canonical(value)).toString('hex');
}

const hasPayload = (event: RunEvent): boolean => removedEvent(event) !== event;

/** What is hashed of an event. Throws MissingPayload if it has no commitment, and there is no salt. */
export function hashedEvent(commit: Commit | undefined, { commitment, ...stored }: CommittedEvent): unknown {
  const event = stored as RunEvent;
  if (!hasPayload(event)) return event;
  return { ...(withoutMarkers(removedEvent(event)) as object), commitment: commitment ?? demand(commit)(event) };
}

/** The same event without payloads, with their commitment. Repeating it changes nothing. Without a salt, no commitment is added. */
export function uncoveredEvent(commit: Commit | undefined, { commitment, ...stored }: CommittedEvent, keeps?: Keeps): CommittedEvent {
  const event = stored as RunEvent;
  const left = removedEvent(event, keeps);
  if (left === event || (commitment ?? commit) === undefined) return left;
  return { ...left, commitment: commitment ?? demand(commit)(event) };
}

/** What a run started with. After its payloads were removed, it has their commitment. */
export type CommittedTrigger = TriggerData & { readonly commitment?: string };

/** The commitment to what a run started with. Throws as `hashedEvent` does. */
export const triggerCommitment = (commit: Commit | undefined, { commitment, ...trigger }: CommittedTrigger): string => commitment ?? demand(commit)(trigger);

function demand(commit: Commit | undefined): Commit {
  if (!commit) throw new MissingPayload();
  return commit;
}

/** A payload is gone, and so is its commitment. */
export class MissingPayload extends Error {
  override readonly name = 'MissingPayload';
}

/**
 * Null instead of a marker, which says how long a value was, and instead of an object or list with nothing but those: of a value with kept
 * fields, removing the rest leaves a tree of markers.
 */
function withoutMarkers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutMarkers);
    return items.length > 0 && items.every((item) => item === null) ? null : items;
  }
  if ('$removed' in value && isRemoved(value)) return null;
  const left: [string, unknown][] = [];
  let isEmpty = true;
  for (const name of Object.keys(value)) {
    const member = withoutMarkers((value as Record<string, unknown>)[name]);
    if (member !== null) isEmpty = false;
    left.push([name, member]);
  }
  return left.length > 0 && isEmpty ? null : Object.fromEntries(left);
}
