/** An expression of n8n, which is JavaScript, as a tree. */
export type Js =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly object: Js; readonly name: string }
  | { readonly kind: 'index'; readonly object: Js; readonly index: Js }
  | { readonly kind: 'call'; readonly callee: Js; readonly args: readonly Js[] }
  | { readonly kind: 'new'; readonly name: string; readonly args: readonly Js[] }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Js }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Js; readonly right: Js }
  | { readonly kind: 'ternary'; readonly test: Js; readonly then: Js; readonly other: Js }
  | { readonly kind: 'array'; readonly items: readonly Js[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly name: string; readonly value: Js }[] }
  | { readonly kind: 'template'; readonly parts: readonly (string | Js)[] }
  | { readonly kind: 'arrow'; readonly names: readonly string[]; readonly body: Js }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string };

/** Why an expression can’t be converted: a noun phrase, such as “the method reduce”. */
export class Unsupported extends Error {}
