import { celOf, type View, viewAt } from '../view.ts';
import { type At, type Kind, text } from './kind.ts';

/* Code nodes keep their JavaScript. A few lines before it provide what n8n does: items, with their fields under `json`. */

const LACKING: readonly (readonly [RegExp, string])[] = [
  [/\brequire\s*\(|\bimport\s*\(/, 'packages'],
  [/\bthis\.helpers\b|\$helpers\b|\bfetch\s*\(/, 'the network. Use an HTTP request node'],
  [/\bawait\b/, 'await'],
  [/\bDateTime\b|\$now\b|\$today\b/, 'Luxon. Use Date'],
  [/\$getWorkflowStaticData|\$jmespath|\$env\b|\$vars\b|\$workflow\b|\$execution\b|\$prevNode\b|\.binary\b|\$fromAI\b/, 'variables that code has only in n8n'],
];

/** A value of CEL as JavaScript. Undefined if it would need more than reading and joining. */
function jsOf(source: string): string | undefined {
  const joined = /^(.+)\.merge\((steps\.\w+)\)$/s.exec(source);
  if (joined) {
    const below = jsOf(joined[1] ?? '');
    return below && `{ ...${below}, ...${joined[2]} }`;
  }
  const either = /^steps\.\?(\w+)\.orValue\((.+)\)$/s.exec(source);
  if (either) {
    const other = jsOf(either[2] ?? '');
    return other && `(steps.${either[1]} ?? ${other})`;
  }
  if (source.startsWith('{"body": input')) return '{ body: input, headers: {}, query: {} }';
  return /^(input|item|steps\.\w+)(\.\w+|\["(?:[^"\\]|\\.)*"\]|\[\d+\])*$/.test(source) ? source : undefined;
}

function listOf(item: View, list: string): string | undefined {
  const isOne = list.startsWith('[') && !list.includes('flatten');
  const [, either] = /^\(type\((.+?)\) == list/.exec(list) ?? [];
  const source = either ?? (isOne ? celOf(item([])) : list);
  const found = jsOf(source);
  return found && (either ? `[].concat(${found})` : isOne ? `[${found}]` : found);
}

const NAMES = /\$\(\s*(["'`])(.*?)\1\s*\)|\$(?:node\[|items\()\s*(["'`])(.*?)\3/g;

type Nodes = (name: string) => { readonly item: View; readonly list: string };

/** The lines that provide the names which the code uses. */
function prelude(code: string, at: At, node: Nodes): string[] | undefined {
  const items = listOf(at.json, at.list);
  const names = [...new Set([...code.matchAll(NAMES)].map((found) => found[2] ?? found[4] ?? ''))];
  const lists = names.map((name) => {
    const { item, list } = node(name);
    return [name, listOf(item, list)] as const;
  });
  if (items === undefined || lists.some(([, list]) => list === undefined)) return undefined;
  const uses = (pattern: RegExp): boolean => pattern.test(code);
  return [
    'const wrap = (list) => list.map((json) => ({ json }));',
    'const access = (list) => ({ all: () => list, first: () => list[0], last: () => list.at(-1), item: list[0], json: list[0]?.json });',
    `const items = wrap(${items});`,
    ...(uses(/\bitem\b/) && !at.isInLoop && at.node.type !== 'n8n-nodes-base.functionItem' ? ['const item = items[0];'] : []),
    ...(uses(/\$json\b/) ? ['const $json = items[0]?.json;'] : []),
    ...(uses(/\$input\b/) ? ['const $input = access(items);'] : []),
    ...(names.length > 0 ? [`const nodes = { ${lists.map(([name, list]) => `${JSON.stringify(name)}: wrap(${list})`).join(', ')} };`] : []),
    ...(uses(/\$\(/) ? ['const $ = (name) => access(nodes[name]);'] : []),
    ...(uses(/\$items\(/) ? ['const $items = (name) => (name ? nodes[name] : items);'] : []),
    ...(uses(/\$node\[/) ? ['const $node = Object.fromEntries(Object.entries(nodes).map(([name, list]) => [name, access(list)]));'] : []),
  ];
}

/** Nodes are looked up through a separate function, because code names them in its text. */
export const codeKind =
  (node: Nodes): Kind =>
  (at) => {
    const { params, output, note } = at;
    const code = text(params.jsCode ?? params.functionCode);
    if (params.language !== undefined && params.language !== 'javaScript') return 'it is not written in JavaScript';
    if (code.trim() === '') return 'it has no code';
    const lacking = LACKING.find(([pattern]) => pattern.test(code));
    if (lacking) return `its code uses ${lacking[1]}`;
    const before = prelude(code, at, node);
    if (!before) return 'it reads values that only an expression can put together here';
    const isEach = params.mode === 'runOnceForEachItem' || at.node.type === 'n8n-nodes-base.functionItem';
    // A Function Item node reads its item as it is.
    const isFunctionItem = at.node.type === 'n8n-nodes-base.functionItem';
    const after = isEach ? 'return result?.json ?? result;' : 'return [].concat(result ?? []).map((one) => one?.json ?? one);';
    const [head, end] = isFunctionItem ? ['((item) => {', '})(items[0]?.json);'] : ['(() => {', '})();'];
    const source = [...before, `const result = ${head}`, code, end, after].join('\n');
    if (source.length > 50_000) return 'its code is too long';
    if (!isEach)
      note(`It may return several items. Later nodes read the first, and \`${output}\` has all of them: put nodes that must run for each into a For-each.`);
    return { type: 'code', params: { source, seconds: 5 }, item: isEach ? viewAt(output) : viewAt(output, 0), ...(!isEach && { list: output }) };
  };
