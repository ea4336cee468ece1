import type { ReactFlowInstance } from '@xyflow/react';
import type { Size } from '../../graph-editing/operations/geometry.ts';

/** Options for fitting the whole graph: never enlarged, and clear of the tools at the bottom and of loop edges. */
export const FIT_ALL = { maxZoom: 1, padding: { top: '36px', right: '20px', bottom: '104px', left: '20px' } } as const;

/** A duration in ms, or 0 for users who prefer reduced motion. */
export const motion = (ms: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms);

/** The rendered sizes of all nodes. */
export function measuredSizes(flow: Pick<ReactFlowInstance, 'getNodes'>): Map<string, Size> {
  return new Map(
    flow
      .getNodes()
      .flatMap(({ id, measured }) => (measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [])),
  );
}

/** The part of the canvas that no tools cover. */
export const viewSize = ({ width, height }: Size): Size => ({ width: width - 40, height: height - 140 });
