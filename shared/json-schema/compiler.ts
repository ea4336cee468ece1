import { isPlainObject } from '../json.ts';
import { ARRAY_KEYWORDS } from './array-keywords.ts';
import { COMBINING_KEYWORDS } from './combining-keywords.ts';
import type { Keyword } from './keyword.ts';
import { OBJECT_KEYWORDS } from './object-keywords.ts';
import { anchorIn, referenced } from './references.ts';
import { unevaluatedCheck } from './unevaluated.ts';
import { VALUE_KEYWORDS } from './value-keywords.ts';
import type { Check } from './visit.ts';

const KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['type', VALUE_KEYWORDS.type],
  ['$ref', (reference, _schema, compiler) => compiler.compile(compiler.target(reference))],
  ...Object.entries({ ...VALUE_KEYWORDS, ...OBJECT_KEYWORDS, ...ARRAY_KEYWORDS, ...COMBINING_KEYWORDS }).filter(([name]) => name !== 'type'),
  ['unevaluatedProperties', unevaluatedCheck('unevaluatedProperties')],
  ['unevaluatedItems', unevaluatedCheck('unevaluatedItems')],
];

const FITS: Check = () => true;
const NOTHING_FITS: Check = (_value, visit) => visit.fail('is not allowed');

/** Compiles a schema without `schemaIssues` into checks. Each schema object is compiled once. */
export class Compiler {
  readonly #made = new Map<object, Check>();
  readonly #anchors: ReadonlyMap<string, unknown>;
  readonly root: unknown;

  constructor(root: unknown, anchors: ReadonlyMap<string, unknown>) {
    this.root = root;
    this.#anchors = anchors;
  }

  /** The target of a `$ref`. */
  target(reference: unknown): unknown {
    const anchor = anchorIn(this.root, reference);
    return anchor === undefined ? referenced(this.root, reference) : this.#anchors.get(anchor);
  }

  compile(schema: unknown): Check {
    if (schema === false) return NOTHING_FITS;
    if (!isPlainObject(schema)) return FITS;
    const made = this.#made.get(schema);
    if (made) return made;
    // A schema may refer to itself, so its check must exist before its parts are compiled.
    let whole: Check = FITS;
    const check: Check = (value, visit) => whole(value, visit);
    this.#made.set(schema, check);
    whole = all(this.#parts(schema));
    return check;
  }

  #parts(schema: Record<string, unknown>): Check[] {
    return KEYWORDS.flatMap(([name, keyword]) => (Object.hasOwn(schema, name) ? (keyword(schema[name], schema, this) ?? []) : []));
  }
}

/** Runs every check, so that a caller learns about all errors at once. */
function all(checks: readonly Check[]): Check {
  return (value, visit) => {
    visit.spend(1 + checks.length);
    visit.enter();
    let fits = true;
    for (const check of checks) {
      if (check(value, visit)) continue;
      fits = false;
      if (visit.stops) break;
    }
    visit.leave();
    return fits;
  };
}
