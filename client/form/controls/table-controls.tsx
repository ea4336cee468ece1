import { ActionIcon, Button, Select, UnstyledButton } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { comparingTests, ROW_TESTS, type RowTest, testsOf } from '@switchyard/shared/tables/row-filter.ts';
import type { Column } from '@switchyard/shared/tables/table.ts';
import { IconColumnInsertRight, IconPlus, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { useTables } from '../../api/state/table-queries.ts';
import { ExpressionInput } from '../expression-input.tsx';
import { FieldProblems } from '../field-problems.tsx';
import classes from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { problemsWithin } from '../problem-match.ts';
import { cellFor } from '../tables/cell-sources.ts';
import { NewTableHere } from '../tables/new-table-here.tsx';
import { useCellSources } from '../tables/use-cell-sources.ts';
import { TypedTextInput } from '../typed-inputs.tsx';
import { useFreshRow } from '../use-fresh-row.ts';
import { asList } from './list-items.ts';
import { asText } from './text-controls.tsx';

const part = (item: unknown, name: string): unknown => (isPlainObject(item) && Object.hasOwn(item, name) ? item[name] : undefined);
const isNamed = (name: string) => (other: { readonly name: string }) => other.name.toLowerCase() === name.trim().toLowerCase();

/** A table of the workspace, by name. */
export function TableControl(props: ControlProps) {
  const tables = useTables();
  const [isAdding, setAdding] = useState(false);
  const name = asText(props.value);
  const found = tables.data?.find(isNamed(name));
  const isMissing = name !== '' && tables.isSuccess && !found;
  const names = (tables.data ?? []).map((table) => table.name);
  return (
    <>
      <Select
        id={props.id}
        aria-describedby={props.describedBy}
        error={props.invalid || isMissing}
        data={name === '' || found ? names : [...names, { value: name, label: isMissing ? `${name} (not found)` : name }]}
        value={found?.name ?? (name || null)}
        placeholder="Choose a table"
        searchable
        readOnly={props.readOnly}
        onChange={(value) => props.set(value ?? '')}
      />
      <p className={`${classes.help} ${classes.below}`}>
        {isMissing && <>There is no table with this name. Choose another one, or create it. </>}
        {found ? (
          <Link to="/tables/$id" params={{ id: found.id }} className={classes.link}>
            Open table
          </Link>
        ) : (
          <Link to="/tables" className={classes.link}>
            Open tables
          </Link>
        )}
        {!props.readOnly && (
          <UnstyledButton className={`${classes.link} ${classes.beside}`} aria-expanded={isAdding} onClick={() => setAdding(!isAdding)}>
            New table
          </UnstyledButton>
        )}
      </p>
      {isAdding && <NewTableHere onClose={() => setAdding(false)} />}
    </>
  );
}

/** The columns of the table that the same node names. */
function useColumns(): readonly Column[] | undefined {
  const { params } = useForm();
  const { data } = useTables();
  return data?.find(isNamed(asText(part(params, 'table'))))?.columns;
}

interface ColumnInputProps {
  readonly label?: string;
  readonly id?: string;
  readonly value: string;
  readonly extra?: readonly string[];
  readonly placeholder?: string | undefined;
  readonly readOnly: boolean;
  readonly onChange: (name: string) => void;
}

/** A column by name: chosen from those of the table, or typed if the table isn’t known. */
function ColumnInput({ label, id, value, extra = [], placeholder = 'Column', readOnly, onChange }: ColumnInputProps) {
  const columns = useColumns();
  const common = { ...(id !== undefined && { id }), ...(label !== undefined && { 'aria-label': label }), placeholder, readOnly };
  if (!columns) return <TypedTextInput {...common} className={classes.mono} value={value} onText={onChange} />;
  const names = [...columns.map(({ name }) => name), ...extra];
  const known = names.find((name) => name.toLowerCase() === value.trim().toLowerCase());
  return (
    <Select
      {...common}
      data={value === '' || known ? names : [...names, { value, label: `${value} (not a column)` }]}
      value={known ?? (value || null)}
      error={value !== '' && !known}
      searchable
      clearable={extra.length > 0}
      onChange={(name) => onChange(name ?? '')}
    />
  );
}

/** The column to sort by. */
export function ColumnControl(props: ControlProps) {
  return (
    <ColumnInput
      id={props.id}
      value={asText(props.value)}
      extra={['createdAt', 'updatedAt']}
      placeholder={props.field.hints.placeholder}
      readOnly={props.readOnly}
      onChange={props.set}
    />
  );
}

/** Cells of a row: a column and a value each. */
export function CellsControl(props: ControlProps) {
  const { change } = useForm();
  const columns = useColumns();
  const readSources = useCellSources();
  const items = asList(props.value);
  const left = columns?.filter((column) => !items.some((item) => isNamed(asText(part(item, 'name')))(column))) ?? [];
  const addAll = () => {
    const sources = readSources();
    const named = items.filter((item) => asText(part(item, 'name')) !== '' || asText(part(item, 'value')) !== '');
    props.set([...named, ...left.map(({ name }) => ({ name, value: cellFor(name, sources) }))]);
  };
  const more = left.length > 0 && { label: left.length === 1 ? `Add “${left[0]?.name}”` : `Add all ${left.length} columns`, onClick: addAll };
  return (
    <Rows {...props} blank={{ name: '', value: '' }} one="cell" more={more} nameOf={(item) => asText(part(item, 'name'))}>
      {(item, path, number) => (
        <>
          <ColumnInput
            label={`Column ${number}`}
            value={asText(part(item, 'name'))}
            readOnly={props.readOnly}
            onChange={(name) => change([...path, 'name'], name)}
          />
          <ExpressionInput
            label={`Value of ${asText(part(item, 'name')) || `column ${number}`}`}
            path={[...path, 'value']}
            value={asText(part(item, 'value'))}
            onChange={(text) => change([...path, 'value'], text)}
            singleLine
            placeholder="Value"
          />
        </>
      )}
    </Rows>
  );
}

/** Conditions on columns. */
export function ConditionsControl(props: ControlProps) {
  const { change } = useForm();
  const columns = useColumns();
  const testsFor = (name: string): readonly RowTest[] => {
    const column = columns?.find(isNamed(name));
    return column ? testsOf(column.type) : (Object.keys(ROW_TESTS) as RowTest[]);
  };
  return (
    <Rows {...props} blank={{ column: '', is: 'equal', value: '' }} one="condition" nameOf={(item) => asText(part(item, 'column'))}>
      {(item, path, number) => {
        const [column, is] = [asText(part(item, 'column')), (asText(part(item, 'is')) || 'equal') as RowTest];
        const tests = testsFor(column);
        return (
          <>
            <ColumnInput
              label={`Column of condition ${number}`}
              value={column}
              readOnly={props.readOnly}
              onChange={(name) => change([...path, 'column'], name)}
            />
            <div className={classes.comparison}>
              <Select
                aria-label={`Comparison of condition ${number}`}
                data={(tests.includes(is) ? tests : [...tests, is]).map((test) => ({ value: test, label: ROW_TESTS[test] }))}
                value={is}
                error={!tests.includes(is)}
                allowDeselect={false}
                readOnly={props.readOnly}
                onChange={(next) => change([...path, 'is'], next ?? 'equal')}
              />
              {comparingTests.includes(is) && (
                <ExpressionInput
                  label={`Value of condition ${number}`}
                  path={[...path, 'value']}
                  value={asText(part(item, 'value'))}
                  onChange={(text) => change([...path, 'value'], text)}
                  singleLine
                  placeholder="Value"
                />
              )}
            </div>
          </>
        );
      }}
    </Rows>
  );
}

interface RowsProps extends Omit<ControlProps, 'children'> {
  readonly blank: Readonly<Record<string, string>>;
  readonly one: string;
  /** A button beside the one that adds a row. */
  readonly more?: { readonly label: string; readonly onClick: () => void } | false;
  readonly nameOf: (item: unknown) => string;
  readonly children: (item: unknown, path: ControlProps['path'], number: number) => ReactNode;
}

/** A list of short rows that can be added and removed. */
function Rows({ blank, one, more, nameOf, children, ...props }: RowsProps) {
  const { problems } = useForm();
  const items = asList(props.value);
  const list = useRef<HTMLFieldSetElement>(null);
  const focusNew = useFreshRow(list);
  const add = () => {
    focusNew();
    props.set([...items, blank]);
  };
  return (
    <fieldset ref={list} aria-labelledby={props.labelId} className={classes.list}>
      {items.map((item, index) => {
        const path = [...props.path, index];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity other than their position
          <div key={index} className={classes.rule} data-row>
            {children(item, path, index + 1)}
            <FieldProblems problems={problemsWithin(problems, path)} />
            {!props.readOnly && (
              <ActionIcon
                className={classes.ruleRemove}
                size={24}
                aria-label={`Remove ${nameOf(item) || `${one} ${index + 1}`}`}
                onClick={() => props.set(items.filter((_, other) => other !== index))}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </div>
        );
      })}
      {!props.readOnly && (
        <div className={classes.adding}>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            Add {one}
          </Button>
          {more && (
            <Button variant="default" size="xs" leftSection={<IconColumnInsertRight size={14} />} onClick={more.onClick}>
              {more.label}
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}
