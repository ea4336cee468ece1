import { isPlainObject } from '../../json.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, problem, runs } from './checked-graph.ts';

/** Checks each node by itself: its type, params and policy. */
export function checkNodes({ nodes }: CheckedGraph): Problem[] {
  return nodes.flatMap((node) => [...checkType(node), ...checkParams(node), ...checkContinueWith(node), ...checkDisabled(node)]);
}

function checkType({ node, id, name, kind }: CheckedNode): Problem[] {
  if (!kind) {
    const message = `${name} is of the type ‘${node.type}’, which is not known here.`;
    return [
      { nodeId: id, severity: 'error', code: 'unknown-node-type', message, suggestion: 'Replace it, or update this server. It is kept as it is until then.' },
    ];
  }
  if (node.data.typeVersion <= kind.version) return [];
  const message = `${name} was made with version ${node.data.typeVersion} of its type; this server knows version ${kind.version}.`;
  return [{ nodeId: id, severity: 'error', code: 'newer-node-type', message, suggestion: 'Update this server, or replace the node.' }];
}

function checkParams(checked: CheckedNode): Problem[] {
  const { node, id, name, kind, params } = checked;
  if (!kind || !runs(checked) || node.data.disabled === true || node.data.typeVersion > kind.version) return [];
  return kind.check(params).map((issue) =>
    problem({
      nodeId: id,
      field: issue.path.length > 0 ? issue.path.join('.') : undefined,
      severity: issue.severity ?? 'error',
      code: 'bad-params',
      message: `${name}: ${issue.message}${/[.!?]$/.test(issue.message) ? '' : '.'}`,
      suggestion: issue.suggestion,
    }),
  );
}

function checkContinueWith({ id, name, policy, kind, params, outputs }: CheckedNode): Problem[] {
  if (policy.onError !== 'continue-with') return [];
  const report = (message: string, suggestion: string): Problem[] => [
    { nodeId: id, field: 'policy.continueWith', severity: 'error', code: 'bad-continue-with', message, suggestion },
  ];
  if (policy.continueWith === undefined)
    return report(`${name} goes on with a value when it fails, but there is no value.`, 'Enter the value, or choose another way to handle errors.');
  const misfit = misfitOf(policy.continueWith, kind?.output(params) ?? {});
  if (misfit !== undefined)
    return report(`${name} goes on with a value that does not look like its output: ${misfit}.`, 'Enter a value like those the node puts out.');
  if (outputs.length <= 1 || kind?.portOf?.(params, policy.continueWith) !== undefined) return [];
  return report(
    `${name} goes on with a value that says none of its ways out.`,
    `Enter one that says which of ‘${outputs.map(({ id }) => id).join('’, ‘')}’ to take.`,
  );
}

const KIND_WORDS: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/** The coarse part of the check; the run checks the value against the whole schema (S10). */
function misfitOf(value: unknown, schema: Readonly<Record<string, unknown>>): string | undefined {
  const wanted = typeof schema.type === 'string' ? schema.type : undefined;
  const given = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (wanted !== undefined && wanted !== given && !(wanted === 'integer' && given === 'number'))
    return `it should be ${KIND_WORDS[wanted] ?? wanted}, and is ${KIND_WORDS[given] ?? given}`;
  if (!isPlainObject(value) || !Array.isArray(schema.required)) return undefined;
  const missing = schema.required.filter((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  return missing.length === 0 ? undefined : `‘${missing.join('’, ‘')}’ is missing`;
}

function checkDisabled({ node, id, name, outputs }: CheckedNode): Problem[] {
  if (node.data.disabled !== true || outputs.length <= 1) return [];
  const message = `${name} is switched off, but it has several ways out and nothing says which to take.`;
  return [{ nodeId: id, severity: 'error', code: 'disabled-branch', message, suggestion: 'Switch it on, or remove it and wire past it.' }];
}
