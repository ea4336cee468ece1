import { viewAt } from '../view.ts';
import { connectionOf } from './http.ts';
import { type At, type Kind, type Made, plain, record, rows, text } from './kind.ts';

/*
 * Databases, whose statements get parameters instead of pasted values, and data tables, which become operations on a table of the same
 * name.
 */

/** A list of parameters that grows as values are taken out of a statement. */
function createParameters() {
  const list: string[] = [];
  return {
    list,
    /** Returns `$1`, `$2`, …. */
    add: (template: string): string => `$${list.push(template)}`,
  };
}

const made = (at: At, params: Record<string, unknown>, view: Pick<Made, 'item' | 'list'>): Made => ({
  type: 'database',
  params: { ...connectionOf(at), ...params },
  ...view,
});

const rowsOf = ({ output }: At): Pick<Made, 'item' | 'list'> => ({ item: viewAt(output, 'row'), list: `${output}.rows` });

const READS = /^\s*(?:select|show|table|values|with)\b/i;
const CHANGES = /\b(?:insert|update|delete|merge|create|drop|alter|truncate|grant|call)\b/i;

const postgres: Kind = (at) => {
  const { params, texts } = at;
  if (text(params.operation || 'insert') !== 'executeQuery')
    return 'Only its operation “Execute query” has a counterpart. Write the statement in a Database node';
  const query = texts.template(params.query);
  const replaced = record(params.options).queryReplacement ?? record(params.additionalFields).queryParams;
  const given = replaced === undefined ? [] : valuesOf(texts.template(replaced));
  if (given.length > 0 && query.includes('{{ ')) return 'Its query contains expressions besides parameters. Use only parameters';
  const parameters = createParameters();
  // A value in quotes of its own is a text parameter.
  const statement =
    given.length > 0
      ? query
      : query.replace(/'(\{\{ [^']*? \}\})'|(\{\{ .*? \}\})/gs, (_, quoted?: string, bare?: string) => parameters.add(quoted ?? bare ?? ''));
  const list = given.length > 0 ? given : parameters.list;
  return made(at, { statement, ...(list.length > 0 && { parameters: list }), readOnly: READS.test(statement) && !CHANGES.test(statement) }, rowsOf(at));
};

/** The values of a text separated by commas, outside of expressions. */
const valuesOf = (template: string): string[] =>
  [...template.matchAll(/(?:\{\{ .*? \}\}|[^,])+/gs)].map(([value]) => value.trim()).filter((value) => value !== '');

/** A tree of JSON with each text that has an expression replaced by a parameter. */
function parametrized(tree: unknown, parameters: ReturnType<typeof createParameters>): unknown {
  if (typeof tree === 'string') return tree.includes('{{ ') ? parameters.add(tree) : tree;
  if (Array.isArray(tree)) return tree.map((item) => parametrized(item, parameters));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, inner]) => [name, parametrized(inner, parameters)]));
}

const mongo: Kind = (at) => {
  const { params, texts } = at;
  const operation = text(params.operation || 'find');
  const collection = plain(params.collection);
  if (operation !== 'find' && operation !== 'aggregate')
    return 'Only its operations “Find” and “Aggregate” have a counterpart. Write the command in a Database node';
  if (collection === '' || collection.includes('{{')) return 'The name of its collection is an expression. Write it in a Database node';
  const parameters = createParameters();
  const query = parametrized(texts.tree(params.query ?? (operation === 'find' ? '{}' : '[]')), parameters);
  const { limit, skip, sort } = record(params.options);
  const sorted = typeof sort === 'string' && !sort.startsWith('=') ? texts.tree(sort) : undefined;
  const command =
    operation === 'aggregate'
      ? { aggregate: collection, pipeline: query }
      : {
          find: collection,
          filter: query,
          ...(typeof sorted === 'object' && sorted !== null && { sort: sorted }),
          ...(typeof skip === 'number' && skip > 0 && { skip }),
          ...(typeof limit === 'number' && limit > 0 && { limit }),
        };
  const { list } = parameters;
  return made(at, { statement: JSON.stringify(command), ...(list.length > 0 && { parameters: list }) }, rowsOf(at));
};

const redis: Kind = (at) => {
  const { params, texts, output } = at;
  const key = texts.template(params.key);
  switch (text(params.operation || 'info')) {
    case 'get': {
      if (!['', 'automatic', 'string'].includes(text(params.keyType))) return 'It reads a list or hash. Write the command in a Database node';
      const name = plain(params.propertyName) || 'propertyName';
      const view = (path: readonly (string | number)[]) => ({ root: output, path: path[0] === name ? ['value', ...path.slice(1)] : path });
      return made(at, { statement: 'GET $1', parameters: [key] }, { item: view });
    }
    case 'set': {
      const ttl = params.expire === true ? [texts.template(params.ttl ?? 60)] : [];
      return made(
        at,
        { statement: ttl.length > 0 ? 'SET $1 $2 EX $3' : 'SET $1 $2', parameters: [key, texts.template(params.value), ...ttl], readOnly: false },
        {},
      );
    }
    case 'delete':
      return made(at, { statement: 'DEL $1', parameters: [key], readOnly: false }, {});
    case 'incr':
      return made(at, { statement: 'INCR $1', parameters: [key], readOnly: false }, {});
    default:
      return 'Its operation has no counterpart. Write the command in a Database node';
  }
};

const TESTS: Readonly<Record<string, string>> = {
  eq: 'equal',
  neq: 'not-equal',
  like: 'contains',
  ilike: 'contains',
  gt: 'above',
  gte: 'at-least',
  lt: 'below',
  lte: 'at-most',
  isEmpty: 'empty',
  isNotEmpty: 'filled',
};

const OPERATIONS: Readonly<Record<string, string>> = {
  get: 'find-rows',
  insert: 'add-row',
  update: 'update-rows',
  upsert: 'upsert-row',
  deleteRows: 'delete-rows',
};

const dataTable: Kind = (at) => {
  const { params, texts, output } = at;
  const operation = OPERATIONS[text(params.operation || 'insert')];
  const table = text(record(params.dataTableId).cachedResultName) || plain(params.dataTableId);
  if (!operation || text(params.resource || 'row') !== 'row') return 'Its operation has no counterpart on tables';
  const given = rows(record(params.filters).conditions);
  const unknown = given.find(({ condition }) => !Object.hasOwn(TESTS, text(condition || 'eq')));
  if (unknown) return `Its condition “${text(unknown.condition)}” has no counterpart on tables`;
  const conditions = given.map(({ keyName, condition, keyValue }) => ({
    column: plain(keyName),
    is: TESTS[text(condition || 'eq')],
    value: texts.template(keyValue),
  }));
  const cells = Object.entries(record(record(params.columns).value)).map(([name, value]) => ({ name, value: texts.template(value) }));
  at.note(`Create a table named “${table}” with the same columns under Tables, or choose another.`);
  if (operation === 'upsert-row') at.note('Rows are matched by the key column of the table, not by conditions.');
  return {
    type: 'state',
    params: {
      operation,
      table,
      key: '',
      ...(conditions.length > 0 && operation !== 'upsert-row' && { match: text(params.matchType) === 'allConditions' ? 'all' : 'any', conditions }),
      ...(cells.length > 0 && { cells }),
      ...(operation === 'find-rows' && { limit: params.returnAll === true ? 1_000 : Math.min(1_000, Number(params.limit) || 50) }),
    },
    item: viewAt(output, 'row'),
    list: `${output}.rows`,
  };
};

export const databaseKinds: Readonly<Record<string, Kind>> = {
  'n8n-nodes-base.postgres': postgres,
  'n8n-nodes-base.mongoDb': mongo,
  'n8n-nodes-base.redis': redis,
  'n8n-nodes-base.dataTable': dataTable,
};
