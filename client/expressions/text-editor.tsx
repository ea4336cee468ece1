import type { Diagnostic } from '@codemirror/lint';
import { type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { completionSource } from './completion-source.ts';
import type { Suggestion } from './completions.ts';
import classes from './expression.module.css';
import type { EditorEntry, EditorHandle } from './expression-editor.tsx';
import { FIELD_ATTRIBUTE, registerField } from './field-handles.ts';
import { loadedEditor, withEditor } from './load-editor.ts';
import { PlainField } from './plain-field.tsx';
import type { ExpressionKind } from './text/expression-kind.ts';
import { useDrops } from './use-drops.ts';

export interface TextEditorProps {
  readonly kind: ExpressionKind;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Label for screen readers, unless `labelId` names an element that has it. */
  readonly label?: string | undefined;
  readonly labelId?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly singleLine?: boolean | undefined;
  readonly minHeight?: number | undefined;
  readonly placeholder?: string | undefined;
  readonly readOnly: boolean;
  readonly suggestions?: () => readonly Suggestion[];
  readonly diagnostics?: readonly Diagnostic[];
}

const NONE: readonly never[] = [];

/**
 * A text field with highlighting and completion. Until it is focused, it only looks like the editor, whose code is loaded when the pointer or
 * the focus reaches the first field. User code is shown in the editor at once.
 */
export function TextEditor(props: TextEditorProps) {
  const ownId = useId();
  const root = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(null);
  const suggestions = useRef(props.suggestions);
  suggestions.current = props.suggestions;
  const completions = useMemo(() => completionSource(props.kind, () => suggestions.current?.() ?? NONE), [props.kind]);
  const { entry, enter } = useEntry(props.kind);
  const insert: EditorHandle['insert'] = (insertable, at) =>
    withEditor(() => {
      enter({});
      editor.current?.insert(insertable, at);
    });
  const isDraggedOver = useDrops(root, {
    // Only loads the editor: replacing the plain field while something is dragged over it would lose a quick drop.
    prepare: withEditor,
    insert: (expression, at) => insert({ inside: expression, alone: expression }, at),
  });
  useEffect(() => {
    if (root.current) registerField(root.current, { insert });
  });
  const Editor = entry && loadedEditor();
  const shared = {
    kind: props.kind,
    value: props.value,
    onChange: props.onChange,
    singleLine: props.singleLine ?? false,
    minHeight: props.minHeight ?? (props.singleLine ? 30 : 68),
    diagnostics: props.diagnostics ?? NONE,
    labelId: props.labelId ?? ownId,
    describedBy: props.describedBy,
    placeholder: props.placeholder ?? '',
    readOnly: props.readOnly,
  };
  return (
    <div ref={root} className={classes.input} {...(!props.readOnly && { [FIELD_ATTRIBUTE]: '' })} data-dropping={isDraggedOver || undefined}>
      {props.labelId === undefined && (
        <span id={ownId} className="visually-hidden">
          {props.label}
        </span>
      )}
      {Editor ? (
        <Editor {...shared} completions={completions} entry={entry} handle={editor} />
      ) : (
        <PlainField {...shared} onNear={withEditor} onEnter={(field) => enterOnFocus(field, enter)} onPress={(event) => enterOnPress(event, enter)} />
      )}
    </div>
  );
}

/** Whether the editor has replaced the plain field, and where its cursor started. */
function useEntry(kind: ExpressionKind) {
  const [entry, setEntry] = useState<EditorEntry | null>(null);
  useEffect(() => {
    let left = false;
    if (kind === 'script') withEditor(() => left || setEntry((known) => known ?? {}));
    return () => {
      left = true;
    };
  }, [kind]);
  return { entry, enter: (next: EditorEntry) => flushSync(() => setEntry((known) => known ?? next)) };
}

/** The editor takes over with the text and the selection that the plain field has by then, unless the focus has moved on. */
function enterOnFocus(field: HTMLTextAreaElement, enter: (entry: EditorEntry) => void): void {
  let isComposing = false;
  field.addEventListener('compositionstart', () => {
    isComposing = true;
  });
  withEditor(() => {
    if (document.activeElement === field && !isComposing)
      enter({ text: field.value, anchor: field.selectionStart, head: field.selectionEnd, takesFocus: true });
  });
}

/** A press goes to the editor, so the cursor lands where the pointer is. */
function enterOnPress(event: MouseEvent<HTMLTextAreaElement>, enter: (entry: EditorEntry) => void): void {
  if (!loadedEditor() || event.button !== 0) return;
  event.preventDefault();
  enter({ text: event.currentTarget.value, press: event.nativeEvent, takesFocus: true });
}
