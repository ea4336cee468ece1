import { useMemo } from 'react';
import { describeValue } from '../expressions/describe-value.ts';
import classes from '../expressions/expression.module.css';
import { expressionsOf, useExpressionScope } from '../expressions/expression-scope.tsx';
import { useGraphNode } from '../open-workflow/editor-store.ts';
import { useForm } from './form-context.tsx';
import { usedValues } from './used-values.ts';

const MAX_VALUES = 12;

/** The names that this node’s expressions read, with their values in the displayed run, the last one, or the sample. */
export function RunValues() {
  const { nodeId, params } = useForm();
  const node = useGraphNode(nodeId);
  const { data, title } = useExpressionScope();
  const values = useMemo(() => usedValues(expressionsOf(node?.type ?? '', params), data), [node?.type, params, data]);
  if (values.length === 0) return null;
  return (
    <section className={classes.values} aria-label={title}>
      <h2 className={classes.valuesTitle}>{title}</h2>
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
    </section>
  );
}

const asTitle = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1)).slice(0, 2_000);

const unknownText = (name: string): string => (/^(steps|previous|run)\./.test(name) ? 'not run yet' : 'missing');
