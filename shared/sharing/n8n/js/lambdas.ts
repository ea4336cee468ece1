import type { Context, Convert } from './scope.ts';
import { type Js, Unsupported } from './tree.ts';
import { asBoolean, asCel, type Cel, cel, type Type, tight, type Value } from './value.ts';

/* Methods of lists that take a function: macros in CEL. */

interface Macro {
  /** `$0` is the list, `$x` the parameter, `$1` the body. */
  readonly form: string;
  readonly type: Type;
  readonly isTest?: true;
}

const MACROS: Readonly<Record<string, Macro>> = {
  map: { form: '$0.map($x, $1)', type: 'list' },
  filter: { form: '$0.filter($x, $1)', type: 'list', isTest: true },
  some: { form: '$0.exists($x, $1)', type: 'boolean', isTest: true },
  every: { form: '$0.all($x, $1)', type: 'boolean', isTest: true },
  find: { form: '$0.filter($x, $1).first().orValue(null)', type: 'any', isTest: true },
  flatMap: { form: '$0.map($x, $1).flatten()', type: 'list' },
};
const RESERVED = /^(in|as|true|false|null|item|index|input|steps|vars|run|trigger|round|previous|.*\W.*)$/;

/** Undefined if the call has no function as its argument. */
export function listCall(object: Value, method: string, args: readonly Js[], context: Context, convert: Convert): Value | undefined {
  const [arrow] = args;
  if (method === 'reduce') return reduced(object, args, context, convert);
  if (arrow?.kind === 'name' && arrow.name === 'Boolean' && method === 'filter')
    return cel(`${tight(asCel(object))}.filter(i, !(i in [null, "", 0, false]))`, 'list');
  if (arrow?.kind !== 'arrow') return undefined;
  const macro = Object.hasOwn(MACROS, method) ? MACROS[method] : undefined;
  if (!macro) throw new Unsupported(`the method “${method}”`);
  if (arrow.names.length !== 1 || args.length > 1) throw new Unsupported(`“${method}” with the position of each item`);
  const [given = 'i'] = arrow.names;
  const name = RESERVED.test(given) || given.includes('$') ? 'element' : given;
  const isItems = object.kind === 'items';
  const list = isItems ? object.list : asCel(object);
  const parameter: Value = isItems
    ? { kind: 'item', view: (path) => ({ root: name, path }) }
    : { kind: 'cel', text: name, type: 'any', place: { root: name, path: [] } };
  const body = convert(arrow.body, { ...context, names: new Map(context.names).set(given, parameter) });
  const made = macroText(macro, list, name, macro.isTest ? asBoolean(body) : asCel(body));
  return isItems && method === 'filter' ? { kind: 'items', list: made } : made;
}

/** `reduce((sum, x) => sum + x.price, 0)`: the only use of it that has a counterpart. */
function reduced(object: Value, [arrow, start]: readonly Js[], context: Context, convert: Convert): Value {
  const body = arrow?.kind === 'arrow' ? arrow.body : undefined;
  const [sum = '', each = ''] = arrow?.kind === 'arrow' ? arrow.names : [];
  const isSum = body?.kind === 'binary' && body.operator === '+' && body.left.kind === 'name' && body.left.name === sum;
  if (!isSum || start?.kind !== 'literal' || typeof start.value !== 'number' || each === '' || names(body.right).has(sum))
    throw new Unsupported('the method “reduce”, other than for a sum');
  const name = RESERVED.test(each) || each.includes('$') ? 'element' : each;
  const isItems = object.kind === 'items';
  const list = isItems ? object.list : asCel(object);
  const parameter: Value = isItems
    ? { kind: 'item', view: (path) => ({ root: name, path }) }
    : { kind: 'cel', text: name, type: 'any', place: { root: name, path: [] } };
  const value = asCel(convert(body.right, { ...context, names: new Map(context.names).set(each, parameter) }));
  const total = `${tight(list)}.sumBy(${name}, ${value.text})`;
  return start.value === 0 ? cel(total, 'number') : cel(`(${start.value} + ${total})`, 'number');
}

/** The names that an expression reads. */
function names(js: Js): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) visit(one);
    else if (typeof part === 'object' && part !== null) {
      if ('kind' in part && part.kind === 'name' && 'name' in part) found.add(String(part.name));
      for (const inner of Object.values(part)) visit(inner);
    }
  };
  visit(js);
  return found;
}

const macroText = ({ form, type }: Macro, list: Cel, name: string, body: Cel): Cel =>
  cel(
    form.replace(/\$[01x]/g, (sign) => (sign === '$0' ? tight(list) : sign === '$x' ? name : body.text)),
    type,
  );
