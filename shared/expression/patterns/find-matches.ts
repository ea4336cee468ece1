import type { RE2JS } from 're2js';
import { visit } from '../metering/meter.ts';

/** A match: where it is, and the text of each group, of which the first is the whole match. Null for a group that took no part. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | null)[];
}

/** Reading a character takes this part of the time of visiting an element, and about as much more for each step of the pattern. */
const READS_PER_VISIT = 20;
/** Each match takes this many times as long as visiting an element. */
const VISITS_PER_MATCH = 2;

/**
 * The matches of a pattern with `steps` steps from left to right, at most `most`. Finding all of them may take quadratic time, even on an
 * engine that finds one in linear time: it may read far beyond each match. So each character counts each time the engine reads it.
 */
export function findMatches(pattern: RE2JS, steps: number, text: string, most = Number.POSITIVE_INFINITY): Found[] {
  const found: Found[] = [];
  const matcher = pattern.matcher(text);
  countReads(pattern, 1 + steps, () => {
    while (found.length < most && matcher.find()) {
      visit(VISITS_PER_MATCH);
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group));
      found.push({ start: matcher.start(), end: matcher.end(), groups });
    }
  });
  return found;
}

/** What the library's engines read from. */
interface Input {
  step(position: number): number;
}

/** Charges the meter while the engine reads. The compiled pattern is shared with uses outside of expressions, which have no meter. */
function countReads(pattern: RE2JS, weight: number, work: () => void): void {
  const re2 = pattern.re2();
  const execute = re2.executeEngine;
  let reads = 0;
  re2.executeEngine = (input: Input, ...rest: [unknown, unknown, unknown, unknown]) => {
    const step = input.step;
    input.step = (position) => {
      reads += weight;
      if (reads >= READS_PER_VISIT) {
        visit(Math.floor(reads / READS_PER_VISIT));
        reads %= READS_PER_VISIT;
      }
      return step.call(input, position);
    };
    return execute.call(re2, input, ...rest);
  };
  try {
    work();
  } finally {
    Reflect.deleteProperty(re2, 'executeEngine');
  }
}
