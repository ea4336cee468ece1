import { type Circuits, createCircuits } from '../circuits.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';
import { createConnectionLimits, type LimitedConnections } from './connection-limits.ts';
import { createOpenCalls, type OpenCalls } from './open-calls.ts';
import { createRouteFigures, type RouteFigures } from './route-figures.ts';

/** What calls remember in this process. */
export interface CallMemory {
  readonly circuits: Circuits;
  readonly answers: AnswerCache;
  readonly limits: LimitedConnections;
  readonly figures: RouteFigures;
  readonly openCalls: OpenCalls;
}

export const createCallMemory = (
  elapsed: () => number = () => performance.now(),
  limits: LimitedConnections = createConnectionLimits(elapsed),
): CallMemory => ({
  circuits: createCircuits(elapsed),
  answers: createAnswerCache(elapsed),
  limits,
  figures: createRouteFigures(() => Date.now()),
  openCalls: createOpenCalls(() => Date.now()),
});
