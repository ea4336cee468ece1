import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { FUNCTIONS, type Suggestion, typedName } from './completions.ts';
import type { ExpressionKind } from './text/expression-kind.ts';
import { expressionAt } from './text/spans.ts';

/** Completion for an expression field: readable names with their values, then functions. After a dot, also methods. */
export function completionSource(kind: ExpressionKind, suggestions: () => readonly Suggestion[]): CompletionSource {
  if (kind === 'script') return scriptCompletions(suggestions);
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const start = kind === 'cel' ? 0 : expressionAt(text, context.pos);
    if (start === undefined) return null;
    const before = text.slice(start, context.pos);
    const { name, start: from } = typedName(before);
    if (name === '' && !context.explicit && !/^\s*$/.test(before)) return null;
    const names = suggestions().filter(({ label }) => label.startsWith(name.slice(0, name.lastIndexOf('.') + 1)));
    const dot = before.lastIndexOf('.');
    const methods = dot >= 0 && /^\w*$/.test(before.slice(dot + 1)) && !/\d\.$/.test(before.slice(0, dot + 1));
    // After something without known members, such as a call, only methods can follow.
    if (methods && names.length === 0) return { from: start + dot + 1, options: FUNCTIONS.filter(({ method }) => method).map(optionOf), validFor: /^\w*$/ };
    const functions = name.includes('.') ? [] : FUNCTIONS.filter(({ method }) => !method);
    return { from: start + from, options: [...names, ...functions].map(optionOf), validFor: /^[\w]*$/ };
  };
}

/** Completion of what user code can read: `steps.draft.text`. */
const scriptCompletions =
  (suggestions: () => readonly Suggestion[]): CompletionSource =>
  (context) => {
    const { name, start } = typedName(context.state.doc.sliceString(0, context.pos));
    if (name === '' && !context.explicit) return null;
    const options = suggestions().filter(({ label }) => IN_SCRIPTS.test(label) && label.startsWith(name.slice(0, name.lastIndexOf('.') + 1)));
    return { from: start, options: options.map(({ label, detail }) => ({ label, detail, type: 'variable', boost: 1 })), validFor: /^[\w]*$/ };
  };

const IN_SCRIPTS = /^(?:input|steps|vars|item|index|helpers)\b/;

const optionOf = ({ label, detail, info, kind, apply }: Suggestion): Completion => ({
  label,
  detail,
  type: kind === 'function' ? 'function' : 'variable',
  boost: kind === 'function' ? -10 : 0,
  ...(info !== undefined && { info }),
  ...(apply !== undefined && { apply: (view: EditorView, _: Completion, from: number, to: number) => putCall(view, apply, from, to) }),
});

/** Inserts a call and puts the cursor between its parentheses. */
function putCall(view: EditorView, call: string, from: number, to: number): void {
  view.dispatch({ changes: { from, to, insert: call }, selection: { anchor: from + call.length - 1 }, userEvent: 'input.complete' });
}
