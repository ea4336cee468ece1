import { Button, Popover, TextInput } from '@mantine/core';
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import styles from './range-menu.module.css';
import { MOST_DAYS, type UsageRange } from './usage-range.ts';
import { PERIODS, type Period, type UsageSearch } from './usage-search.ts';

const WORDS: Readonly<Record<Period, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '14d': 'Last 14 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};

type Choice = Pick<UsageSearch, 'period' | 'from' | 'to'>;

interface Props {
  readonly search: Choice;
  readonly range: UsageRange;
  readonly onChange: (choice: Choice) => void;
}

/** Chooses a period that ends now, or a custom range of days. */
export function RangeMenu({ search, range, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const choose = (choice: Choice) => {
    setOpen(false);
    onChange(choice);
  };
  const chosen = search.from === undefined ? (search.period ?? '14d') : undefined;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={260} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          leftSection={<IconCalendar size={14} stroke={1.7} />}
          rightSection={<IconChevronDown size={14} stroke={1.7} />}
          aria-label={`Range: ${range.title}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {range.title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Range">
        {PERIODS.map((period) => (
          <button key={period} type="button" className={styles.period} aria-pressed={period === chosen} onClick={() => choose({ period })}>
            {WORDS[period]}
            {period === chosen && <IconCheck size={14} stroke={2} aria-hidden />}
          </button>
        ))}
        <CustomRange range={range} onChange={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function CustomRange({ range, onChange }: Pick<Props, 'range' | 'onChange'>) {
  const [from, setFrom] = useState(range.from.slice(0, 10));
  const [to, setTo] = useState((range.starts.at(-1) ?? range.from).slice(0, 10));
  const problem = from === '' || to === '' ? 'Choose both days.' : from > to ? 'The first day is after the last one.' : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!problem) onChange({ from, to });
  };
  return (
    <form className={styles.custom} onSubmit={submit} aria-label="Custom range">
      <div className={styles.days}>
        <TextInput type="date" label="First day" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput type="date" label="Last day" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </div>
      <p className={styles.help}>{problem ?? `Days are in UTC. At most ${MOST_DAYS} days.`}</p>
      <Button type="submit" disabled={problem !== undefined}>
        Show range
      </Button>
    </form>
  );
}
