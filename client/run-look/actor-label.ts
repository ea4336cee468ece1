import { type Actor, OWNER } from '@switchyard/shared/run/actor.ts';

const WORDS = { token: 'API token', trigger: 'Trigger', system: 'Switchyard' } as const;

/** The author of a change, as shown in histories. */
export function actorLabel({ kind, id }: Actor): string {
  if (kind !== 'user') return WORDS[kind];
  return id === OWNER.id ? 'Owner' : id;
}
