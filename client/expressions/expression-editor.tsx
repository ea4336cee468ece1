import { autocompletion, type CompletionSource, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { dropCursor, EditorView, keymap, placeholder, tooltips } from '@codemirror/view';
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import type { Typing } from '../ui/typing.ts';
import { useTyping } from '../ui/use-typed-text.ts';
import { chips } from './chips.ts';
import { editorTheme, jsonColors } from './editor-theme.ts';
import type { FieldHandle } from './field-handles.ts';
import type { ExpressionKind } from './text/expression-kind.ts';
import { type Insertable, insertion } from './text/insertion.ts';
import { spansOf } from './text/spans.ts';

/** How the editor takes over from the plain field: its text, and its selection or the press that is to place the cursor. */
export interface EditorEntry {
  readonly text?: string;
  readonly anchor?: number;
  readonly head?: number;
  readonly press?: MouseEvent;
  readonly takesFocus?: boolean;
}

export type EditorHandle = FieldHandle;

interface ExpressionEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind: ExpressionKind;
  readonly singleLine: boolean;
  readonly minHeight: number;
  readonly completions: CompletionSource;
  readonly diagnostics: readonly Diagnostic[];
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly placeholder: string;
  readonly readOnly: boolean;
  readonly entry: EditorEntry;
  readonly handle: RefObject<EditorHandle | null>;
}

/** A text field for expressions. Enter and Tab work as in any text field: Tab moves on. */
export function ExpressionEditor(props: ExpressionEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // The editor outlives a render and always calls the latest callbacks.
  const latest = useRef(props);
  latest.current = props;
  const access = useRef(new Compartment());
  const language = useRef(new Compartment());
  /** Of user code. */
  const syntax = useRef<readonly Diagnostic[]>([]);
  const typing = useTyping(props.onChange);

  useLayoutEffect(() => {
    if (!host.current) return;
    const { entry, value } = latest.current;
    // What is inserted before the field was ever focused goes to its end.
    const { text = value, anchor = entry.takesFocus ? 0 : text.length, head = anchor } = entry;
    const editor = new EditorView({
      parent: host.current,
      doc: text,
      selection: { anchor, head },
      extensions: extensionsOf(latest, { access: access.current, language: language.current }, typing),
    });
    view.current = editor;
    if (text !== value) typing.hold(text);
    takeFocus(editor, entry);
    let isOpen = true;
    if (latest.current.kind === 'script')
      void import('./script-language.ts').then(({ scriptLanguage }) => {
        const completions: CompletionSource = (context) => latest.current.completions(context);
        const onChecked = (checked: EditorView, found: readonly Diagnostic[]) => {
          syntax.current = found;
          showDiagnostics(checked, [...latest.current.diagnostics, ...found]);
        };
        if (isOpen) editor.dispatch({ effects: language.current.reconfigure(scriptLanguage(completions, onChecked)) });
      });
    return () => {
      isOpen = false;
      editor.destroy();
    };
  }, [typing]);

  useEffect(() => {
    const editor = view.current;
    // Text not reported yet is newer than the value.
    if (!editor || typing.holds || editor.state.doc.toString() === props.value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.value } });
  }, [props.value, typing]);

  useImperativeHandle(props.handle, () => ({ insert: (insertable, at) => view.current && insert(view.current, latest.current.kind, insertable, at) }), []);

  const { readOnly, labelId, describedBy } = props;
  useEffect(() => {
    view.current?.dispatch({ effects: access.current.reconfigure(accessOf({ readOnly, labelId, describedBy })) });
  }, [readOnly, labelId, describedBy]);

  useEffect(() => {
    if (view.current) showDiagnostics(view.current, [...props.diagnostics, ...syntax.current]);
  }, [props.diagnostics]);

  return <div ref={host} />;
}

function showDiagnostics(editor: EditorView, diagnostics: readonly Diagnostic[]): void {
  const end = editor.state.doc.length;
  const within = diagnostics.filter((one) => one.from <= end).map((one) => ({ ...one, to: Math.min(one.to, end) }));
  editor.dispatch(setDiagnostics(editor.state, within));
}

function takeFocus(editor: EditorView, { takesFocus, press }: EditorEntry): void {
  if (!takesFocus) return;
  editor.focus();
  if (!press) return;
  const { clientX, clientY, detail, shiftKey, button, buttons } = press;
  editor.contentDOM.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true, clientX, clientY, detail, shiftKey, button, buttons }));
}

/** Inserts a value or a call for the selection, or at a place on the screen. A place on another expression counts as the end of that. */
function insert(view: EditorView, kind: ExpressionKind, insertable: Insertable, at?: { readonly x: number; readonly y: number }): void {
  const { doc, selection } = view.state;
  const text = doc.toString();
  const placed = at && view.posAtCoords(at, false);
  const place =
    placed === undefined || kind === 'cel' || kind === 'script' ? placed : (spansOf(text).find(({ from, to }) => from < placed && placed < to)?.to ?? placed);
  const { from, to } = place === undefined ? selection.main : { from: place, to: place };
  const written = insertion(text, from, kind, insertable);
  const inCall = insertable.inside.endsWith('()') && written.includes(insertable.inside) ? written.lastIndexOf('()') + 1 : written.length;
  view.dispatch({ changes: { from, to, insert: written }, selection: { anchor: from + inCall }, userEvent: 'input.paste' });
  view.focus();
}

const accessOf = (props: Pick<ExpressionEditorProps, 'readOnly' | 'labelId' | 'describedBy'>): Extension => [
  EditorState.readOnly.of(props.readOnly),
  EditorView.editable.of(!props.readOnly),
  EditorView.contentAttributes.of({
    'aria-labelledby': props.labelId,
    ...(props.describedBy && { 'aria-describedby': props.describedBy }),
    ...(props.readOnly && { tabindex: '0', 'aria-readonly': 'true' }),
  }),
];

interface Compartments {
  readonly access: Compartment;
  /** Empty until the language is loaded. */
  readonly language: Compartment;
}

/** With nothing to undo in the field, the key applies to the workflow. */
const undoKeys = historyKeymap.map((binding) => ({ ...binding, preventDefault: false }));

function extensionsOf(latest: { current: ExpressionEditorProps }, { access, language }: Compartments, typing: Typing): Extension[] {
  const { kind, singleLine } = latest.current;
  return [
    history(),
    dropCursor(),
    // Panels clip their content.
    tooltips({ parent: document.body }),
    EditorView.lineWrapping,
    kind === 'template' || kind === 'json' ? chips : [],
    kind === 'json' ? jsonColors : [],
    language.of(kind === 'script' ? [] : autocompletion({ override: [(context) => latest.current.completions(context)], icons: false })),
    keymap.of([{ key: 'Mod-Space', run: startCompletion }, ...undoKeys, ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter')]),
    singleLine ? EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change)) : [],
    placeholder(latest.current.placeholder),
    editorTheme,
    EditorView.theme({ '.cm-content': { minHeight: `${latest.current.minHeight}px` } }),
    access.of(accessOf(latest.current)),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const text = update.state.doc.toString();
      if (text !== latest.current.value || typing.holds) typing.hold(text);
    }),
    EditorView.domEventHandlers({ blur: () => typing.flush() }),
  ];
}
