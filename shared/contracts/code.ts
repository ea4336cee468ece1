import { z } from 'zod';
import { MOST_CODE } from '../graph/graph.ts';
import { CONSOLE_LEVELS } from '../run/events.ts';
import { contract, idParams } from './contract.ts';

/** How a try of user code ended. */
const triedCode = z.object({
  /** Missing if it failed. */
  output: z.unknown().optional(),
  error: z
    .object({
      message: z.string(),
      /** In the source, or in the helpers, from 1. */
      line: z.number().optional(),
      column: z.number().optional(),
      inHelpers: z.boolean().optional(),
    })
    .nullable(),
  console: z.array(z.object({ level: z.enum(CONSOLE_LEVELS), text: z.string() })),
  /** Lines that were not kept. */
  leftOut: z.number(),
  ms: z.number(),
});
export type TriedCode = z.infer<typeof triedCode>;

const values = z.record(z.string(), z.unknown());

export const tryCode = contract({
  id: 'tryCode',
  method: 'POST',
  path: '/api/workflows/:id/code/try',
  scope: 'run',
  tag: 'Workflows',
  summary: 'Run unsaved code in the sandbox with given values, outside any run',
  params: idParams,
  body: z.strictObject({
    source: z.string().max(MOST_CODE),
    helpers: z.string().max(MOST_CODE).optional(),
    seconds: z.number().min(0.1).max(60).default(5),
    /** What the code sees. */
    scope: z
      .strictObject({
        input: z.unknown().optional(),
        steps: values.optional(),
        item: z.unknown().optional(),
        index: z.number().optional(),
        vars: values.optional(),
      })
      .default({}),
    /** A run whose large values `scope` may contain as references: `input`, `item`, or the output of a step. */
    runId: z.string().max(100).optional(),
  }),
  reply: triedCode,
  errors: ['bad-request', 'not-found', 'overloaded'],
});
