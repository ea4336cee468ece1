import { Background, BackgroundVariant, useStore } from '@xyflow/react';

const GAP = 20;
const SIZE = 1.6;
/** Below this zoom the dots would blur into each other: half as many are drawn, twice as large. */
const DENSE_ZOOM = 0.7;

/** The dot grid. Dots keep about the same size and spacing at every zoom. */
export function CanvasDots() {
  const scale = useStore((state) => 2 ** Math.max(0, Math.ceil(Math.log2(DENSE_ZOOM / state.transform[2]))));
  return <Background variant={BackgroundVariant.Dots} gap={GAP * scale} size={SIZE * scale} color="var(--dots)" bgColor="var(--canvas)" />;
}
