import { stripTypeScriptTypes } from 'node:module';
import type { CodeFault } from './protocol.ts';

/** Lines before the source in the text that is compiled. */
const LINES_BEFORE = { code: 1, helpers: 0 } as const;

/** Names of the compiled texts, as stacks show them. */
export const FILES = { code: 'code.js', helpers: 'helpers.js' } as const;
export type Part = keyof typeof FILES;

/** The source as a function. Code with \`await` needs an async one. */
const asFunction = (source: string): string =>
  `(${/\bawait\b/.test(source) ? 'async ' : ''}function (input, steps, item, index, vars, helpers) {\n${source}\n})`;

/** JavaScript with every token where it was, or why it can’t be run. */
export type PreparedSource = { readonly text: string } | { readonly fault: CodeFault };

/** Removes types. Each becomes spaces, so positions stay. */
export function prepareSource(part: Part, source: string): PreparedSource {
  try {
    return { text: stripTypeScriptTypes(part === 'code' ? asFunction(source) : source) };
  } catch (thrown) {
    return { fault: strippingFault(part, source, thrown) };
  }
}

function strippingFault(part: Part, source: string, thrown: unknown): CodeFault {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  // The stack begins with the line, and marks the place below it.
  const line = /^:(\d+)\n/.exec(thrown.stack ?? '')?.[1];
  const column = /^( *)\^/m.exec(thrown.stack ?? '')?.[1]?.length;
  const isUnsupported = 'code' in thrown && thrown.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
  const message = isUnsupported ? thrown.message.replace(' in strip-only mode', '. Only types are.') : `Syntax error: ${thrown.message}`;
  // A bracket too many is only missed after the source.
  const last = source.split('\n').length + LINES_BEFORE[part];
  return { message, ...(line !== undefined && place(part, Math.min(last, Number(line)), (column ?? 0) + 1)) };
}

/** Where a stack first mentions the user’s code. */
export function placeIn(stack: string): Pick<CodeFault, 'line' | 'column' | 'inHelpers'> {
  const [, file, line, column] = /\b(code|helpers)\.js:(\d+)(?::(\d+))?/.exec(stack) ?? [];
  return file === undefined ? {} : place(file as Part, Number(line), column === undefined ? undefined : Number(column));
}

const place = (part: Part, line: number, column: number | undefined): Pick<CodeFault, 'line' | 'column' | 'inHelpers'> => ({
  line: Math.max(1, line - LINES_BEFORE[part]),
  ...(column !== undefined && { column }),
  ...(part === 'helpers' && { inHelpers: true }),
});
