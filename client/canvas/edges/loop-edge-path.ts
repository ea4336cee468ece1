const RADIUS = 8;
const REACH = 14;

/** The ends of a loop edge. It leaves its port, runs back below everything in between, and rises into its target. */
export interface LoopEdgeEnds {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
  /** Lowest bottom edge of the nodes it passes below. */
  readonly bottom: number;
}

/** SVG path of a loop edge with rounded corners, and its midpoint. */
export function loopEdgePath({ sourceX, sourceY, targetX, targetY, bottom }: LoopEdgeEnds): { path: string; middleX: number; middleY: number } {
  const right = sourceX + REACH;
  const left = targetX - REACH;
  const low = Math.max(bottom, sourceY, targetY) + 28;
  const r = Math.min(RADIUS, (low - sourceY) / 2, (low - targetY) / 2, Math.abs(right - left) / 2);
  const path = [
    `M ${sourceX} ${sourceY}`,
    `L ${right - r} ${sourceY} Q ${right} ${sourceY} ${right} ${sourceY + r}`,
    `L ${right} ${low - r} Q ${right} ${low} ${right - r} ${low}`,
    `L ${left + r} ${low} Q ${left} ${low} ${left} ${low - r}`,
    `L ${left} ${targetY + r} Q ${left} ${targetY} ${left + r} ${targetY}`,
    `L ${targetX} ${targetY}`,
  ].join(' ');
  return { path, middleX: (left + right) / 2, middleY: low };
}
