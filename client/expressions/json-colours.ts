import { Decoration, type DecorationSet, type EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const marks = {
  name: Decoration.mark({ class: 'cm-json-name' }),
  text: Decoration.mark({ class: 'cm-json-text' }),
  literal: Decoration.mark({ class: 'cm-json-literal' }),
};

const matcher = new MatchDecorator({
  regexp: /("(?:[^"\\\n]|\\.)*")(\s*:)?|-?\b\d[\d.eE+-]*\b|\b(?:true|false|null)\b/g,
  decorate: (add, from, to, match) => {
    const text = match[1];
    if (text === undefined) add(from, to, marks.literal);
    else add(from, from + text.length, match[2] === undefined ? marks.text : marks.name);
  },
});

/** Colours of names, texts and other values in JSON, also while it is not valid. */
export const jsonColours = ViewPlugin.fromClass(
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
