import type { GradeOutcome, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { JudgedOutput } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { useEffect, useRef, useState } from 'react';
import { gradeOutput } from '../../api/evaluation/rubric-queries.ts';
import { messageOf } from '../../ui/message-of.ts';

export interface TriedOutput {
  readonly judged: JudgedOutput;
  readonly outcome: GradeOutcome;
}

/** Calls at once: half of what the server allows. */
const AT_ONCE = 4;

/** Grades outputs that people have judged, a few at a time. Stopping keeps the results so far. */
export function useRubricTry() {
  const [tried, setTried] = useState<readonly TriedOutput[]>();
  const [total, setTotal] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const run = async (grader: GraderOf<'model'>, outputs: readonly JudgedOutput[]) => {
    stopping.current?.abort();
    const controller = new AbortController();
    stopping.current = controller;
    const waiting = [...outputs];
    setTried([]);
    setTotal(outputs.length);
    setRunning(true);
    const work = async () => {
      for (let judged = waiting.shift(); judged && !controller.signal.aborted; judged = waiting.shift()) {
        const outcome = await outcomeOf(grader, judged, controller.signal);
        const done = { judged, outcome };
        if (!controller.signal.aborted) setTried((before = []) => [...before, done]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (stopping.current === controller) setRunning(false);
  };
  return {
    tried,
    total,
    isRunning,
    start: (grader: GraderOf<'model'>, outputs: readonly JudgedOutput[]) => void run(grader, outputs),
    stop: () => {
      stopping.current?.abort();
      setRunning(false);
    },
  };
}

async function outcomeOf(grader: GraderOf<'model'>, { input, expected, output }: JudgedOutput, signal: AbortSignal): Promise<GradeOutcome> {
  try {
    return await gradeOutput({ grader, input, ...(expected !== undefined && { expected }), output }, signal);
  } catch (thrown) {
    return { error: messageOf(thrown) };
  }
}
