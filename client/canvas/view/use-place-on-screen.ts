import { useStore } from '@xyflow/react';
import { shallow } from 'zustand/shallow';

/** A box on the canvas element, in px of the screen. */
export interface ScreenBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
}

const isSame = (a: ScreenBox | undefined, b: ScreenBox | undefined): boolean => a === b || (a !== undefined && b !== undefined && shallow(a, b));

/** The smallest box around nodes as they are drawn now, also while they are dragged. Undefined if none is drawn. */
export function usePlaceOnScreen(nodeIds: readonly string[]): ScreenBox | undefined {
  return useStore(({ nodeLookup, transform: [x, y, zoom] }) => {
    let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const id of nodeIds) {
      const node = nodeLookup.get(id);
      if (!node?.measured.width) continue;
      const at = node.internals.positionAbsolute;
      left = Math.min(left, at.x);
      top = Math.min(top, at.y);
      right = Math.max(right, at.x + node.measured.width);
      bottom = Math.max(bottom, at.y + (node.measured.height ?? 0));
    }
    if (left > right) return undefined;
    return { left: left * zoom + x, top: top * zoom + y, width: (right - left) * zoom, height: (bottom - top) * zoom, zoom };
  }, isSame);
}

/** A port of a node on the canvas element, in px of the screen. Undefined if it isn’t drawn. */
export function usePortOnScreen(nodeId: string, port: string | undefined): { readonly x: number; readonly y: number } | undefined {
  return useStore(
    ({ nodeLookup, transform: [x, y, zoom] }) => {
      const node = port === undefined ? undefined : nodeLookup.get(nodeId);
      const handle = node?.internals.handleBounds?.source?.find(({ id }) => id === port);
      if (!node || !handle) return undefined;
      const at = node.internals.positionAbsolute;
      return { x: (at.x + handle.x + handle.width / 2) * zoom + x, y: (at.y + handle.y + handle.height / 2) * zoom + y };
    },
    (a, b) => a === b || (a !== undefined && b !== undefined && a.x === b.x && a.y === b.y),
  );
}
