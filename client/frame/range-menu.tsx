import { Button, Popover, TextInput } from '@mantine/core';
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { DayRange } from './day-range.ts';
import filter from './filter-menu.module.css';
import styles from './range-menu.module.css';

interface Props<P extends string> {
  /** The range as text. */
  readonly title: string;
  readonly periods: readonly { readonly value: P; readonly label: string }[];
  /** Undefined for a custom range. */
  readonly chosen: P | undefined;
  /** The days that a custom range starts from. */
  readonly days: DayRange;
  /** Shown below the days. */
  readonly help: string;
  readonly onPeriod: (period: P) => void;
  readonly onDays: (days: DayRange) => void;
}

/** Chooses a period that ends now, or a custom range of days. */
export function RangeMenu<P extends string>({ title, periods, chosen, days, help, onPeriod, onDays }: Props<P>) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={320} trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={filter.button}
          data-set
          leftSection={<IconCalendar size={14} stroke={1.7} />}
          rightSection={<IconChevronDown size={14} stroke={1.7} />}
          aria-label={`Range: ${title}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Range">
        {periods.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className={styles.period}
            aria-pressed={value === chosen}
            onClick={() => {
              setOpen(false);
              onPeriod(value);
            }}
          >
            {label}
            {value === chosen && <IconCheck size={14} stroke={2} aria-hidden />}
          </button>
        ))}
        <CustomRange
          days={days}
          help={help}
          onChange={(range) => {
            setOpen(false);
            onDays(range);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function CustomRange({ days, help, onChange }: { days: DayRange; help: string; onChange: (days: DayRange) => void }) {
  const [from, setFrom] = useState(days.from);
  const [to, setTo] = useState(days.to);
  const problem = from === '' || to === '' ? 'Choose both days.' : from > to ? 'The first day must not be after the last day.' : undefined;
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
      <p className={styles.help}>{problem ?? help}</p>
      <Button type="submit" disabled={problem !== undefined}>
        Show range
      </Button>
    </form>
  );
}
