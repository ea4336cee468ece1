import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { bodyIssueMessage } from '@switchyard/shared/body-issue-message.ts';
import { subjectSchema } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { graderSchema } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { z } from 'zod';

/* The file of `switchyard eval`: what to run, on which items, how to grade it, and which results are good enough. */

const share = z.number().min(0).max(1);

/** A workflow file instead of a workflow of the server. */
const fileSubject = z.strictObject({ kind: z.literal('workflow'), file: z.string().min(1) });
const subject = z.union([fileSubject, subjectSchema]);
export type EvalSubject = z.output<typeof subject>;

const item = z.looseObject({ input: z.unknown(), expected: z.unknown().optional(), tags: z.array(z.string()).optional() });
export type EvalItem = z.output<typeof item>;

const thresholds = z.strictObject({
  /** The least mean score. */
  score: share.optional(),
  /** The least share of items that pass. Without any threshold, all must. */
  passed: share.optional(),
  /** What the share that passes is judged by: itself, or the lower end of its 95% confidence interval. */
  bound: z.enum(['point', 'lower']).default('point'),
  /** The largest share of items that may fail to run or to be graded. */
  errored: share.default(0),
  /** The largest share of items that may stop before an effect, or because they need a person. */
  stopped: share.default(0),
  /** With a baseline: fails if the subject is worse. */
  noRegression: z.boolean().default(true),
});
export type Thresholds = z.output<typeof thresholds>;

const evalFile = z.strictObject({
  format: z.literal('switchyard/eval@1'),
  name: z.string().min(1).max(200),
  subject,
  baseline: subject.optional(),
  /** A file with prompts (`GET /api/prompts/export`) that is imported first. */
  prompts: z.string().min(1).optional(),
  /** Items, a JSONL file of them (`GET /api/datasets/:id/export`), or a dataset of the server. */
  dataset: z.union([z.strictObject({ items: z.array(item).min(1) }), z.strictObject({ file: z.string().min(1) }), z.strictObject({ id: z.string().min(1) })]),
  graders: z.array(graderSchema).min(1),
  allow: z.array(z.string()).default([]),
  trials: z.number().int().min(1).max(10).default(1),
  concurrency: z.number().int().min(1).max(16).default(4),
  maxCostMicros: z.number().positive().optional(),
  thresholds: thresholds.default({ bound: 'point', errored: 0, stopped: 0, noRegression: true }),
});

export interface EvalFile extends Omit<z.output<typeof evalFile>, 'dataset'> {
  /** Items to make a dataset of, or the ID of one. */
  readonly dataset: { readonly items: readonly EvalItem[] } | { readonly id: string };
  /** Reads a JSON file that it names. */
  readonly read: (path: string) => unknown;
}

/** Throws `bad-request` with what is wrong and where. */
export function readEvalFile(path: string): EvalFile {
  const parsed = evalFile.safeParse(jsonOf(path), { error: bodyIssueMessage });
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new AppError('bad-request', `${path}: ${first?.path.join('.') || 'the file'} ${first?.message}`);
  }
  const { dataset, ...rest } = parsed.data;
  const at = (name: string): string => resolve(dirname(path), name);
  return { ...rest, dataset: 'file' in dataset ? { items: itemsOf(at(dataset.file)) } : dataset, read: (name) => jsonOf(at(name)) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('bad-request', `Can’t read ${path}.`, { cause });
  }
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(textOf(path));
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('bad-request', `${path} is not valid JSON.`, { cause });
  }
}

/** One item a line. */
function itemsOf(path: string): EvalItem[] {
  const lines = textOf(path).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [item.parse(JSON.parse(line))];
    } catch (cause) {
      throw new AppError('bad-request', `${path}: line ${index + 1} is not an item. It needs JSON with an “input”.`, { cause });
    }
  });
}
