import { AppError } from '../errors.ts';
import type { Encoding, FieldPath } from '../graph/node-kind.ts';
import { markOutside } from '../model/data-marks.ts';
import type { Scope } from './create-scope.ts';
import type { CompiledTemplate, Insert } from './template.ts';
import { setOwn } from './to-plain.ts';

/** A template at its place in a node's params. */
export interface TemplateField {
  readonly path: FieldPath;
  readonly compiled: CompiledTemplate;
  /** How values are written into it. */
  readonly encode?: Encoding;
}

/**
 * The params with every template replaced by its value. Branches without templates are shared with the original. Throws AppError
 * `expression-failed`, whose message and `details.field` name the field.
 */
export function resolveFields(params: unknown, fields: readonly TemplateField[], scope: Scope): unknown {
  const copies = new Map<unknown, object>();
  let root = params;
  for (const field of fields) {
    const value = evaluateField(field, scope);
    if (field.path.length === 0) return value;
    root = put(root, field.path, value, copies);
  }
  return root;
}

/** A value at the start is the URL itself. */
const encodeUrl: Insert = ({ text, part }) => (part === 0 ? text : encodeURIComponent(text));

function evaluateField(field: TemplateField, scope: Scope): unknown {
  try {
    if (field.encode === 'data') return field.compiled.text(scope, markOutside);
    return field.compiled.evaluate(scope, field.encode === 'url' ? encodeUrl : undefined);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const name = field.path.join('.');
    throw new AppError(thrown.code, `${name}: ${thrown.message}`, { details: { ...thrown.details, field: name }, cause: thrown });
  }
}

/** Sets a value at a path, copying each object on the way once. `copies` holds the copies so far. */
function put(root: unknown, path: FieldPath, value: unknown, copies: Map<unknown, object>): unknown {
  const copy = copyOf(root, copies);
  let target = copy;
  for (const [depth, name] of path.entries()) {
    if (depth === path.length - 1) setOwn(target, String(name), value);
    else {
      const next = copyOf((target as Record<string | number, unknown>)[name], copies);
      setOwn(target, String(name), next);
      target = next;
    }
  }
  return copy;
}

function copyOf(value: unknown, copies: Map<unknown, object>): object {
  const known = copies.get(value);
  if (known) return known;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  copies.set(value, copy).set(copy, copy);
  return copy;
}
