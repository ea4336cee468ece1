import { type Extension, Prec, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view';
import { type Span, spansOf } from './text/spans.ts';
import { typeOver } from './text/type-over.ts';

const chip = Decoration.mark({ class: 'cm-chip' });
const open = Decoration.mark({ class: 'cm-chip cm-chip-open' });
const hidden = Decoration.replace({});

class BreakPoint extends WidgetType {
  override eq(): boolean {
    return true;
  }
  toDOM(): HTMLElement {
    return document.createElement('wbr');
  }
}
/** Where a chip that is wider than its line breaks. */
const breakPoint = Decoration.widget({ widget: new BreakPoint(), side: 1 });

/** Whether the cursor or selection is inside, which shows the braces for editing. */
const touched = (view: EditorView, span: Span): boolean =>
  view.hasFocus && view.state.selection.ranges.some((range) => range.from <= span.to && range.to >= span.from);

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const text = view.state.doc.toString();
  for (const span of spansOf(text)) {
    if (touched(view, span) || span.innerFrom >= span.innerTo) {
      builder.add(span.from, span.to, open);
      continue;
    }
    builder.add(span.from, span.innerFrom, hidden);
    builder.add(span.innerFrom, span.innerTo, chip);
    for (let at = text.indexOf('.', span.innerFrom) + 1; at > 0 && at < span.innerTo; at = text.indexOf('.', at) + 1) builder.add(at, at, breakPoint);
    builder.add(span.innerTo, span.to, hidden);
  }
  return builder.finish();
}

const plugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.selectionSet || update.focusChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: (value) => value.decorations },
);

/** Typing the second brace inserts the closing braces and leaves the cursor in between. Right before text, it opens an expression around it. */
const braces = EditorView.inputHandler.of((view, from, to, text) => {
  if (text !== '{' || from !== to || view.state.sliceDoc(from - 1, from) !== '{' || view.state.sliceDoc(from - 2, from - 1) === '{') return false;
  if (/\S/.test(view.state.sliceDoc(from, from + 1))) return false;
  view.dispatch({ changes: { from, insert: '{  }}' }, selection: { anchor: from + 2 }, userEvent: 'input.type' });
  return true;
});

/** Typing a closing character that is already there moves past it. */
const past = EditorView.inputHandler.of((view, from, to, text) => {
  const over = from === to ? typeOver(view.state.doc.toString(), from, text) : undefined;
  if (!over) return false;
  view.dispatch({ changes: { from: over.from, to: over.to }, selection: { anchor: over.cursor }, userEvent: 'input.type' });
  return true;
});

/** Shows each `{{ expr }}` as a chip, with braces only while the cursor is inside. */
// The chip wraps problem marks instead of being split by them.
export const chips: Extension = [Prec.lowest(plugin), Prec.high([braces, past])];
