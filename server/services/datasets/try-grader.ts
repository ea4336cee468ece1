import type { GradeOutcome, tryGrader } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { z } from 'zod';
import { grade } from '../../evaluation/graders/grade.ts';
import type { ServiceContext } from '../context.ts';
import { overloaded } from '../webhooks/overload.ts';
import { type GraderCalls, graderPorts } from './grader-ports.ts';

/** More would crowd out runs. */
const MOST_AT_ONCE = 8;

type TryBody = z.output<typeof tryGrader.body>;

/** Throws `overloaded`. */
export type TryGrader = (context: ServiceContext, body: TryBody, signal: AbortSignal) => Promise<GradeOutcome>;

/** Tries a grader on one output. */
export function createGraderTries(calls: GraderCalls): TryGrader {
  let running = 0;
  return async (context, { grader, input, expected, output }, signal) => {
    if (running >= MOST_AT_ONCE) throw overloaded();
    running++;
    try {
      const ports = graderPorts(calls, { workspaceId: context.workspaceId, purpose: 'playground', now: context.now() });
      return await grade(grader, { input, expected, output }, { ...ports, judged: async () => undefined }, signal);
    } finally {
      running--;
    }
  };
}
