/** How a function is implemented: by CEL overload, `string.lower(): string`. Arguments have the types of the overload. */
export type Overloads = Readonly<Record<string, (...args: never[]) => unknown>>;

interface Declaration {
  /** How it is called: as a method of `text`, `list`, `object`, `time`, `duration`, `bytes`, or `optional`, or as a plain function. */
  readonly signature: string;
  readonly doc: string;
  readonly example: string;
  /** What the example evaluates to. */
  readonly result: unknown;
  /** Functions of the language have none. */
  readonly overloads?: Overloads;
  /** What a call costs beyond its values, in visits, if it takes longer than visiting an element. */
  readonly visits?: number;
}

export const FUNCTION_GROUPS = [
  'Missing values',
  'Text',
  'Regular expressions',
  'Lists',
  'Objects',
  'Numbers',
  'Dates and times',
  'Conversion',
  'Formats',
  'URLs',
  'Hashes and encoding',
  'Language',
] as const;
export type FunctionGroup = (typeof FUNCTION_GROUPS)[number];

/** A function of expressions: what it does, for the registration, the meter, autocomplete, the API, and the page. */
export interface ExpressionFunction extends Declaration {
  readonly name: string;
  readonly group: FunctionGroup;
}

const nameIn = (signature: string): string => /(\w+)\(/.exec(signature)?.[1] ?? signature;

export const defineFunctions = (group: FunctionGroup, declarations: readonly Declaration[]): readonly ExpressionFunction[] =>
  declarations.map((declaration) => ({ ...declaration, name: nameIn(declaration.signature), group }));
