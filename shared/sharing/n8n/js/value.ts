import { celOf, isPlace, optionalOf, type Place, type Source, type View } from '../view.ts';
import { Unsupported } from './tree.ts';

/** The type of a CEL expression, as far as it is known. */
export type Type = 'any' | 'text' | 'number' | 'boolean' | 'list' | 'time';

export interface Cel {
  readonly kind: 'cel';
  readonly text: string;
  readonly type: Type;
  /** The time zone of a time, as CEL. */
  readonly zone?: string;
  /** Set if it only reads a value, which may be missing. */
  readonly place?: Place | undefined;
  /** It needs parentheses before a member is read from it, or within another operation. */
  readonly isLoose?: boolean;
}

/** A value of an n8n expression while it is converted. `item` wraps the fields of an item under `json`. */
export type Value =
  | Cel
  | { readonly kind: 'view'; readonly view: View; readonly path: readonly (string | number)[] }
  | { readonly kind: 'item'; readonly view: View }
  | { readonly kind: 'items'; readonly list: Cel }
  | { readonly kind: 'node'; readonly item: View; readonly list: string }
  | { readonly kind: 'name'; readonly name: string };

export const cel = (text: string, type: Type = 'any'): Cel => ({ kind: 'cel', text, type });
export const loose = (text: string, type: Type = 'any'): Cel => ({ kind: 'cel', text, type, isLoose: true });
export const quoted = (text: string): Cel => cel(JSON.stringify(text), 'text');

export const fromSource = (source: Source): Cel =>
  isPlace(source) ? { kind: 'cel', text: celOf(source), type: 'any', place: source } : { kind: 'cel', text: source.cel, type: 'any' };

/** The text, in parentheses if other signs could bind more tightly. */
export const tight = ({ text, isLoose }: Cel): string => (isLoose ? `(${text})` : text);

/** As a CEL expression. Throws if it is only half of one, such as `$input`. */
export function asCel(value: Value): Cel {
  if (value.kind === 'cel') return value;
  if (value.kind === 'view') return fromSource(value.view(value.path));
  if (value.kind === 'item') return loose(`{"json": ${celOf(value.view([]))}}`);
  if (value.kind === 'items') return cel(`${tight(value.list)}.map(i, {"json": i})`, 'list');
  if (value.kind === 'name') throw new Unsupported(`“${value.name}”`);
  throw new Unsupported('a node without its data');
}

const FALSY = '[null, "", 0, false]';

/** As true or false, by the rules of JavaScript. */
export function asBoolean(value: Value): Cel {
  const { text, type, place, isLoose } = asCel(value);
  if (type === 'boolean') return { kind: 'cel', text, type, ...(isLoose && { isLoose }) };
  if (type === 'number') return loose(`${isLoose ? `(${text})` : text} != 0`, 'boolean');
  if (type === 'text') return loose(`${isLoose ? `(${text})` : text} != ""`, 'boolean');
  if (type === 'list' || type === 'time') return cel('true', 'boolean');
  const optional = place && optionalOf(place);
  return cel(`!(${optional ? `${optional}.orValue(null)` : tight(asCel(value))} in ${FALSY})`, 'boolean');
}

/** As text. A known text stays as it is. */
export const asText = (value: Value): string => {
  const found = asCel(value);
  return found.type === 'text' ? tight(found) : `string(${found.text})`;
};

/** As a time: n8n often has it as text. */
export const asTime = (value: Value): string => {
  const found = asCel(value);
  return found.type === 'time' ? tight(found) : `parseDate(${found.text})`;
};
