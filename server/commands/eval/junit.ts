import type { ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { Check } from './judge.ts';

/* Results in the format of JUnit, which CI systems show. */

/** What XML 1.0 can’t contain, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is removed
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

const escaped = (text: string): string => text.replace(NOT_XML, '').replace(/[&<>"\n\r\t]/g, (found) => ESCAPES[found] ?? '');

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
}

const KINDS = { errored: 'error', stopped: 'skipped' } as const;

const caseOf = ({ index, title, status, passed, reason, durationMs }: ExperimentResult): Case => ({
  name: `${index + 1}: ${title}`,
  seconds: (durationMs ?? 0) / 1_000,
  kind: status === 'graded' ? (passed ? 'passed' : 'failure') : KINDS[status],
  message: reason,
});

const checkCase = ({ name, holds, said }: Check): Case => ({ name, seconds: 0, kind: holds ? 'passed' : 'failure', message: said });

function element({ name, seconds, kind, message }: Case, suite: string): string {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  return kind === 'passed' ? `${head}/>` : `${head}><${kind} message="${escaped(message)}"/></testcase>`;
}

function suiteOf(name: string, cases: readonly Case[]): string {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return [`  <testsuite name="${escaped(name)}" ${counts}>`, ...cases.map((one) => element(one, name)), '  </testsuite>'].join('\n');
}

/** A test case for each threshold, and for each item. */
export const junit = (name: string, checks: readonly Check[], results: readonly ExperimentResult[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    suiteOf(`${name}: thresholds`, checks.map(checkCase)),
    suiteOf(name, results.map(caseOf)),
    '</testsuites>',
    '',
  ].join('\n');
