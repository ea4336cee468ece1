import { linearPattern } from '../expression/patterns/linear-pattern.ts';
import { stepsOf } from '../expression/patterns/pattern-steps.ts';
import type { Visit } from './visit.ts';

/** Texts this short run in a faster part of the pattern engine. */
const SHORT = 256;
const FIXED_COST = 20;

/** A pattern without groups and alternatives, anchored at the start: only few of its steps can be active at once. */
const SIMPLE = /^\^(?:\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\[\](){}|*+?])(?:\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\[\](){}|]|\{\d+\})*$/su;

/** The maximum number of steps of a pattern that can be active at once. */
const stepsAtOnce = (source: string): number => (SIMPLE.test(source) ? 1 + (source.match(/[*+?]/g)?.length ?? 0) : 1 + stepsOf(source));

/** Whether a text matches the pattern. Takes linear time, which it counts. */
export function patternCheck(source: string): (text: string, visit: Visit) => boolean {
  const compiled = linearPattern(source);
  const steps = stepsAtOnce(source);
  const short = SIMPLE.test(source) ? 0.5 : 2;
  return (text, visit) => {
    visit.spend(FIXED_COST + text.length * steps * (text.length <= SHORT ? short : 3));
    return compiled.matcher(text).find();
  };
}
