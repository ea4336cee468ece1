import { z } from 'zod';

/** A condition on another field: it has one of these values, or it is set, or it is not set. */
export type Condition = { readonly field: string } & ({ readonly is: readonly unknown[] } | { readonly present: boolean });

export const meetsCondition = (condition: Condition, value: unknown): boolean =>
  'is' in condition ? condition.is.includes(value) : (value !== undefined) === condition.present;

/** How the inspector shows a field, and whether its text contains expressions. Added to a schema with `.meta(field({…}))`. */
export interface FieldHints {
  readonly label: string;
  /** A line below the field. */
  readonly help?: string;
  readonly placeholder?: string;
  /**
   * `text`, `long-text`, `number`, `switch`, `segmented` (few choices), `select`, `route` (a model route), `prompt` (a prompt of the registry), `connection` (a stored secret for HTTP), `database` (a connection to one), `workflow` (another workflow), `workflow-version` (its live version or a number),
   * `json` (any JSON with templates), `schema` (a JSON Schema), `response-schema` (one that the last response can fill in), `code` (one CEL expression), `script` (JavaScript), or the name of a custom editor: `labels`,
   * `prompt-variables` (values for the variables of a prompt), `rules`, `samples`, `pairs` (list of name and value), `table` (by name), and of that table: `column`, `cells`, `conditions`, `expressions` (named expressions), `decisions`, `review-fields`.
   */
  readonly control?: string;
  /** `template`: text with {{ }}. `tree`: JSON with templates in its string leaves. `cel`: one CEL expression. `script`: user code. */
  readonly expression?: 'template' | 'tree' | 'cel' | 'script';
  /** `url`: values placed between other text are percent-encoded (S26). `data`: values from outside are marked as data (S53b). */
  readonly encode?: 'url' | 'data';
  /** Values from outside are marked as data (S53b) while this field of the same object is on. */
  readonly markedBy?: string;
  /** Of a container: evaluated once per item, in the item’s scope. */
  readonly inside?: true;
  /** Shown under *Advanced*, for rarely changed settings. */
  readonly advanced?: boolean;
  /** An object shown in a section of its own, closed at first. */
  readonly section?: boolean;
  /** Shown in a tab of its own instead of with the others. */
  readonly ownTab?: true;
  /** Fields with the same name are shown next to each other. */
  readonly row?: string;
  /** Unit after a number: `tokens`, `ms`. */
  readonly unit?: string;
  /** Shown only while another field of the same object meets this condition. */
  readonly when?: Condition;
  /** Labels for the values of an enum. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** Attaches hints to a schema. Use it last in the chain (`optional` and `default` wrap it, and hints are found through them). */
export const field = <S extends z.ZodType>(schema: S, hints: FieldHints): S => schema.meta({ field: hints }) as S;

/** The hints of a schema, also through its wrappers; undefined if there are none. */
export function hintsOf(schema: z.ZodType): FieldHints | undefined {
  const own = schema.meta()?.field as FieldHints | undefined;
  if (own) return own;
  const inner = unwrapOnce(schema);
  return inner && hintsOf(inner);
}

const unwrapOnce = (schema: z.ZodType): z.ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodPrefault
    ? (schema.unwrap() as z.ZodType)
    : undefined;

/** The schema inside `optional`, `default`, and `nullable`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = unwrapOnce(schema);
  return inner ? unwrap(inner) : schema;
}
