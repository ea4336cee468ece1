import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type RollUpRecord, rollUps } from '../../store/insight/insight-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { addPacked, noRollUp, packRollUp, type RollUp } from '../figures/roll-up.ts';

/* Records of roll-ups, and when their hours and days begin. Times are ISO 8601 in UTC. */

type Span = RollUpRecord['span'];

export const hourOf = (at: string): string => `${at.slice(0, 13)}:00:00.000Z`;
export const dayOf = (at: string): string => `${at.slice(0, 10)}T00:00:00.000Z`;
export const endOfHour = (hour: string): string => `${hour.slice(0, 13)}:59:59.999Z`;
const endOfDay = (day: string): string => `${day.slice(0, 10)}T23:59:59.999Z`;

export const rollUpId = (workflowId: string, span: Span, at: string): string => `${workflowId}/${span}/${at}`;

export interface Place {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly span: Span;
  readonly at: string;
}

/** Replaces a record that has this revision, or inserts it if that is 0. False if it was changed since. */
export async function replaceRollUp(store: WorkspaceStore, place: Place, rollUp: RollUp, revision: number): Promise<boolean> {
  const id = rollUpId(place.workflowId, place.span, place.at);
  const figures = packRollUp(rollUp);
  if (revision === 0) return insertIfAbsent(store, rollUps, { id, ...place, figures, frozen: false, revision: 1 });
  return (await store.update(rollUps, id, { figures, revision: revision + 1 }, { equal: { revision, frozen: false } })) !== undefined;
}

const HOURS = 24;

/** Makes the figures of a day from those of its hours. */
export async function replaceDay(store: WorkspaceStore, workspaceId: string, workflowId: string, day: string): Promise<void> {
  for (;;) {
    const known = await store.get(rollUps, rollUpId(workflowId, 'day', day));
    if (known?.frozen) return;
    const where = { workflowId, span: 'hour' };
    const { items } = await store.find(rollUps, { where, range: { field: 'at', from: day, to: endOfDay(day) }, order: { field: 'at' }, limit: HOURS });
    const sum = noRollUp();
    for (const { figures } of items) addPacked(sum, figures);
    if (await replaceRollUp(store, { workspaceId, workflowId, span: 'day', at: day }, sum, known?.revision ?? 0)) return;
  }
}

/** From now on, the figures of this hour or day never change. False if there are none. */
export async function freezeRollUp(store: WorkspaceStore, id: string): Promise<boolean> {
  for (;;) {
    const known = await store.get(rollUps, id);
    if (!known || known.frozen) return known !== undefined;
    if (await store.update(rollUps, id, { frozen: true, revision: known.revision + 1 }, { equal: { revision: known.revision } })) return true;
  }
}
