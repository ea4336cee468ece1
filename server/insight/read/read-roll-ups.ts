import { findAll } from '../../store/find-all.ts';
import { type RollUpRecord, rollUps } from '../../store/insight/insight-collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { addFigures, type Figures, noFigures, readFigures } from '../figures/figures.ts';

/** A range of whole hours or days, UTC. */
export interface Range {
  readonly span: RollUpRecord['span'];
  readonly from: string;
  /** Where the range ends: not part of it. */
  readonly to: string;
}

export const STEP_MS = { hour: 3_600_000, day: 86_400_000 } as const;
/** Longer ranges are by day. */
const MOST_HOURS = 72;
const MOST_DAYS = 400;
const USUAL_DAYS = 28;

/** The range of a query, widened to whole hours or days. It ends after `from`, and is at most 400 days long. */
export function rangeOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, now: Date): Range {
  const end = to === undefined ? now.getTime() + 1 : Date.parse(to);
  const begin = from === undefined ? end - USUAL_DAYS * STEP_MS.day : Math.max(Date.parse(from), end - MOST_DAYS * STEP_MS.day);
  const span = end - begin <= MOST_HOURS * STEP_MS.hour ? 'hour' : 'day';
  const startOf = (ms: number): number => Math.floor(ms / STEP_MS[span]) * STEP_MS[span];
  const first = startOf(Math.min(begin, end - 1));
  return { span, from: new Date(first).toISOString(), to: new Date(startOf(end - 1) + STEP_MS[span]).toISOString() };
}

/** The same length of time, before. */
export const before = ({ span, from, to }: Range): Range => ({ span, from: new Date(2 * Date.parse(from) - Date.parse(to)).toISOString(), to: from });

/** When each hour or day of a range begins. */
export const startsOf = ({ span, from, to }: Range): string[] =>
  Array.from({ length: Math.round((Date.parse(to) - Date.parse(from)) / STEP_MS[span]) }, (_, index) =>
    new Date(Date.parse(from) + index * STEP_MS[span]).toISOString(),
  );

/** The roll-ups of a range, oldest first. */
export const readRollUps = (store: WorkspaceStore, { span, from, to }: Range, workflowId: string | undefined): Promise<RollUpRecord[]> =>
  findAll(store, rollUps, {
    where: { span, ...(workflowId !== undefined && { workflowId }) },
    range: { field: 'at', from, to: new Date(Date.parse(to) - 1).toISOString() },
    order: { field: 'at' },
    aside: true,
  });

/** The figures of a roll-up: of one version, or of all. */
export function figuresOf({ figures }: Pick<RollUpRecord, 'figures'>, version: string | undefined): Figures {
  const sum = noFigures();
  for (const [name, packed] of figures.versions) if (version === undefined || name === version) addFigures(sum, readFigures(packed));
  return sum;
}
