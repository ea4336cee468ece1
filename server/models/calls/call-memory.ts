import { type Circuits, createCircuits } from '../circuits.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';

/** What calls remember in this process. */
export interface CallMemory {
  readonly circuits: Circuits;
  readonly answers: AnswerCache;
}

export const createCallMemory = (elapsed: () => number = () => performance.now()): CallMemory => ({
  circuits: createCircuits(elapsed),
  answers: createAnswerCache(elapsed),
});
