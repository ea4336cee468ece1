import { type Grader, graderSchema } from '@switchyard/shared/contracts/evaluation/graders.ts';

/** A grader while it is being set up: texts as they were typed. */
export interface GraderDraft {
  /** Unique in the form. */
  readonly id: string;
  readonly kind: Grader['kind'];
  readonly name: string;
  readonly path: string;
  /** The one setting that the kind needs: rubric, pattern, code, schema, tolerance, or texts, one a line. */
  readonly text: string;
  readonly route: string;
  /** Settings that the form doesn’t show, kept as they are. */
  readonly rest: Readonly<Record<string, unknown>>;
}

interface KindForm {
  readonly label: string;
  readonly help: string;
  /** The label of `text`. Without one, the kind needs no setting. */
  readonly text?: string;
  readonly isOptional?: true;
  readonly hasPath?: true;
  readonly read: (text: string) => Record<string, unknown> | undefined;
  readonly write: (grader: Record<string, unknown>) => string;
}

const linesOf = (text: string): string[] => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const plain = (field: string) => ({ read: (text: string) => ({ [field]: text }), write: (grader: Record<string, unknown>) => String(grader[field] ?? '') });

/** How each kind is set up. */
export const KINDS: Readonly<Record<Grader['kind'], KindForm>> = {
  exact: { label: 'Exact', help: 'Equal to the expected value.', hasPath: true, read: () => ({}), write: () => '' },
  fields: { label: 'Field by field', help: 'The share of expected fields that match.', hasPath: true, read: () => ({}), write: () => '' },
  contains: {
    label: 'Contains',
    help: 'Contains these texts, or the expected text.',
    text: 'Texts, one per line',
    isOptional: true,
    hasPath: true,
    read: (text) => (linesOf(text).length === 0 ? {} : { values: linesOf(text) }),
    write: ({ values }) => (Array.isArray(values) ? values.join('\n') : ''),
  },
  pattern: { label: 'Pattern', help: 'Matches a regular expression.', text: 'Regular expression', hasPath: true, ...plain('pattern') },
  similarity: { label: 'Text similarity', help: 'Similar to the expected text.', hasPath: true, read: () => ({}), write: () => '' },
  number: {
    label: 'Number',
    help: 'Within a tolerance of the expected number.',
    text: 'Absolute tolerance',
    hasPath: true,
    read: (text) => (text.trim() !== '' && Number(text) >= 0 ? { tolerance: { absolute: Number(text) } } : undefined),
    write: ({ tolerance }) => String((tolerance as { absolute?: number } | undefined)?.absolute ?? ''),
  },
  schema: {
    label: 'Schema',
    help: 'Matches a JSON Schema.',
    text: 'JSON Schema',
    hasPath: true,
    read: (text) => {
      const schema = parsed(text);
      return typeof schema === 'object' && schema !== null ? { schema } : undefined;
    },
    write: ({ schema }) => (schema === undefined ? '' : JSON.stringify(schema, null, 2)),
  },
  model: { label: 'Model as judge', help: 'A model scores it with your rubric. Costs money.', text: 'Rubric', hasPath: true, ...plain('rubric') },
  code: {
    label: 'Code',
    help: 'JavaScript that reads input.output and input.expected, and returns true, false, or a score from 0 to 1.',
    text: 'Code',
    ...plain('source'),
  },
  person: { label: 'Person', help: 'A person judges it.', text: 'Instructions', isOptional: true, ...plain('instructions') },
};

let made = 0;
const nextId = (): string => `grader-${++made}`;

export const newGrader = (kind: Grader['kind']): GraderDraft => ({ id: nextId(), kind, name: '', path: '', text: '', route: 'careful', rest: {} });

const SHOWN = new Set(['kind', 'name', 'path', 'route', 'values', 'pattern', 'tolerance', 'schema', 'rubric', 'source', 'instructions']);

export function draftOfGrader(grader: Grader): GraderDraft {
  const fields: Record<string, unknown> = grader;
  return {
    id: nextId(),
    kind: grader.kind,
    name: grader.name ?? '',
    path: String(fields.path ?? ''),
    text: KINDS[grader.kind].write(fields),
    route: String(fields.route ?? 'careful'),
    rest: Object.fromEntries(Object.entries(fields).filter(([name]) => !SHOWN.has(name))),
  };
}

/** Undefined while something is missing or invalid. */
export function graderOf({ kind, name, path, text, route, rest }: GraderDraft): Grader | undefined {
  const form = KINDS[kind];
  const setting = form.text !== undefined && form.isOptional && text.trim() === '' ? {} : form.read(text);
  if (!setting) return undefined;
  const given = {
    ...rest,
    kind,
    ...setting,
    ...(name.trim() !== '' && { name }),
    ...(form.hasPath && path.trim() !== '' && { path: path.trim() }),
    ...(kind === 'model' && { route }),
  };
  const read = graderSchema.safeParse(given);
  return read.success ? read.data : undefined;
}
