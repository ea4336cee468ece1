/*
 * All functions of expressions, the language's and ours, in display order. A function is declared once, in the file of its group: its
 * implementation, cost, documentation, and an example with its result, which is also a test.
 *
 * Those whose overloads have an underscore after the name (see function-names.ts) replace the library's own: `size`, `indexOf`,
 * `lastIndexOf`, and `int` return doubles like all our numbers, `double` rejects integers it would round, `matches` runs in linear time,
 * `split` stops at a limit, `duration` reads ISO 8601 and days in linear time, `join` accepts any list, and `json` of bytes would let in objects that aren't Maps. All functions are pure: no
 * clock, no randomness. What a call reads and returns is counted by meter-tree.ts. A function counts only work beyond that.
 */
import { conversionFunctions } from './convert.ts';
import { dateFunctions } from './dates.ts';
import type { ExpressionFunction } from './define.ts';
import { durationFunctions } from './durations.ts';
import { encodingFunctions } from './encoding.ts';
import { formatFunctions } from './formats.ts';
import { languageFunctions } from './language.ts';
import { listFunctions } from './lists.ts';
import { loopFunctions } from './loops.ts';
import { missingFunctions } from './missing.ts';
import { numberFunctions } from './numbers.ts';
import { objectFunctions } from './objects.ts';
import { patternFunctions } from './patterns.ts';
import { textFunctions } from './text.ts';
import { urlFunctions } from './urls.ts';

export const EXPRESSION_FUNCTIONS: readonly ExpressionFunction[] = [
  ...missingFunctions,
  ...textFunctions,
  ...patternFunctions,
  ...loopFunctions,
  ...listFunctions,
  ...objectFunctions,
  ...numberFunctions,
  ...dateFunctions,
  ...durationFunctions,
  ...conversionFunctions,
  ...formatFunctions,
  ...urlFunctions,
  ...encodingFunctions,
  ...languageFunctions,
];
