import type { NumberedTarget } from '../numbered-targets.ts';
import type { RouteContent } from './route-draft.ts';

export interface RungTarget extends NumberedTarget {
  /** Its index among all targets. */
  readonly index: number;
  /** The share of calls that try it first, of those that reach the rung: from 0 to 1. */
  readonly share: number;
}

/** A place of the ladder: one target, or neighbors that share calls by weight. */
export interface Rung {
  /** From 1. */
  readonly place: number;
  readonly isShared: boolean;
  readonly targets: readonly RungTarget[];
}

/** The targets of a route as the rungs of a ladder. A single target with a weight shares with no other. */
export function rungsOf({ targets, order }: Pick<RouteContent, 'targets' | 'order'>): Rung[] {
  const groups: (readonly [NumberedTarget, number][])[] = [];
  for (const [index, numbered] of targets.entries()) {
    const last = groups.at(-1);
    const joins = order === 'weights' && numbered.target.weight !== undefined && last?.at(-1)?.[0].target.weight !== undefined;
    if (joins && last) groups[groups.length - 1] = [...last, [numbered, index]];
    else groups.push([[numbered, index]]);
  }
  return groups.map((group, at) => {
    const total = group.reduce((sum, [{ target }]) => sum + (target.weight ?? 0), 0);
    const share = (weight = 0) => (group.length === 1 ? 1 : total === 0 ? 0 : weight / total);
    return {
      place: at + 1,
      isShared: group.length > 1,
      targets: group.map(([{ key, target }, index]) => ({ key, target, index, share: share(target.weight) })),
    };
  });
}
