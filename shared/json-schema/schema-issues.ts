import { stepsOf } from '../expression/patterns/pattern-steps.ts';
import type { FieldPath, ParamIssue } from '../graph/node-kind.ts';
import { isPlainObject, type JsonSchema } from '../json.ts';
import { endlessIssues } from './endless.ts';
import { keywordIssues } from './keyword-issues.ts';
import { anchorIn, referenced } from './references.ts';
import { subschemas } from './subschemas.ts';

/*
 * Every problem of a JSON Schema, with its place. A schema without issues always compiles, quickly, and never throws. The work is linear in
 * the schema: each part is read once.
 */

/** More issues don't help the reader. */
const MAX_ISSUES = 20;
const MOST_PARTS = 5_000;
/** For all patterns together, with repetitions written out. */
const MOST_PATTERN_STEPS = 20_000;
/** Compiling a pattern takes as long as this many steps, in addition to its own. */
const STEPS_PER_PATTERN = 40;
const DEEPEST = 100;

interface Part {
  readonly path: FieldPath;
  readonly schema: unknown;
}

/** A schema split into its parts. */
export interface ReadSchema {
  readonly issues: readonly ParamIssue[];
  /** Schemas by their `$anchor`. */
  readonly anchors: ReadonlyMap<string, unknown>;
  /** The steps of all patterns, with repetitions written out. */
  readonly patternSteps: number;
}

/** Reads every schema inside a schema, including those reached only by a reference. */
class Reader {
  readonly issues: ParamIssue[] = [];
  readonly anchors = new Map<string, unknown>();
  readonly #root: unknown;
  readonly #seen = new Map<unknown, FieldPath>();
  readonly #references: Part[] = [];
  #patternSteps = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  read(): ReadSchema {
    this.#walk([{ path: [], schema: this.#root }]);
    for (let next = 0; next < this.#references.length && !this.#isFull; next++) this.#follow(this.#references[next]);
    if (this.issues.length === 0) this.#add(...endlessIssues(this.#root, this.#seen, (reference) => this.#target(reference)));
    return { issues: this.issues.slice(0, MAX_ISSUES), anchors: this.anchors, patternSteps: this.#patternSteps };
  }

  get #isFull(): boolean {
    return this.issues.length >= MAX_ISSUES;
  }

  #add(...issues: readonly ParamIssue[]): void {
    this.issues.push(...issues.slice(0, MAX_ISSUES));
  }

  #target(reference: unknown): unknown {
    const anchor = anchorIn(this.#root, reference);
    return anchor === undefined ? referenced(this.#root, reference) : this.anchors.get(anchor);
  }

  #walk(parts: readonly Part[]): void {
    const left = [...parts];
    for (let part = left.pop(); part && !this.#isFull; part = left.pop()) {
      const { path, schema } = part;
      if (typeof schema === 'boolean' || this.#seen.has(schema)) continue;
      if (!isPlainObject(schema)) {
        this.#add({ path, message: 'A schema must be an object, for example { "type": "string" }' });
        continue;
      }
      this.#seen.set(schema, path);
      const limit = this.#limit(path);
      if (limit) {
        this.#add(limit);
        return;
      }
      this.#readPart(path, schema);
      left.push(
        ...subschemas(schema)
          .map((one) => ({ path: [...path, ...one.path], schema: one.schema }))
          .reverse(),
      );
    }
  }

  #limit(path: FieldPath): ParamIssue | undefined {
    if (this.#seen.size > MOST_PARTS) return { path: [], message: `A schema can have at most ${MOST_PARTS} parts`, suggestion: 'Describe fewer fields' };
    if (path.length > DEEPEST * 2) return { path: path.slice(0, 3), message: `A schema can nest at most ${DEEPEST} levels`, suggestion: 'Flatten it' };
    return undefined;
  }

  #readPart(path: FieldPath, schema: JsonSchema): void {
    // Checked before the patterns are compiled.
    if (this.#hasTooManyPatterns(path, schema)) return;
    this.#add(...keywordIssues(schema, path.length === 0).map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
    if (schema.$ref !== undefined) this.#references.push({ path: [...path, '$ref'], schema: schema.$ref });
    if (typeof schema.$anchor === 'string') {
      if (this.anchors.has(schema.$anchor)) this.#add({ path: [...path, '$anchor'], message: `Another schema also has the anchor “${schema.$anchor}”` });
      this.anchors.set(schema.$anchor, schema);
    }
  }

  /** Reported only once. */
  #hasTooManyPatterns(path: FieldPath, schema: JsonSchema): boolean {
    const patterns = [schema.pattern, ...Object.keys(isPlainObject(schema.patternProperties) ? schema.patternProperties : {})];
    const before = this.#patternSteps;
    for (const pattern of patterns) if (typeof pattern === 'string') this.#patternSteps += STEPS_PER_PATTERN + stepsOf(pattern);
    const isOver = this.#patternSteps > MOST_PATTERN_STEPS;
    if (isOver && before <= MOST_PATTERN_STEPS)
      this.#add({ path, message: 'This schema has too many or too long patterns', suggestion: 'Use fewer patterns, or shorter repetitions' });
    return isOver;
  }

  #follow(reference: Part | undefined): void {
    if (!reference) return;
    const target = this.#target(reference.schema);
    if (typeof target === 'boolean' || isPlainObject(target)) this.#walk([{ path: reference.path, schema: target }]);
    else
      this.#add({
        path: reference.path,
        message: `Reference “${shown(reference.schema)}” not found`,
        suggestion: 'References must stay within the schema, for example "#/$defs/customer". Nothing is fetched.',
      });
  }
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 100);

const known = new WeakMap<object, ReadSchema>();

/** Splits a schema into its parts, each schema object once. */
export function readSchema(schema: unknown): ReadSchema {
  const read = isPlainObject(schema) ? known.get(schema) : undefined;
  if (read) return read;
  const made = new Reader(schema).read();
  if (isPlainObject(schema)) known.set(schema, made);
  return made;
}

/** The problems of a JSON Schema at `path` of a node's params. Empty if values can be validated against it. */
export const schemaIssues = (path: FieldPath, schema: unknown): ParamIssue[] =>
  readSchema(schema).issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
