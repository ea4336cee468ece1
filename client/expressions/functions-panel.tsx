import { Button, Modal } from '@mantine/core';
import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions/catalog.ts';
import type { ExpressionFunction } from '@switchyard/shared/expression/functions/define.ts';
import { useState } from 'react';
import { SearchBox } from '../frame/search-box.tsx';
import { CopyIcon } from '../ui/copy-field.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { findFunctions } from './find-functions.ts';
import classes from './functions-panel.module.css';
import type { Insertable } from './text/insertion.ts';

interface FunctionsPanelProps {
  readonly onClose: () => void;
  readonly onInsert: (call: Insertable) => void;
}

/** All functions of expressions by group, with search. */
export function FunctionsPanel({ onClose, onInsert }: FunctionsPanelProps) {
  const [search, setSearch] = useState('');
  const groups = findFunctions(EXPRESSION_FUNCTIONS, search);
  return (
    <Modal opened onClose={onClose} title="Functions" size={760}>
      <SearchBox value={search} onChange={setSearch} label="Search functions" wide />
      <div className={classes.groups}>
        {groups.map(({ group, functions }) => (
          <section key={group}>
            <h3 className={classes.title}>{group}</h3>
            {functions.map((one) => (
              <FunctionRow key={one.signature} one={one} onInsert={() => onInsert({ inside: callOf(one), alone: one.example })} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <EmptyState title="No functions match" text="Try a different search." />}
      </div>
    </Modal>
  );
}

/** A call to put into an expression: `.lower()` of a method. */
const callOf = ({ name, signature }: ExpressionFunction): string =>
  signature.startsWith('cel.') ? `cel.${name}()` : /^\w+\./.test(signature) ? `.${name}()` : `${name}()`;

function FunctionRow({ one: { signature, doc, example, result }, onInsert }: { one: ExpressionFunction; onInsert: () => void }) {
  return (
    <article className={classes.row}>
      <h4 className={classes.signature}>{signature}</h4>
      <p className={classes.doc}>{doc}</p>
      <div className={classes.example}>
        <code>
          {example}
          <span className={classes.result}> → {JSON.stringify(result)}</span>
        </code>
        <span className={classes.actions}>
          <Button size="compact-xs" onClick={onInsert}>
            Insert
          </Button>
          <CopyIcon text={example} label="Copy example" />
        </span>
      </div>
    </article>
  );
}
