import { autocompletion, type CompletionSource, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { javascript, localCompletionSource } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.standard(tags.name)], color: 'var(--accent)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--succeeded)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--running)' },
  { tag: tags.comment, color: 'var(--text-3)' },
]);

const gutter = EditorView.theme({
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-3)', border: 'none', fontFamily: 'var(--mono)' },
  '.cm-line': { padding: '0 10px 0 4px' },
});

/** What only user code needs: TypeScript with its colors, line numbers, and completion of local names. Loaded when the first code is shown. */
export const scriptLanguage = (completions: CompletionSource): Extension => [
  javascript({ typescript: true }),
  syntaxHighlighting(colors),
  lineNumbers(),
  gutter,
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  keymap.of(closeBracketsKeymap),
  autocompletion({ override: [completions, localCompletionSource], icons: false }),
];
