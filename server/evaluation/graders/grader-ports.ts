import type { Grade, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { GradedCase } from './graded-case.ts';

/** What graders need from outside. Each rejects with an AppError, or with the reason of the signal. */
export interface GraderPorts {
  /** Asks a model for JSON. Cost in micro-dollars, null if a price is unknown. */
  readonly ask: (request: ChatRequest, signal: AbortSignal) => Promise<{ readonly value: unknown; readonly costMicros: number | null }>;
  /** Runs code in the sandbox, with `input` in its scope. Returns its output. */
  readonly runCode: (source: string, input: GradedCase, signal: AbortSignal) => Promise<unknown>;
  /** What a person said about the output. Undefined: nothing yet. */
  readonly judged: (grader: GraderOf<'person'>, graded: GradedCase) => Promise<Pick<Grade, 'score' | 'verdict' | 'reason'> | undefined>;
}
