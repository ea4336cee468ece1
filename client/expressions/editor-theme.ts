import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { JSON_PARTS } from './text/look.ts';

/** The theme of expression fields: like other fields, in monospace. */
export const editorTheme = EditorView.theme({
  '&': { fontSize: '12.5px', color: 'var(--text)', backgroundColor: 'var(--surface)', borderRadius: '8px', border: '1px solid var(--line-strong)' },
  '&.cm-focused': { outline: 'none', borderColor: 'var(--accent)', boxShadow: '0 0 0 3px color-mix(in srgb, var(--accent) 16%, transparent)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '19px', maxHeight: '320px', overflow: 'auto' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-chip': {
    color: 'var(--accent)',
    backgroundColor: 'var(--accent-soft)',
    borderRadius: '4px',
    padding: '1px 5px',
    boxDecorationBreak: 'clone',
    WebkitBoxDecorationBreak: 'clone',
  },
  '.cm-json-name': { color: 'var(--text-2)' },
  '.cm-json-text': { color: 'var(--succeeded)' },
  '.cm-json-literal': { color: 'var(--running)' },
  '.cm-chip-open': { padding: '1px 0' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--failed) 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--waiting) 1px', textUnderlineOffset: '3px' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: 'var(--float)',
    overflow: 'hidden',
    fontSize: '12.5px',
    zIndex: '400',
  },
  '.cm-diagnostic': { padding: '6px 10px', maxWidth: '320px', borderLeft: 'none', fontFamily: 'var(--font)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px', display: 'flex', gap: '12px', alignItems: 'baseline' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionDetail': { marginLeft: 'auto', color: 'var(--text-3)', fontStyle: 'normal', fontFamily: 'var(--font)', fontSize: '12px' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', fontFamily: 'var(--font)', maxWidth: '280px' },
});

const marks = {
  name: Decoration.mark({ class: 'cm-json-name' }),
  text: Decoration.mark({ class: 'cm-json-text' }),
  literal: Decoration.mark({ class: 'cm-json-literal' }),
};

const matcher = new MatchDecorator({
  regexp: JSON_PARTS,
  decorate: (add, from, to, match) => {
    const text = match[1];
    if (text === undefined) add(from, to, marks.literal);
    else add(from, from + text.length, match[2] === undefined ? marks.text : marks.name);
  },
});

/** Colors names, texts, and other values in JSON, even while it is invalid. */
export const jsonColors = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (value) => value.decorations },
);
