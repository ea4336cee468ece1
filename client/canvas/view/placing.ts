import type { Rect, Viewport } from '@xyflow/react';

/** The part of a canvas that no tools cover, from its top left corner. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** Space kept clear around a node. */
export const MARGIN = 24;

/** Whether a box in flow coordinates is fully visible. */
export function isWithin({ x, y, zoom }: Viewport, box: Rect, room: Room): boolean {
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  return left >= 0 && top >= 0 && left + box.width * zoom <= room.width && top + box.height * zoom <= room.height;
}

/** The viewport, moved as little as possible to show a box. Below `minZoom`, centers the box at that zoom. */
export function showing(view: Viewport, box: Rect, room: Room, minZoom = 0): Viewport {
  if (view.zoom < minZoom) return centering(box, room, minZoom);
  const { x, y, zoom } = view;
  return {
    x: x + shift(box.x * zoom + x, box.width * zoom, room.width),
    y: y + shift(box.y * zoom + y, box.height * zoom, room.height),
    zoom,
  };
}

/** The viewport centered on a box. Shows the top left corner of a box larger than the room. */
export function centering(box: Rect, room: Room, zoom: number): Viewport {
  const before = (length: number, available: number) => Math.max(MARGIN, (available - length * zoom) / 2);
  return { x: before(box.width, room.width) - box.x * zoom, y: before(box.height, room.height) - box.y * zoom, zoom };
}

/** How far a span at `start` must move to fit within `available`. */
function shift(start: number, length: number, available: number): number {
  if (start + length > available - MARGIN) return Math.max(available - MARGIN - start - length, MARGIN - start);
  return start < MARGIN ? MARGIN - start : 0;
}
