import { type Actor, OWNER } from '@switchyard/shared/run/actor.ts';

const WORDS = { token: 'API token', trigger: 'Trigger', system: 'Switchyard' } as const;

/** Who made a change, as history shows it. */
export function actorLabel({ kind, id }: Actor): string {
  if (kind !== 'user') return WORDS[kind];
  return id === OWNER.id ? 'Owner' : id;
}
