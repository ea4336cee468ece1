import type { Grade, GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import { markedText, withDataNote } from '@switchyard/shared/model/data-marks.ts';
import { z } from 'zod';
import { CannotGrade, type GradedCase, gradeOf, missingPart, outputPart } from './graded-case.ts';
import type { GraderPorts } from './grader-ports.ts';

/* A model as judge, by a rubric. */

/** Longer values don’t fit the context of a judge. In characters of JSON. */
const MOST_JUDGED = 100_000;

const ANSWER: JsonSchema = {
  type: 'object',
  properties: {
    reason: { type: 'string', description: 'One or two sentences: what decides the score.' },
    score: { type: 'number', minimum: 0, maximum: 1, description: '0: fails the rubric. 1: meets it fully.' },
  },
  required: ['reason', 'score'],
  additionalProperties: false,
};

const answerSchema = z.object({ score: z.number().min(0).max(1), reason: z.string().trim().min(1) });

/** Any object: what the judge says is checked here, so a wrong answer is an error of the grader and is not sent back for repair. */
const ACCEPT: JsonSchema = { type: 'object' };

const INSTRUCTIONS =
  'You grade the output of an AI system by a rubric. Judge only what the rubric asks for. Don’t reward length or confidence. Give the reason first, then a score from 0 (fails the rubric) to 1 (meets it fully).';

export async function gradeByModel(grader: GraderOf<'model'>, graded: GradedCase, { ask }: GraderPorts, signal: AbortSignal): Promise<Grade> {
  const output = outputPart(graded, grader.path);
  if (output === undefined || output === null) return missingPart(grader.path);
  const { value, costMicros } = await ask(judgeRequest(grader, graded, output), signal);
  const answer = answerSchema.safeParse(value);
  if (!answer.success) throw new CannotGrade('The model judge didn’t return a score from 0 to 1 with a reason', costMicros);
  return { ...gradeOf(answer.data.score, answer.data.reason, grader.passScore), costMicros };
}

function judgeRequest({ rubric, route }: GraderOf<'model'>, { input, expected }: GradedCase, output: unknown): ChatRequest {
  const parts = [
    `Rubric:\n${rubric}`,
    ...(input === undefined ? [] : [`Input:\n${judged('input', input)}`]),
    ...(expected === undefined ? [] : [`Expected output, as a reference:\n${judged('expected value', expected)}`]),
    `Output to grade:\n${judged('output', output)}`,
  ];
  return {
    route,
    messages: withDataNote([textMessage('system', INSTRUCTIONS), textMessage('user', parts.join('\n\n'))]),
    temperature: 0,
    schema: ANSWER,
    accept: ACCEPT,
    schemaName: 'grade',
  };
}

function judged(what: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  if (text.length > MOST_JUDGED) throw new CannotGrade(`The ${what} is too long for a model judge: more than ${MOST_JUDGED.toLocaleString('en')} characters`);
  return markedText(text);
}
