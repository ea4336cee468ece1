import { autocompletion, type CompletionSource, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { javascript, localCompletionSource } from '@codemirror/lang-javascript';
import { bracketMatching, ensureSyntaxTree, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, ViewPlugin, type ViewUpdate } from '@codemirror/view';
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

const MOST_ERRORS = 3;
const PARSE_MS = 50;
const TYPING_MS = 700;

/** Where code is not valid, as far as the parser of the editor knows. */
function syntaxErrors(state: EditorState): Diagnostic[] {
  const found: Diagnostic[] = [];
  ensureSyntaxTree(state, state.doc.length, PARSE_MS)?.iterate({
    enter: ({ type, from, to }) => {
      if (!type.isError || found.length >= MOST_ERRORS) return;
      const text = state.sliceDoc(from, to).trim();
      const message = text === '' ? 'The expression is incomplete' : `Unexpected “${text.slice(0, 20)}”`;
      found.push({ from: from === to ? Math.max(0, from - 1) : from, to, severity: 'error', message });
    },
  });
  return found;
}

/** Reports syntax errors at the next pause of typing. */
const checked = (report: (view: EditorView, found: Diagnostic[]) => void): Extension =>
  ViewPlugin.fromClass(
    class {
      timer: ReturnType<typeof setTimeout> | undefined;
      readonly view: EditorView;
      constructor(view: EditorView) {
        this.view = view;
        this.plan();
      }
      update(update: ViewUpdate): void {
        if (update.docChanged) this.plan();
      }
      plan(): void {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => report(this.view, syntaxErrors(this.view.state)), TYPING_MS);
      }
      destroy(): void {
        clearTimeout(this.timer);
      }
    },
  );

/** What only user code needs: TypeScript with its colors, line numbers, completion of local names, and syntax errors. Loaded when the first code is shown. */
export const scriptLanguage = (completions: CompletionSource, onChecked: (view: EditorView, found: Diagnostic[]) => void): Extension => [
  checked(onChecked),
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
