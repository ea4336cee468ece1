import { Background, BackgroundVariant, useStore } from '@xyflow/react';

const GAP = 20;
const SIZE = 1.6;
/** From here down, dots would be closer and fainter than an eye can tell apart: half as many are drawn, twice as large. */
const DENSE_ZOOM = 0.7;

/** The dots of the canvas, about as large and as far apart at every zoom. */
export function CanvasDots() {
  const scale = useStore((state) => 2 ** Math.max(0, Math.ceil(Math.log2(DENSE_ZOOM / state.transform[2]))));
  return <Background variant={BackgroundVariant.Dots} gap={GAP * scale} size={SIZE * scale} color="var(--dots)" bgColor="var(--canvas)" />;
}
