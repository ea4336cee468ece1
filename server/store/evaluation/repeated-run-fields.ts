import type { StandIns } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import type { Fault } from '@switchyard/shared/run/faults.ts';
import { z } from 'zod';

/** Fields of a run that repeats another one, or is not run as a whole and for real. */
export const repeatedRunFields = {
  rerunOf: z.string().nullable(),
  /** The step of that run to start from; steps finished before it are reused. */
  rerunFrom: z.string().nullable(),
  /** That step is a for-each: its succeeded items are reused, too. */
  rerunFailedItems: z.boolean().optional(),
  /** Of a rerun: the versions of prompts that the earlier run used. */
  prompts: z.array(z.custom<ResolvedPrompt>()).optional(),
  /** It ends at this node (S78a). */
  only: z.string().optional(),
  /** What it breaks on purpose (S78a). */
  faults: z.array(z.custom<Fault>()).optional(),
  /** What replaces its effects (S82). */
  standIns: z.custom<StandIns>().optional(),
};
