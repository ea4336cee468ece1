import type { Service } from '../../../contracts/connections/services.ts';
import type { N8nNode } from '../file.ts';
import type { Texts } from '../texts.ts';
import type { View } from '../view.ts';

/** A node of ours, made from one of n8n. */
export interface Made {
  readonly type: string;
  readonly params: Record<string, unknown>;
  /** The fields of the items it passes on. By default, its output. */
  readonly item?: View;
  /** CEL for the list of all its items. By default, the one item. */
  readonly list?: string;
  /** How long an attempt may take. */
  readonly timeoutMs?: number;
  /** The port of an output. By default, `out` for the first one, and none for the others. */
  port?(output: number): string | undefined;
}

/** What a node can use while it is converted. */
export interface At {
  readonly node: N8nNode;
  readonly params: Readonly<Record<string, unknown>>;
  /** `steps.<key>` */
  readonly output: string;
  readonly texts: Texts;
  /** The item that arrives, and CEL for the list of all of them. */
  readonly json: View;
  readonly list: string;
  /** The items at each input. */
  readonly inputs: readonly { readonly item: View; readonly list: string }[];
  /** Set for the maker of a For-each: CEL for the result of an item. */
  readonly each: { readonly result: string } | undefined;
  readonly isInLoop: boolean;
  /** The nodes that come next. */
  readonly targets: readonly N8nNode[];
  readonly services: readonly Service[];
  readonly helpers: readonly { readonly kind: string; readonly node: N8nNode }[];
  note(what: string): void;
}

/** Undefined if this node can’t be converted as it is configured. A text says why. */
export type Kind = (at: At) => Made | string;

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const rows = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value));
/** The value of a list with “resource locator”, such as a channel chosen from a list. */
export const located = (value: unknown): unknown => (record(value).__rl === true || 'mode' in record(value) ? record(value).value : value);
/** A param without its “=”, for names that can’t be expressions. */
export const plain = (value: unknown): string => text(located(value)).replace(/^=/, '');

/** CEL for the items of a response: it is a list, or one item. */
export const bodyList = (output: string): string => `(type(${output}.body) == list ? ${output}.body : [${output}.body])`;
