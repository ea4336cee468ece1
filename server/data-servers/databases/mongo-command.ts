import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { readJson } from '@switchyard/shared/read-json.ts';
import { parameterOf } from './database-target.ts';

/*
 * A statement for MongoDB: one command as JSON, for example `{"find": "orders", "filter": {"customer": "$1"}}`. Owns which commands and
 * fields are allowed, and how parameters are bound. Pure.
 */

interface Allowed {
  readonly writes: boolean;
  readonly fields: readonly string[];
}

const ALLOWED: Readonly<Record<string, Allowed>> = {
  find: { writes: false, fields: ['filter', 'projection', 'sort', 'limit', 'skip', 'collation', 'hint'] },
  aggregate: { writes: false, fields: ['pipeline', 'collation', 'hint', 'allowDiskUse'] },
  count: { writes: false, fields: ['query', 'limit', 'skip', 'collation', 'hint'] },
  distinct: { writes: false, fields: ['key', 'query', 'collation'] },
  insert: { writes: true, fields: ['documents', 'ordered'] },
  update: { writes: true, fields: ['updates', 'ordered'] },
  delete: { writes: true, fields: ['deletes', 'ordered'] },
  findAndModify: { writes: true, fields: ['query', 'sort', 'update', 'remove', 'new', 'upsert', 'fields', 'arrayFilters', 'collation'] },
};

/** Stages of a pipeline that write. */
const WRITING_STAGES: readonly string[] = ['$out', '$merge'];
/** They run JavaScript in the database. */
const SCRIPTS: readonly string[] = ['$where', '$function', '$accumulator'];

export interface MongoCommand {
  readonly name: string;
  /** Extended JSON. */
  readonly document: Record<string, unknown>;
  readonly writes: boolean;
}

const problem = (message: string): AppError => new AppError('bad-request', message, { beforeEffect: true });

/** Reads a statement and binds its parameters. Throws `bad-request` that says what is not allowed. */
export function readMongoCommand(statement: string, parameters: readonly unknown[]): MongoCommand {
  const document = documentOf(statement);
  const [name = '', ...fields] = Object.keys(document);
  const allowed = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
  if (!allowed) throw problem(`The statement must start with one of ${Object.keys(ALLOWED).join(', ')} and a collection name, not with “${name}”.`);
  if (typeof document[name] !== 'string') throw problem(`“${name}” must name a collection.`);
  const unknown = fields.find((field) => !allowed.fields.includes(field));
  if (unknown !== undefined) throw problem(`“${name}” can’t have “${unknown}”. Use ${allowed.fields.join(', ')}.`);
  const script = findKey(document, SCRIPTS);
  if (script !== undefined) throw problem(`“${script}” runs JavaScript in the database, which is not allowed. Use other operators.`);
  if (parameters.some((value) => findKey(value, [], (key) => key.startsWith('$')) !== undefined))
    throw problem('A parameter has a field that begins with “$”, which MongoDB would take as an operator. Write operators in the statement.');
  const bound = bind(document, parameters) as Record<string, unknown>;
  return { name, document: { ...bound, [name]: document[name] }, writes: allowed.writes || findKey(document.pipeline, WRITING_STAGES) !== undefined };
}

function documentOf(statement: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = readJson(statement);
  } catch (cause) {
    throw new AppError('bad-request', `The statement must be JSON: ${cause instanceof Error ? cause.message : cause}.`, { beforeEffect: true, cause });
  }
  if (isPlainObject(value)) return value;
  throw problem('The statement must be a JSON object, for example {"find": "orders", "filter": {"customer": "$1"}}.');
}

/** Replaces each text that is exactly `$1`, `$2`, … by the value of the parameter. */
function bind(value: unknown, parameters: readonly unknown[]): unknown {
  if (typeof value === 'string') {
    const [, number] = /^\$(\d{1,3})$/.exec(value) ?? [];
    return number === undefined ? value : parameterOf(parameters, Number(number));
  }
  if (Array.isArray(value)) return value.map((item) => bind(item, parameters));
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bind(inner, parameters)])) : value;
}

/** The first key, at any depth, that is one of these or fits. */
function findKey(value: unknown, names: readonly string[], fits: (key: string) => boolean = () => false): string | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = findKey(item, names, fits);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (names.includes(key) || fits(key)) return key;
    const found = findKey(inner, names, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}
