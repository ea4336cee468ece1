import { Select } from '@mantine/core';
import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { TYPE_LABELS } from '@switchyard/shared/tables/row-filter.ts';
import { COLUMN_TYPES, type Column } from '@switchyard/shared/tables/table.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './import.module.css';
import { type Target, targetsOf } from './plan-import.ts';

interface PreviewProps {
  readonly file: CsvFile;
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  readonly onChange: (targets: readonly Target[]) => void;
}

const SHOWN = 5;
const SEPARATORS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/** The first rows of a file, and for each of its columns where it goes. */
export function ImportPreview({ file, columns, targets, onChange }: PreviewProps) {
  return (
    <>
      <p className={styles.summary}>
        {formatNumber(file.rows.length)} rows, separated by {SEPARATORS[file.separator]}. Types of new columns are guessed from all rows.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.preview} aria-label="Preview" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {file.names.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may repeat
                <th key={index} scope="col">
                  <span className={styles.name}>{name}</span>
                  <TargetSelect
                    name={name}
                    columns={columns}
                    fresh={targetsOf(file, [])[index]}
                    target={targets[index]}
                    onChange={(target) => onChange(targets.map((other, at) => (at === index ? target : other)))}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {file.rows.slice(0, SHOWN).map(({ line, cells }) => (
              <tr key={line}>
                {file.names.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may repeat
                  <td key={`${name} ${index}`}>{cells[index]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

const SKIP = 'skip';
const NEW = 'new:';
const OLD = 'old:';

interface TargetProps {
  readonly name: string;
  readonly columns: readonly Column[];
  /** As a new column. */
  readonly fresh: Target | undefined;
  readonly target: Target | undefined;
  readonly onChange: (target: Target) => void;
}

function TargetSelect({ name, columns, fresh, target, onChange }: TargetProps) {
  const taken = columns.some((column) => fresh?.kind === 'new' && column.name.toLowerCase() === fresh.name.toLowerCase());
  const groups = [
    ...(columns.length > 0 ? [{ group: 'Columns', items: columns.map((column) => ({ value: OLD + column.id, label: column.name })) }] : []),
    ...(taken ? [] : [{ group: 'New column', items: COLUMN_TYPES.map((type) => ({ value: NEW + type, label: `New, ${TYPE_LABELS[type]}` })) }]),
    { group: 'Other', items: [{ value: SKIP, label: 'Leave out' }] },
  ];
  const value = target?.kind === 'column' ? OLD + target.column.id : target?.kind === 'new' ? NEW + target.type : SKIP;
  const choose = (chosen: string | null) => {
    const column = columns.find(({ id }) => OLD + id === chosen);
    const type = COLUMN_TYPES.find((one) => NEW + one === chosen);
    if (column) onChange({ kind: 'column', column });
    else if (type && fresh?.kind === 'new') onChange({ ...fresh, type });
    else onChange({ kind: 'skip' });
  };
  return (
    <Select aria-label={`Import “${name}” into`} data={groups} value={value} allowDeselect={false} onChange={choose} size="xs" comboboxProps={{ width: 200 }} />
  );
}
