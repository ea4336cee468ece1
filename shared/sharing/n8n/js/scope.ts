import type { View } from '../view.ts';
import type { Js } from './tree.ts';
import type { Value } from './value.ts';

/** What an expression of a node can read. */
export interface NodeScope {
  /** The fields of the current item. */
  readonly json: View;
  /** CEL for the list of all items that arrive. */
  readonly list: string;
  readonly isInLoop: boolean;
  /** The key of the callback that comes next. */
  readonly resume?: string;
  /** Throws Unsupported if the node can’t be read here. */
  node(name: string): { readonly item: View; readonly list: string };
}

type Names = ReadonlyMap<string, Value>;
export interface Context {
  readonly scope: NodeScope;
  /** Parameters of the functions around. */
  readonly names: Names;
}

export type Convert = (js: Js, context: Context) => Value;
