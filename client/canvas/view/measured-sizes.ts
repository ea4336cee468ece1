import type { ReactFlowInstance } from '@xyflow/react';
import type { Size } from '../../graph-editing/operations/tidy-up.ts';

/** The sizes of all nodes as they are drawn now. */
export function measuredSizes(flow: Pick<ReactFlowInstance, 'getNodes'>): Map<string, Size> {
  return new Map(
    flow
      .getNodes()
      .flatMap(({ id, measured }) => (measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [])),
  );
}
