import { celOfTree } from '../texts.ts';
import { celOf, layered, type View, viewAt } from '../view.ts';
import { type At, type Kind, type Made, plain, record, rows, text } from './kind.ts';

/* Set, and the nodes for lists, become Transform nodes. */

interface Field {
  readonly name: string;
  readonly value: string;
}

const transform = (fields: readonly Field[], item: View, list?: string): Made => ({
  type: 'transform',
  params: { fields },
  item,
  ...(list !== undefined && { list }),
});

/** A tree of CEL for names like `customer.name`. */
type Nested = { readonly [name: string]: string | Nested };

function nest(fields: readonly Field[], isNested: boolean): Field[] {
  const tree: Record<string, unknown> = Object.create(null);
  for (const { name, value } of fields) {
    const path = isNested ? name.split('.') : [name];
    let at = tree;
    for (const part of path.slice(0, -1)) {
      if (typeof at[part] !== 'object') at[part] = Object.create(null);
      at = at[part] as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return Object.entries(tree).map(([name, value]) => ({ name, value: celOfNested(value as string | Nested) }));
}

const celOfNested = (value: string | Nested): string =>
  typeof value === 'string'
    ? value
    : `{${Object.entries(value)
        .map(([name, inner]) => `${JSON.stringify(name)}: ${celOfNested(inner)}`)
        .join(', ')}}`;

/** A value as typed in n8n: the text “5” of a number field is a number. */
function typed(value: unknown, type: string, { texts }: At): string {
  if (typeof value === 'string' && !value.startsWith('=') && type !== 'string') {
    try {
      return JSON.stringify(JSON.parse(value));
    } catch {
      return texts.cel(value);
    }
  }
  return texts.cel(value);
}

/** The fields of each version: `assignments`, `fields` by type, and `values` by type. */
function fieldsOf(at: At): Field[] {
  const { params } = at;
  const assigned = rows(record(params.assignments).assignments).map(({ name, value, type }) => ({ name, value, type: text(type) }));
  const third = rows(record(params.fields).values).map((one) => {
    const type = text(one.type) || 'stringValue';
    return { name: one.name, value: one[type], type: type.replace('Value', '') };
  });
  const first = Object.entries(record(params.values)).flatMap(([type, list]) => rows(list).map(({ name, value }) => ({ name, value, type })));
  return [...assigned, ...third, ...first]
    .map(({ name, value, type }) => ({ name: plain(name), value: typed(value, type, at) }))
    .filter(({ name }) => name !== '');
}

function keepsOthers({ params, node: { typeVersion } }: At): boolean {
  if (typeVersion < 3) return params.keepOnlySet !== true;
  if (typeVersion < 3.3) return (params.include ?? 'all') !== 'none';
  return params.includeOtherFields === true;
}

const set: Kind = (at) => {
  const { params, output, texts, json } = at;
  const isRaw = params.mode === 'raw' || params.mode === 'json';
  const tree = isRaw ? texts.tree(params.jsonOutput) : undefined;
  if (isRaw && (typeof tree !== 'object' || tree === null || Array.isArray(tree))) {
    return transform([{ name: 'value', value: celOfTree(tree, texts) }], viewAt(output, 'value'));
  }
  const flat = isRaw ? Object.entries(record(tree)).map(([name, value]) => ({ name, value: celOfTree(value, texts) })) : fieldsOf(at);
  const fields = nest(flat, !isRaw && record(params.options).dotNotation !== false);
  if (fields.length === 0) return keepsOthers(at) ? pass(at) : 'it sets no fields';
  if (fields.length > 200) return 'it sets more than 200 fields';
  if (text(params.include) === 'selected' || text(params.include) === 'except')
    at.note('It passed on only some of the other fields. Here, later nodes can read all of them.');
  return transform(fields, keepsOthers(at) ? layered(new Set(fields.map(({ name }) => name)), output, json) : viewAt(output));
};

/** A node that changes nothing. */
export const pass = ({ json, list }: At): Made => ({ type: 'pass', params: {}, item: json, list });

/** The field of each item, or the item itself. */
const fieldOf = (variable: string, name: string): string => celOf({ root: variable, path: name.split('.') });

const aggregate: Kind = (at) => {
  const { params, output } = at;
  const list = `${at.list}.filter(i, i != null)`;
  if (params.aggregate === 'aggregateAllItemData') {
    const name = plain(params.destinationFieldName) || 'data';
    return transform([{ name, value: list }], viewAt(output));
  }
  const fields = rows(record(params.fieldsToAggregate).fieldToAggregate).map(({ fieldToAggregate, renameField, outputFieldName }) => {
    const from = plain(fieldToAggregate);
    return { name: renameField === true && plain(outputFieldName) !== '' ? plain(outputFieldName) : (from.split('.').at(-1) ?? from), from };
  });
  if (fields.length === 0 || fields.some(({ from }) => from === '')) return 'it names no fields';
  return transform(
    fields.map(({ name, from }) => ({ name, value: `${list}.map(i, ${fieldOf('i', from)})` })),
    viewAt(output),
  );
};

const splitField = ({ params }: At): string => plain(params.fieldToSplitOut).split(',')[0]?.trim() ?? '';

/** An item of a list: n8n puts values that aren’t objects under the name of the list. */
const itemView =
  (field: string): View =>
  (path) => ({ root: 'item', path: path[0] === field ? path.slice(1) : path });

const splitOut: Kind = (at) => {
  const { each, output, params, json } = at;
  const field = splitField(at);
  if (field === '') return 'it names no list';
  if (plain(params.fieldToSplitOut).includes(',')) return 'it splits several lists at once';
  const items = celOf(json(field.split('.')));
  if (!each) return transform([{ name: 'items', value: items }], viewAt(output, 'items', 0), `${output}.items`);
  return {
    type: 'for-each',
    params: { items: `{{ ${items} }}`, concurrency: 4, onItemError: 'stop', result: each.result },
    item: viewAt(output, 'items', 0),
    list: `${output}.items`,
  };
};

/** The item inside the For-each of a node. */
export const insideView = (at: Pick<At, 'node' | 'params'>): View =>
  at.node.type === 'n8n-nodes-base.splitInBatches' ? viewAt('item') : itemView(plain(at.params.fieldToSplitOut).split('.').at(-1) ?? '');

const loop: Kind = (at) => {
  const { each, list, params, output, note } = at;
  if (!each) return 'nodes from outside lead into its loop';
  if (Number(params.batchSize ?? 1) > 1) note(`It took ${text(params.batchSize).slice(0, 20)} items at a time. Here, the nodes inside run for each item.`);
  return {
    type: 'for-each',
    params: { items: `{{ ${list} }}`, concurrency: 1, onItemError: 'stop', result: each.result },
    item: viewAt(output, 'items', 0),
    list: `${output}.items`,
    port: () => 'out',
  };
};

const listNode =
  (make: (at: At) => string | undefined): Kind =>
  (at) => {
    const value = make(at);
    if (value === undefined) return 'its settings have no counterpart';
    return transform([{ name: 'items', value }], viewAt(at.output, 'items', 0), `${at.output}.items`);
  };

const limit = listNode(({ list, params }) => {
  const most = Number(params.maxItems ?? 1);
  if (!Number.isInteger(most) || most < 0) return undefined;
  return params.keep === 'lastItems' ? `${list}.reverse().slice(0, ${most}).reverse()` : `${list}.slice(0, ${most})`;
});

const sort = listNode(({ list, params }) => {
  const fields = rows(record(params.sortFieldsUi).sortField);
  const [only] = fields;
  if ((params.type ?? 'simple') !== 'simple' || !only || fields.length > 1) return undefined;
  const sorted = `${list}.sortBy(i, ${fieldOf('i', plain(only.fieldName))})`;
  return only.order === 'descending' ? `${sorted}.reverse()` : sorted;
});

const duplicates = listNode(({ list, params }) => {
  if (text(params.operation) !== '' && params.operation !== 'removeDuplicateInputItems') return undefined;
  if (params.compare === 'selectedFields') {
    const fields = text(params.fieldsToCompare)
      .split(',')
      .map((name) => name.trim());
    return `${list}.uniqueBy(i, [${fields.map((name) => fieldOf('i', name)).join(', ')}])`;
  }
  return params.compare === 'allFieldsExcept' ? undefined : `${list}.unique()`;
});

/** The fields by which two lists are joined, in each version of the node. */
function joinFields({ params }: At): (readonly [string, string])[] {
  const pairs = rows(record(params.mergeByFields).values).map(({ field1, field2 }) => [plain(field1), plain(field2)] as const);
  const same = plain(params.fieldsToMatchString)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => [name, name] as const);
  const early = params.propertyName1 === undefined ? [] : [[plain(params.propertyName1), plain(params.propertyName2)] as const];
  return [...pairs, ...same, ...early].filter(([one, two]) => one !== '' && two !== '');
}

/** Two lists joined by their fields, or each item of one with each of the other. */
function joined(at: At): Made | string {
  const { params, inputs, output } = at;
  const [one, two] = inputs;
  if (!one || !two || inputs.length > 2) return 'it doesn’t join exactly two lists';
  const by = text(params.combineBy ?? params.combinationMode) || text(params.mode);
  const made = (list: string) => transform([{ name: 'items', value: list }], viewAt(output, 'items', 0), `${output}.items`);
  if (by === 'combineAll' || by === 'multiplex') return made(`${one.list}.map(a, ${two.list}.map(b, a.merge(b))).flatten()`);
  const fields = joinFields(at);
  if (fields.length === 0) return 'it joins two lists in a way that has no counterpart';
  const matches = fields.map(([first, second]) => `${fieldOf('a', first)} == ${fieldOf('b', second)}`).join(' && ');
  const join = text(params.joinMode) || (text(params.mode) === 'mergeByKey' ? 'enrichInput1' : 'keepMatches');
  const [firsts, seconds] = [one.list, two.list];
  if (join === 'keepMatches') return made(`${firsts}.map(a, ${seconds}.filter(b, ${matches}).map(b, a.merge(b))).flatten()`);
  if (join === 'enrichInput1') return made(`${firsts}.map(a, ${seconds}.filter(b, ${matches}).first().orValue({}).merge(a))`);
  if (join === 'enrichInput2') return made(`${seconds}.map(b, ${firsts}.filter(a, ${matches}).first().orValue({}).merge(b))`);
  if (join !== 'keepNonMatches') return `its join “${join.slice(0, 50)}” has no counterpart`;
  const withoutFirst = `${firsts}.filter(a, !${seconds}.exists(b, ${matches}))`;
  const withoutSecond = `${seconds}.filter(b, !${firsts}.exists(a, ${matches}))`;
  const from = text(params.outputDataFrom) || 'both';
  return made(from === 'input1' ? withoutFirst : from === 'input2' ? withoutSecond : `(${withoutFirst} + ${withoutSecond})`);
}

const merge: Kind = (at) => {
  const { params, inputs, output, note, node } = at;
  const mode = text(params.mode) || 'append';
  const by = text(params.combineBy ?? params.combinationMode);
  const isPosition = mode === 'mergeByIndex' || (mode === 'combine' && (by === 'combineByPosition' || by === 'mergeByPosition'));
  if (isPosition && node.typeVersion >= 1 && inputs.length === 2) {
    const [one, two] = inputs;
    const whole = `${one ? celOf(one.item([])) : '{}'}.merge(${two ? celOf(two.item([])) : '{}'})`;
    return { type: 'merge', params: { mode: 'all' }, item: (path) => (path.length === 0 ? { cel: whole } : { root: `(${whole})`, path }) };
  }
  if (!['append', 'wait', 'chooseBranch', 'passThrough'].includes(mode)) return joined(at);
  note(`It waits for all branches. Later nodes read the item of the branch that ran, or \`${output}\`, an object with the output of each.`);
  return {
    type: 'merge',
    params: { mode: 'all' },
    item: at.json,
    list: inputs.length > 1 && mode === 'append' ? `[${inputs.map(({ list }) => list).join(', ')}].flatten()` : at.list,
  };
};

const itemLists: Kind = (at) => {
  const operation = text(at.params.operation) || 'splitOutItems';
  if (operation === 'splitOutItems') return splitOut(at);
  if (operation === 'limit') return limit(at);
  if (operation === 'sort') return sort(at);
  if (operation === 'removeDuplicates') return duplicates(at);
  return operation === 'concatenateItems' || operation === 'aggregateItems' ? aggregate(at) : 'its operation has no counterpart';
};

export const data: Readonly<Record<string, Kind>> = {
  'n8n-nodes-base.set': set,
  'n8n-nodes-base.aggregate': aggregate,
  'n8n-nodes-base.splitOut': splitOut,
  'n8n-nodes-base.splitInBatches': loop,
  'n8n-nodes-base.itemLists': itemLists,
  'n8n-nodes-base.limit': limit,
  'n8n-nodes-base.sort': sort,
  'n8n-nodes-base.removeDuplicates': duplicates,
  'n8n-nodes-base.merge': merge,
  'n8n-nodes-base.noOp': pass,
};
