import type { Grade, GradeOutcome, Grader, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { AppError, isAppError, toAppError } from '@switchyard/shared/errors.ts';
import { z } from 'zod';
import { inTurns, ownTurn } from '../../turns.ts';
import { gradeContains, gradePattern, gradeSchema, gradeSimilarity } from './compare-texts.ts';
import { gradeExact, gradeFields, gradeNumber } from './compare-values.ts';
import { CannotGrade, type GradedCase, gradeOf } from './graded-case.ts';
import type { GraderPorts } from './grader-ports.ts';
import { gradeByModel } from './judge.ts';

/*
 * Grades one output (S81). Knows no store and no HTTP: models, the sandbox, and people are ports.
 * Invariants: 1. A grader that fails or returns nonsense is an error, never a score of 0. 2. An expected value of another shape than the
 * grader compares is an error that says so. 3. Time and the length of reasons are bounded.
 */

/** Rejects only with the reason of the signal. */
export async function grade(grader: Grader, graded: GradedCase, ports: GraderPorts, signal: AbortSignal): Promise<GradeOutcome> {
  try {
    await ownTurn();
    return await gradeBy(grader, graded, ports, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof Pending) return { error: 'No person has judged this output yet', pending: true };
    if (thrown instanceof CannotGrade) return { error: thrown.message, ...(thrown.costMicros !== undefined && { costMicros: thrown.costMicros }) };
    const { code, message } = toAppError(thrown);
    return { error: code === 'internal' ? 'The grader failed unexpectedly' : message, code };
  }
}

class Pending extends Error {}

/** Throws CannotGrade, Pending, and what the ports throw. */
async function gradeBy(grader: Grader, graded: GradedCase, ports: GraderPorts, signal: AbortSignal): Promise<Grade> {
  switch (grader.kind) {
    case 'exact':
      return gradeExact(grader, graded);
    case 'contains':
      return inTurns(gradeContains(grader, graded));
    case 'pattern':
      return gradePattern(grader, graded);
    case 'schema':
      return gradeSchema(grader, graded);
    case 'fields':
      return gradeFields(grader, graded);
    case 'number':
      return gradeNumber(grader, graded);
    case 'similarity':
      return gradeSimilarity(grader, graded);
    case 'model':
      return gradeByModel(grader, graded, ports, signal);
    case 'code':
      return gradeByCode(grader, graded, ports, signal);
    case 'person': {
      const judged = await ports.judged(grader, graded);
      if (!judged) throw new Pending();
      return judged;
    }
  }
}

const codeAnswer = z.union([
  z.boolean(),
  z.number().min(0).max(1),
  z.object({ score: z.number().min(0).max(1), verdict: z.enum(['pass', 'fail']).optional(), reason: z.string().optional() }),
]);

async function gradeByCode(grader: GraderOf<'code'>, graded: GradedCase, { runCode }: GraderPorts, signal: AbortSignal): Promise<Grade> {
  const output = await runCode(grader.source, graded, signal).catch((thrown: unknown) => {
    throw isAppError(thrown, 'code-failed') ? new AppError('code-failed', `The code of the grader failed: ${thrown.message}`) : thrown;
  });
  const answer = codeAnswer.safeParse(output);
  if (!answer.success) throw new CannotGrade('The code must return true, false, a score from 0 to 1, or an object with a score');
  if (typeof answer.data === 'boolean') return gradeOf(answer.data ? 1 : 0, answer.data ? 'The code returned true' : 'The code returned false');
  if (typeof answer.data === 'number') return gradeOf(answer.data, `The code returned ${answer.data}`, grader.passScore);
  const { score, verdict, reason = `The code returned ${score}` } = answer.data;
  return { ...gradeOf(score, reason, grader.passScore), ...(verdict && { verdict }) };
}
