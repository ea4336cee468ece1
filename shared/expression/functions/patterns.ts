import { Optional } from '@marcbachmann/cel-js';
import type { RE2JS } from 're2js';
import { ExpressionFault } from '../expression-fault.ts';
import { build, visit, visitOnce } from '../metering/meter.ts';
import { type Found, findMatches } from '../patterns/find-matches.ts';
import { linearPattern, MOST_STEPS } from '../patterns/linear-pattern.ts';
import { stepsOf } from '../patterns/pattern-steps.ts';
import { defineFunctions } from './define.ts';
import { shorten } from './shorten.ts';

/** Compiling one step of a regular expression takes this many times as long as visiting an element. */
const VISITS_PER_STEP = 4;
/** This many steps of a regular expression, each for one character, take as long as visiting an element. */
const MATCHES_PER_VISIT = 40;
/**
 * The maximum memory of the states of one pattern, in bytes. Filling the library's default of 8 MB also takes long, once for each new text.
 */
const MOST_STATES = 128_000;

interface Compiled {
  readonly pattern: RE2JS;
  readonly steps: number;
}

function compile(source: string): Compiled {
  const steps = Math.min(stepsOf(source), MOST_STEPS);
  visitOnce(source, VISITS_PER_STEP * steps + Math.floor(source.length / 4));
  try {
    return { pattern: linearPattern(source), steps };
  } catch (cause) {
    throw new ExpressionFault(`“${shorten(source)}” is not a valid regular expression: ${shorten(cause instanceof Error ? cause.message : String(cause))}`);
  }
}

function matches(text: string, source: string): boolean {
  const { pattern, steps } = compile(source);
  visit(Math.floor((text.length * steps) / MATCHES_PER_VISIT));
  const { dfa } = pattern.re2();
  if (dfa.stateBudget > MOST_STATES) dfa.stateBudget = dfa.memBudget = MOST_STATES;
  return pattern.test(text);
}

function find(text: string, source: string, most?: number): Found[] {
  const { pattern, steps } = compile(source);
  return findMatches(pattern, steps, text, most);
}

/** The first group, or the whole match if the pattern has no groups. */
const chosen = ({ groups }: Found): string => (groups.length > 1 ? groups[1] : groups[0]) ?? '';

function extract(text: string, source: string): Optional {
  const [first] = find(text, source, 1);
  return first ? Optional.of(chosen(first)) : Optional.none();
}

const extractAll = (text: string, source: string): readonly string[] => find(text, source).map(chosen);

/** Groups by name, or by number if they have none. */
function groupNames(source: string, count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, at) => String(at));
  for (const [name, at] of Object.entries(compile(source).pattern.namedGroups())) names[at] = name;
  return names;
}

function groups(text: string, source: string): Optional {
  const [first] = find(text, source, 1);
  if (!first) return Optional.none();
  const names = groupNames(source, first.groups.length);
  return Optional.of(new Map(first.groups.slice(1).map((group, at) => [names[at + 1] ?? '', group])));
}

const PLACEHOLDER = /\$(?:(\$)|(\d{1,2})|<(\w+)>)/g;

function replaceMatches(text: string, source: string, replacement: string): string {
  const found = find(text, source);
  const names = groupNames(source, compile(source).pattern.groupCount() + 1);
  visit(Math.floor((found.length * replacement.length) / 16));
  let result = '';
  let from = 0;
  for (const { start, end, groups: matched } of found) {
    const written = replacement.replace(PLACEHOLDER, (whole, dollar?: string, number?: string, name?: string) => {
      if (dollar !== undefined) return '$';
      const at = number === undefined ? names.indexOf(name ?? '') : Number(number);
      if (at < 0 || at >= matched.length) throw new ExpressionFault(`replaceMatches() got “${whole}”, but the pattern has no such group`);
      return matched[at] ?? '';
    });
    result += text.slice(from, start) + written;
    build(result.length + text.length - end, 0);
    from = end;
  }
  return result + text.slice(from);
}

export const patternFunctions = defineFunctions('Regular expressions', [
  {
    signature: 'text.matches(pattern)',
    doc: 'Whether the text matches the regular expression (RE2).',
    example: '"Invoice 42".matches("(?i)invoice\\\\s+\\\\d+")',
    result: true,
    visits: 2,
    overloads: { 'string.matches_(string): bool': matches, 'matches_(string, string): bool': matches },
  },
  {
    signature: 'text.extract(pattern)',
    doc: 'The first match, or its first group if the pattern has groups. Missing if nothing matches.',
    example: '"Order #1234 shipped".extract("#(\\\\d+)").orValue("")',
    result: '1234',
    visits: 4,
    overloads: { 'string.extract(string): optional<string>': extract },
  },
  {
    signature: 'text.extractAll(pattern)',
    doc: 'Every match as a list, or the first group of every match.',
    example: '"ada@example.com, bo@example.com".extractAll("\\\\w+@[\\\\w.]+")',
    result: ['ada@example.com', 'bo@example.com'],
    visits: 4,
    overloads: { 'string.extractAll(string): list<string>': extractAll },
  },
  {
    signature: 'text.groups(pattern)',
    doc: 'An object with the groups of the first match, by name or number. Missing if nothing matches.',
    example: '"2026-01".groups("(?P<year>\\\\d+)-(?P<month>\\\\d+)").orValue({})',
    result: { year: '2026', month: '01' },
    visits: 4,
    overloads: { 'string.groups(string): optional<map>': groups },
  },
  {
    signature: 'text.replaceMatches(pattern, replacement)',
    doc: 'The text with every match replaced. In the replacement, $1 or $<name> is a group, and $$ a dollar sign.',
    example: '"2026-01-31".replaceMatches("(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3.$2.$1")',
    result: '31.01.2026',
    visits: 4,
    overloads: { 'string.replaceMatches(string, string): string': replaceMatches },
  },
]);
