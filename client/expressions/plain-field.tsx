import type { Diagnostic } from '@codemirror/lint';
import { Fragment, type MouseEvent, type ReactNode, useMemo } from 'react';
import { classes as classNames } from '../ui/class-names.ts';
import { useTypedText } from '../ui/use-typed-text.ts';
import classes from './plain-field.module.css';
import type { ExpressionKind } from './text/expression-kind.ts';
import { lookOf } from './text/look.ts';

interface PlainFieldProps {
  readonly kind: ExpressionKind;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly singleLine: boolean;
  readonly minHeight: number;
  readonly placeholder: string;
  readonly readOnly: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** The field was focused, or is about to be. */
  readonly onEnter: (field: HTMLTextAreaElement) => void;
  readonly onPress: (event: MouseEvent<HTMLTextAreaElement>) => void;
  readonly onNear: () => void;
}

/** An expression field before it is edited: looks like the editor, without its code. A text area that can be typed in at once takes the focus. */
export function PlainField(props: PlainFieldProps) {
  const { kind, value, diagnostics, minHeight } = props;
  const pieces = useMemo(() => lookOf(value, kind, diagnostics), [value, kind, diagnostics]);
  const typed = useTypedText(value, props.onChange);
  return (
    <div className={classes.field} style={{ minHeight: minHeight + 2 }} onPointerEnter={() => props.onNear()}>
      <div className={classes.stack}>
        <div className={classes.look} aria-hidden>
          {value === '' ? (
            <span className={classes.placeholder}>{props.placeholder}</span>
          ) : (
            pieces.map(({ text, mark, severity }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity other than their position
              <span key={index} className={classNames(mark && classes[mark], severity && classes[severity])}>
                {mark === 'chip' ? atDots(text) : text}
              </span>
            ))
          )}
        </div>
        <div className={classes.raw} aria-hidden>
          {`${typed.value}\n`}
        </div>
        <textarea
          className={classes.area}
          aria-labelledby={props.labelId}
          aria-describedby={props.describedBy}
          readOnly={props.readOnly}
          spellCheck={false}
          rows={1}
          {...typed}
          onKeyDown={(event) => {
            if (props.singleLine && event.key === 'Enter') event.preventDefault();
          }}
          onFocus={(event) => props.onEnter(event.currentTarget)}
          onMouseDown={props.onPress}
        />
      </div>
    </div>
  );
}

/** A chip that is wider than its line breaks after a dot, like in the editor. */
const atDots = (text: string): ReactNode =>
  text.split(/(?<=\.)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity other than their position
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
