import { linearPattern, stepsOf } from '../expression/linear-pattern.ts';
import type { Visit } from './visit.ts';

/** Texts this short run in a faster part of the pattern engine. */
const SHORT = 256;
const FIXED_COST = 20;

/** A pattern without groups and choices, tied to the start of the text: few of its steps can be active at once. */
const SIMPLE = /^\^(?:\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\[\](){}|*+?])(?:\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\[\](){}|]|\{\d+\})*$/su;

/** How many steps of a pattern can be active at once, at most. */
const stepsAtOnce = (source: string): number => (SIMPLE.test(source) ? 1 + (source.match(/[*+?]/g)?.length ?? 0) : 1 + stepsOf(source));

/** Whether a text holds the pattern. Takes time linear in the text, which it pays for. */
export function patternCheck(source: string): (text: string, visit: Visit) => boolean {
  const compiled = linearPattern(source);
  const steps = stepsAtOnce(source);
  const short = SIMPLE.test(source) ? 0.5 : 2;
  return (text, visit) => {
    visit.spend(FIXED_COST + text.length * steps * (text.length <= SHORT ? short : 3));
    return compiled.matcher(text).find();
  };
}
