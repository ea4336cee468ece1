import { autocompletion, type CompletionSource, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder, tooltips } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { Typing } from '../ui/typing.ts';
import { useTyping } from '../ui/use-typed-text.ts';
import { chips } from './chips.ts';
import { editorTheme, jsonColors } from './editor-theme.ts';

/** `template`: text with {{ }}. `cel`: a single expression. `json`: JSON with {{ }} in its strings. `script`: user code. */
export type ExpressionKind = 'template' | 'cel' | 'json' | 'script';

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
  const typing = useTyping(props.onChange);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      doc: latest.current.value,
      extensions: extensionsOf(latest, { access: access.current, language: language.current }, typing),
    });
    view.current = editor;
    let isOpen = true;
    if (latest.current.kind === 'script')
      void import('./script-language.ts').then(({ scriptLanguage }) => {
        if (isOpen) editor.dispatch({ effects: language.current.reconfigure(scriptLanguage((context) => latest.current.completions(context))) });
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

  const { readOnly, labelId, describedBy } = props;
  useEffect(() => {
    view.current?.dispatch({ effects: access.current.reconfigure(accessOf({ readOnly, labelId, describedBy })) });
  }, [readOnly, labelId, describedBy]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const within = props.diagnostics.filter((one) => one.from <= end).map((one) => ({ ...one, to: Math.min(one.to, end) }));
    editor.dispatch(setDiagnostics(editor.state, within));
  }, [props.diagnostics]);

  return <div ref={host} />;
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

function extensionsOf(latest: { current: ExpressionEditorProps }, { access, language }: Compartments, typing: Typing): Extension[] {
  const { kind, singleLine } = latest.current;
  return [
    history(),
    // Panels clip their content.
    tooltips({ parent: document.body }),
    EditorView.lineWrapping,
    kind === 'template' || kind === 'json' ? chips : [],
    kind === 'json' ? jsonColors : [],
    language.of(kind === 'script' ? [] : autocompletion({ override: [(context) => latest.current.completions(context)], icons: false })),
    keymap.of([{ key: 'Mod-Space', run: startCompletion }, ...historyKeymap, ...defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter')]),
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
