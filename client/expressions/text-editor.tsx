import type { Diagnostic } from '@codemirror/lint';
import { Suspense, useId, useMemo, useRef } from 'react';
import { lazyPart } from '../ui/lazy-part.ts';
import { completionSource } from './completion-source.ts';
import type { Suggestion } from './completions.ts';
import classes from './expression.module.css';
import type { ExpressionKind } from './expression-editor.tsx';

const Editor = lazyPart(() => import('./expression-editor.tsx').then((module) => module.ExpressionEditor));

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

/** A text field with highlighting and completion. The editor’s code is loaded when the first one is shown. */
export function TextEditor(props: TextEditorProps) {
  const ownId = useId();
  const suggestions = useRef(props.suggestions);
  suggestions.current = props.suggestions;
  const completions = useMemo(() => completionSource(props.kind, () => suggestions.current?.() ?? NONE), [props.kind]);
  const minHeight = props.minHeight ?? (props.singleLine ? 30 : 68);
  return (
    <div className={classes.input} style={{ minHeight: minHeight + 2 }}>
      {props.labelId === undefined && (
        <span id={ownId} className="visually-hidden">
          {props.label}
        </span>
      )}
      <Suspense fallback={<div className={classes.loading}>{props.value}</div>}>
        <Editor
          value={props.value}
          onChange={props.onChange}
          kind={props.kind}
          singleLine={props.singleLine ?? false}
          minHeight={minHeight}
          completions={completions}
          diagnostics={props.diagnostics ?? NONE}
          labelId={props.labelId ?? ownId}
          describedBy={props.describedBy}
          placeholder={props.placeholder ?? ''}
          readOnly={props.readOnly}
        />
      </Suspense>
    </div>
  );
}
