import type { ReactFlowInstance } from '@xyflow/react';
import type { Size } from '../../graph-editing/operations/geometry.ts';

/** How all nodes are brought into view: never larger than they are, and clear of the tools at the bottom, with ways back. */
export const FIT_ALL = { maxZoom: 1, padding: { top: '36px', right: '20px', bottom: '104px', left: '20px' } } as const;

/** A duration, or none for people who asked for no motion. */
export const motion = (ms: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms);

/** The sizes of all nodes as they are drawn now. */
export function measuredSizes(flow: Pick<ReactFlowInstance, 'getNodes'>): Map<string, Size> {
  return new Map(
    flow
      .getNodes()
      .flatMap(({ id, measured }) => (measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [])),
  );
}
