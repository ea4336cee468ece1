import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { comparingTests, ROW_TESTS, type RowFilter, type RowTest, readCondition, testsOf } from '@switchyard/shared/tables/row-filter.ts';
import type { Column } from '@switchyard/shared/tables/table.ts';
import { IconFilter, IconX } from '@tabler/icons-react';
import styles from './filter-bar.module.css';

export interface ConditionDraft {
  readonly number: number;
  readonly column: string;
  readonly is: RowTest;
  readonly value: string;
}

/** The conditions that are complete, as a filter. */
export function filterOf(columns: readonly Column[], drafts: readonly ConditionDraft[]): RowFilter {
  const conditions = drafts.flatMap((draft) => (problemOf(columns, draft) === undefined && !isOpen(draft) ? [conditionOf(draft)] : []));
  return { match: 'all', conditions };
}

const conditionOf = ({ column, is, value }: ConditionDraft) => ({ column, is, ...(comparingTests.includes(is) && { value }) });
const isOpen = ({ is, value }: ConditionDraft): boolean => value === '' && comparingTests.includes(is);

function problemOf(columns: readonly Column[], draft: ConditionDraft): string | undefined {
  const column = columns.find(({ name }) => name === draft.column);
  if (!column) return 'Choose a column';
  if (isOpen(draft)) return undefined;
  const read = readCondition(conditionOf(draft), column);
  return 'problem' in read ? `“${column.name}” ${read.problem}.` : undefined;
}

interface BarProps {
  readonly columns: readonly Column[];
  readonly drafts: readonly ConditionDraft[];
  readonly onChange: (drafts: readonly ConditionDraft[]) => void;
}

/** Conditions on columns. Incomplete ones filter nothing yet. */
export function FilterBar({ columns, drafts, onChange }: BarProps) {
  const [first] = columns;
  if (!first) return null;
  const change = (number: number, changes: Partial<ConditionDraft>) =>
    onChange(drafts.map((draft) => (draft.number === number ? { ...draft, ...changes } : draft)));
  return (
    <fieldset className={styles.bar} aria-label="Filter">
      {drafts.map((draft, index) => {
        const column = columns.find(({ name }) => name === draft.column) ?? first;
        const tests = testsOf(column.type);
        const problem = problemOf(columns, draft);
        return (
          <div key={draft.number} className={styles.condition}>
            <Select
              aria-label={`Column of filter ${index + 1}`}
              data={columns.map(({ name }) => name)}
              value={draft.column}
              allowDeselect={false}
              onChange={(name) => {
                const next = columns.find((one) => one.name === name) ?? first;
                change(draft.number, { column: next.name, ...(!testsOf(next.type).includes(draft.is) && { is: testsOf(next.type)[0] ?? 'filled' }) });
              }}
            />
            <Select
              aria-label={`Comparison of filter ${index + 1}`}
              data={tests.map((test) => ({ value: test, label: ROW_TESTS[test] }))}
              value={draft.is}
              allowDeselect={false}
              onChange={(test) => change(draft.number, { is: tests.find((one) => one === test) ?? 'filled' })}
            />
            {comparingTests.includes(draft.is) && (
              <TextInput
                aria-label={`Value of filter ${index + 1}`}
                placeholder="Value"
                value={draft.value}
                error={problem}
                onChange={(event) => change(draft.number, { value: event.currentTarget.value })}
              />
            )}
            <ActionIcon aria-label={`Remove filter ${index + 1}`} onClick={() => onChange(drafts.filter(({ number }) => number !== draft.number))}>
              <IconX size={14} />
            </ActionIcon>
          </div>
        );
      })}
      <Button
        size="xs"
        leftSection={<IconFilter size={14} />}
        onClick={() =>
          onChange([
            ...drafts,
            { number: Math.max(0, ...drafts.map(({ number }) => number)) + 1, column: first.name, is: testsOf(first.type)[0] ?? 'filled', value: '' },
          ])
        }
      >
        Add filter
      </Button>
    </fieldset>
  );
}
