import { Button } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import styles from './runs-list.module.css';

/** The bar below the list while runs are selected to compare. */
export function SelectedBar({ selected, onClear }: { selected: readonly string[]; onClear: () => void }) {
  const navigate = useNavigate({ from: '/runs' });
  const [run, compare] = selected;
  if (run === undefined) return null;
  return (
    <section className={styles.selected} aria-label="Selected runs">
      <span role="status">{compare === undefined ? '1 run selected. Select another one to compare.' : '2 runs selected'}</span>
      <Button onClick={onClear}>Clear</Button>
      <Button
        variant="filled"
        leftSection={<IconArrowsDiff size={16} stroke={1.7} />}
        disabled={compare === undefined}
        onClick={() => compare !== undefined && void navigate({ search: (before) => ({ ...before, run, compare }) })}
      >
        Compare
      </Button>
    </section>
  );
}
