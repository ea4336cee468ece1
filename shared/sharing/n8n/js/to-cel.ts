import { optionalOf } from '../view.ts';
import { functionCall } from './functions.ts';
import { listCall } from './lambdas.ts';
import { methodCall } from './methods.ts';
import { patternCall } from './patterns.ts';
import type { Context, Convert, NodeScope } from './scope.ts';
import { NOW, timeField } from './times.ts';
import { type Js, Unsupported } from './tree.ts';
import { asBoolean, asCel, asText, type Cel, cel, fromSource, loose, quoted, tight, type Value } from './value.ts';

export const convert: Convert = (js, context) => {
  const go = (inner: Js): Value => convert(inner, context);
  switch (js.kind) {
    case 'literal':
      return literal(js.value);
    case 'name':
      return named(js.name, context);
    case 'member':
      return member(go(js.object), js.name, context);
    case 'index':
      return index(go(js.object), go(js.index));
    case 'call':
      return call(js, context);
    case 'new':
      return functionCall(js.name, js.args.map(go)) ?? refuse(`“new ${js.name}”`);
    case 'unary':
      return unary(js.operator, go(js.operand));
    case 'binary':
      return binary(js.operator, go(js.left), go(js.right));
    case 'ternary':
      return loose(`${tight(asBoolean(go(js.test)))} ? ${tight(asCel(go(js.then)))} : ${tight(asCel(go(js.other)))}`);
    case 'array':
      return cel(`[${js.items.map((item) => asCel(go(item)).text).join(', ')}]`, 'list');
    case 'object':
      return cel(`{${js.entries.map(({ name, value }) => `${JSON.stringify(name)}: ${asCel(go(value)).text}`).join(', ')}}`);
    case 'template':
      return loose(js.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : asText(go(part)))).join(' + ') || '""', 'text');
    case 'arrow':
      return refuse('a function outside of a method of lists');
    case 'regex':
      return refuse('a regular expression outside of a method of text');
  }
};

const refuse = (what: string): never => {
  throw new Unsupported(what);
};

function literal(value: string | number | boolean | null): Cel {
  if (typeof value === 'string') return quoted(value);
  return cel(String(value), typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'any');
}

const NAMESPACES = new Set(['Math', 'Object', 'JSON', 'Array', 'Date', 'DateTime', '$input', '$workflow', '$execution', '$env', '$vars', '$node']);

function named(name: string, { scope, names }: Context): Value {
  const own = names.get(name);
  if (own) return own;
  if (name === '$json' || name === '$data') return { kind: 'view', view: scope.json, path: [] };
  if (name === '$now') return NOW;
  if (name === '$today') return cel(`${NOW.text}.startOf("day")`, 'time');
  if (name === '$itemIndex') return cel(scope.isInLoop ? 'index' : '0', 'number');
  if (name === '$runIndex') return cel('(round - 1)', 'number');
  return NAMESPACES.has(name) ? { kind: 'name', name } : refuse(`“${name}”`);
}

function member(object: Value, name: string, { scope }: Context): Value {
  if (object.kind === 'name') return globalMember(object.name, name, scope);
  if (object.kind === 'node') return nodeMember(object, name);
  if (object.kind === 'item') return name === 'json' ? { kind: 'view', view: object.view, path: [] } : refuse(`“${name}” of an item`);
  if (object.kind === 'items') return name === 'length' ? cel(`size(${object.list.text})`, 'number') : refuse(`“${name}” of items`);
  if (name === 'length') return cel(`size(${asCel(object).text})`, 'number');
  if (object.kind === 'view') return { ...object, path: [...object.path, name] };
  const time = timeField(object, name);
  if (time) return time;
  if (object.place) return fromSource({ ...object.place, path: [...object.place.path, name] });
  return fromSource({ root: tight(object), path: [name] });
}

function nodeMember(object: Extract<Value, { kind: 'node' }>, name: string): Value {
  if (name === 'item') return { kind: 'item', view: object.item };
  return name === 'json' ? { kind: 'view', view: object.item, path: [] } : refuse(`“${name}” of a node`);
}

function globalMember(owner: string, name: string, scope: NodeScope): Value {
  if (owner === '$input' && name === 'item') return { kind: 'item', view: scope.json };
  if (owner === '$node') return { kind: 'node', ...scope.node(name) };
  if (owner === '$workflow' && name === 'id') return cel('run.workflowId', 'text');
  if (owner === '$execution' && name === 'id') return cel('run.id', 'text');
  if (owner === '$execution' && name === 'resumeUrl' && scope.resume !== undefined) return cel(`run.callbacks.${scope.resume}`, 'text');
  if (owner === '$env' || owner === '$vars') return fromSource({ root: 'vars', path: [name] });
  return refuse(`“${owner}.${name}”`);
}

function index(object: Value, at: Value): Value {
  if (object.kind === 'name' && object.name === '$node') refuse('a node whose name is computed');
  const { text, type } = asCel(at);
  if (object.kind === 'items') return { kind: 'item', view: (path) => ({ root: `${tight(object.list)}[${text}]`, path }) };
  if (object.kind === 'view' && /^\d+$/.test(text)) return { ...object, path: [...object.path, Number(text)] };
  const whole = asCel(object);
  if (whole.place && type === 'number' && /^\d+$/.test(text)) return fromSource({ ...whole.place, path: [...whole.place.path, Number(text)] });
  return cel(`${tight(whole)}[${text}]`);
}

function call({ callee, args }: Extract<Js, { kind: 'call' }>, context: Context): Value {
  const go = (inner: Js): Value => convert(inner, context);
  if (callee.kind === 'name' && !context.names.has(callee.name)) return globalCall(callee.name, args, context);
  if (callee.kind !== 'member') return refuse('a call of this kind');
  if (callee.object.kind === 'name' && ['Math', 'Object', 'JSON', 'Array', 'Date', 'DateTime'].includes(callee.object.name)) {
    const name = `${callee.object.name}.${callee.name}`;
    return functionCall(name, args.map(go)) ?? refuse(`“${name}”`);
  }
  const object = go(callee.object);
  const items = itemsCall(object, callee.name, context.scope);
  if (items) return items;
  const [first] = args;
  const pattern = first?.kind === 'regex' ? patternCall(asCel(object), callee.name, first, args.slice(1).map(go)) : undefined;
  return pattern ?? listCall(object, callee.name, args, context, convert) ?? methodCall(asCel(object), callee.name, args.map(go));
}

/** `$input.first()`, `$("A").all()`. */
function itemsCall(object: Value, name: string, scope: NodeScope): Value | undefined {
  const source = object.kind === 'node' ? object : object.kind === 'name' && object.name === '$input' ? { item: scope.json, list: scope.list } : undefined;
  if (!source) return undefined;
  if (name === 'first' || name === 'itemMatching') return { kind: 'item', view: source.item };
  if (name === 'last') return { kind: 'item', view: (path) => ({ root: `${source.list}[size(${source.list}) - 1]`, path }) };
  return name === 'all' ? { kind: 'items', list: cel(source.list, 'list') } : refuse(`“${name}” of a node`);
}

function globalCall(name: string, args: readonly Js[], context: Context): Value {
  const [first] = args;
  if (name === '$' || name === '$items') {
    if (name === '$items' && !first) return { kind: 'items', list: cel(context.scope.list, 'list') };
    if (first?.kind !== 'literal' || typeof first.value !== 'string') return refuse('a node whose name is computed');
    const node = context.scope.node(first.value);
    return name === '$' ? { kind: 'node', ...node } : { kind: 'items', list: cel(node.list, 'list') };
  }
  return (
    functionCall(
      name,
      args.map((arg) => convert(arg, context)),
    ) ?? refuse(`the function “${name}”`)
  );
}

function unary(operator: string, operand: Value): Cel {
  if (operator === '!') return cel(`!${parenthesized(asBoolean(operand))}`, 'boolean');
  const { text, type, isLoose } = asCel(operand);
  if (operator === '-') return cel(`-${isLoose ? `(${text})` : text}`, 'number');
  return type === 'number' ? asCel(operand) : cel(`double(string(${text}))`, 'number');
}

const parenthesized = (value: Cel): string => (value.isLoose || value.text.startsWith('!') ? `(${value.text})` : value.text);

const SAME: Readonly<Record<string, string>> = { '===': '==', '!==': '!=', '==': '==', '!=': '!=', '<': '<', '>': '>', '<=': '<=', '>=': '>=' };

function binary(operator: string, left: Value, right: Value): Cel {
  if (operator === '||' || operator === '??') return either(operator, left, right);
  if (operator === '&&') return loose(`${tight(asBoolean(left))} && ${tight(asBoolean(right))}`, 'boolean');
  const [one, two] = [asCel(left), asCel(right)];
  const same = SAME[operator];
  if (same) return loose(`${comparable(one, two)} ${same} ${comparable(two, one)}`, 'boolean');
  if (operator === '+' && (one.type === 'text' || two.type === 'text')) return loose(`${asText(one)} + ${asText(two)}`, 'text');
  const type = operator !== '+' || (one.type === 'number' && two.type === 'number') ? 'number' : 'any';
  return loose(`${tight(one)} ${operator} ${tight(two)}`, type);
}

/** A value that is compared with null may be missing. */
const comparable = (value: Cel, other: Cel): string => {
  const optional = other.text === 'null' && value.place ? optionalOf(value.place) : undefined;
  return optional ? `${optional}.orValue(null)` : tight(value);
};

function either(operator: string, left: Value, right: Value): Cel {
  const [one, two] = [asCel(left), asCel(right)];
  if (operator === '||' && one.type === 'boolean' && two.type === 'boolean') return loose(`${tight(one)} || ${tight(two)}`, 'boolean');
  const optional = one.place && optionalOf(one.place);
  if (optional) return cel(`${optional}.orDefault(${two.text})`, two.type);
  const test = operator === '??' ? `${tight(one)} != null` : tight(asBoolean(one));
  return loose(`${test} ? ${tight(one)} : ${tight(two)}`, one.type === two.type ? one.type : 'any');
}
