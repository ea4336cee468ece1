interface TargetName {
  readonly connectionId: string;
  readonly model: string;
}

export const isSameModel = (one: TargetName, other: TargetName): boolean => one.connectionId === other.connectionId && one.model === other.model;

/** The place of a target among those of its route with the same connection and model, from 0. Figures tell them apart by it. */
export function copyOf<T extends TargetName>(targets: readonly T[], target: T): number {
  return targets.slice(0, Math.max(0, targets.indexOf(target))).filter((other) => isSameModel(other, target)).length;
}
