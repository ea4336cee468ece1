import { UnstyledButton } from '@mantine/core';
import { IconMathFunction } from '@tabler/icons-react';
import { type ReactNode, Suspense, useRef, useState } from 'react';
import { type FieldHandle, fieldWithin } from '../expressions/field-handles.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import classes from './functions-button.module.css';

const FunctionsPanel = lazyPart(() => import('../expressions/functions-panel.tsx').then((module) => module.FunctionsPanel));

/** An expression field with a button that lists the functions. One that is chosen is inserted at the cursor. */
export function WithFunctions({ readOnly, children }: { readOnly: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const insert: FieldHandle['insert'] = (call) => {
    setIsOpen(false);
    // After the dialog has given the focus back.
    setTimeout(() => box.current && fieldWithin(box.current)?.insert(call));
  };
  if (readOnly) return children;
  return (
    <div ref={box} className={classes.box}>
      {children}
      <UnstyledButton className={classes.button} aria-label="Functions" title="Functions" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <IconMathFunction size={14} aria-hidden />
      </UnstyledButton>
      {isOpen && (
        <Suspense>
          <FunctionsPanel onClose={() => setIsOpen(false)} onInsert={insert} />
        </Suspense>
      )}
    </div>
  );
}
