import { isPlainObject } from '../../json.ts';
import type { Problem } from '../problem.ts';
import { type CheckedGraph, type CheckedNode, problem, runs } from './checked-graph.ts';

/** Checks each node on its own: type, params, and policy. */
export function* checkNodes({ nodes }: CheckedGraph): Generator<Problem[]> {
  for (const node of nodes) yield [...checkType(node), ...checkParams(node), ...checkContinueWith(node), ...checkDisabled(node)];
}

function checkType({ node, id, name, kind }: CheckedNode): Problem[] {
  if (!kind) {
    const message = `${name} has an unknown node type, “${node.type}”.`;
    return [
      { nodeId: id, severity: 'error', code: 'unknown-node-type', message, suggestion: 'Replace it, or update Switchyard. Until then it is kept unchanged.' },
    ];
  }
  if (node.data.typeVersion <= kind.version) return [];
  const message = `${name} needs a newer Switchyard (node version ${node.data.typeVersion}, this server has ${kind.version}).`;
  return [{ nodeId: id, severity: 'error', code: 'newer-node-type', message, suggestion: 'Update Switchyard, or replace the node.' }];
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
  if (policy.continueWith === undefined) return report(`${name} has no fallback value.`, 'Enter one, or handle errors another way.');
  const misfit = misfitOf(policy.continueWith, kind?.output(params) ?? {});
  if (misfit !== undefined) return report(`The fallback value of ${name} doesn’t match its output: ${misfit}.`, 'Enter a value with the same shape.');
  if (outputs.length <= 1 || kind?.portOf?.(params, policy.continueWith) !== undefined) return [];
  return report(`The fallback value of ${name} selects none of its branches.`, `Enter one that selects “${outputs.map(({ id }) => id).join('”, “')}”.`);
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

/** Checks the top level only. The run validates the value against the whole schema (S10). */
function misfitOf(value: unknown, schema: Readonly<Record<string, unknown>>): string | undefined {
  const wanted = typeof schema.type === 'string' ? schema.type : undefined;
  const given = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (wanted !== undefined && wanted !== given && !(wanted === 'integer' && given === 'number'))
    return `it must be ${KIND_WORDS[wanted] ?? wanted}, but is ${KIND_WORDS[given] ?? given}`;
  if (!isPlainObject(value) || !Array.isArray(schema.required)) return undefined;
  const missing = schema.required.filter((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  return missing.length === 0 ? undefined : `“${missing.join('”, “')}” is missing`;
}

function checkDisabled({ node, id, name, outputs }: CheckedNode): Problem[] {
  if (node.data.disabled !== true || outputs.length <= 1) return [];
  const message = `${name} is disabled but has several branches, so the run can’t choose one.`;
  return [{ nodeId: id, severity: 'error', code: 'disabled-branch', message, suggestion: 'Enable it, or delete it and connect around it.' }];
}
