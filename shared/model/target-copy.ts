interface TargetName {
  readonly connectionId: string;
  readonly model: string;
}

export const isSameModel = (one: TargetName, other: TargetName): boolean => one.connectionId === other.connectionId && one.model === other.model;

/** The index of a target among those of its route with the same connection and model. Figures use it to tell them apart. */
export function copyOf<T extends TargetName>(targets: readonly T[], target: T): number {
  return targets.slice(0, Math.max(0, targets.indexOf(target))).filter((other) => isSameModel(other, target)).length;
}
