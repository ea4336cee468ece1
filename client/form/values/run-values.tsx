import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useId, useMemo } from 'react';
import { create } from 'zustand';
import { describeValue } from '../../expressions/describe-value.ts';
import classes from '../../expressions/expression.module.css';
import { expressionsOf, useExpressionScope } from '../../expressions/expression-scope.tsx';
import { useGraphNode } from '../../open-workflow/editor-store.ts';
import { usedValues } from './used-values.ts';
import { ValueBrowser } from './value-browser.tsx';

const MAX_VALUES = 12;
const OPEN_KEY = 'switchyard:panel:values-open';

/** Whether all values are listed, stored in this browser. */
const useListsAll = create<{ readonly all: boolean }>(() => ({ all: localStorage.getItem(OPEN_KEY) === 'yes' }));

function listAll(all: boolean): void {
  useListsAll.setState({ all });
  localStorage.setItem(OPEN_KEY, all ? 'yes' : 'no');
}

interface RunValuesProps {
  readonly nodeId: string;
  readonly params: unknown;
  readonly readOnly: boolean;
}

/** The names that this node’s expressions read, with their values in the displayed run, the last one, or the sample. Below them, on demand, all that it could read. */
export function RunValues({ nodeId, params, readOnly }: RunValuesProps) {
  const node = useGraphNode(nodeId);
  const { data, title } = useExpressionScope();
  const all = useListsAll((state) => state.all) && !readOnly;
  const id = useId();
  const values = useMemo(() => usedValues(expressionsOf(node?.type ?? '', params), data), [node?.type, params, data]);
  if (values.length === 0 && readOnly) return null;
  return (
    <section className={classes.values} aria-label={title}>
      <div className={classes.valuesHead}>
        <h2 className={classes.valuesTitle}>{title}</h2>
        {!readOnly && (
          <UnstyledButton className={classes.fieldAction} aria-expanded={all} aria-controls={id} onClick={() => listAll(!all)}>
            All values
            <IconChevronRight size={12} className={classes.valuesChevron} data-open={all || undefined} aria-hidden />
          </UnstyledButton>
        )}
      </div>
      {!all && <Used values={values} />}
      <div id={id}>
        {all && (
          <>
            <p className={classes.valuesMore}>Drag one into a field, or press Enter to insert it at the cursor.</p>
            <ValueBrowser />
          </>
        )}
      </div>
    </section>
  );
}

function Used({ values }: { values: ReturnType<typeof usedValues> }) {
  return (
    <>
      <dl className={classes.valueList}>
        {values.slice(0, MAX_VALUES).map(({ name, value, known }) => (
          <div key={name} className={classes.valueLine}>
            <dt title={name}>{name}</dt>
            <dd title={known ? asTitle(value) : undefined} data-unknown={!known || undefined}>
              {known ? describeValue(value) : unknownText(name)}
            </dd>
          </div>
        ))}
      </dl>
      {values.length > MAX_VALUES && <p className={classes.valuesMore}>and {values.length - MAX_VALUES} more</p>}
    </>
  );
}

const asTitle = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1)).slice(0, 2_000);

const unknownText = (name: string): string => (/^(steps|previous|run)\./.test(name) ? 'not run yet' : 'missing');
