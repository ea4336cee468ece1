import { Select, TextInput, UnstyledButton } from '@mantine/core';
import { TimeZoneSelect } from '../frame/time-zone-select.tsx';
import { ScheduleInput } from './schedule-input.tsx';
import { cronOf, MINUTE_STEPS, REPEATS, toggledDay, WEEKDAYS } from './timing.ts';
import type { FieldsProps } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

const REPEAT_LABELS = {
  minutes: 'Every few minutes',
  hour: 'Hourly',
  day: 'Daily',
  weekdays: 'Monday to Friday',
  week: 'Weekly',
  month: 'Monthly',
  cron: 'Cron',
} as const;
const REPEAT_CHOICES = REPEATS.map((value) => ({ value, label: REPEAT_LABELS[value] }));
const STEPS = MINUTE_STEPS.map((value) => ({ value, label: value === '1' ? 'Every minute' : `Every ${value} minutes` }));
const MONTH_DAYS = Array.from({ length: 31 }, (_, index) => String(index + 1));
const MISSED = [
  { value: 'once', label: 'Run once, then continue' },
  { value: 'skip', label: 'Skip' },
  { value: 'all', label: 'Run each' },
];
const OVERLAP = [
  { value: 'skip', label: 'Skip' },
  { value: 'queue', label: 'Wait for the previous run' },
  { value: 'allow', label: 'Run in parallel' },
];

const PAUSED = [
  { value: 'wait', label: 'Wait, then count as missed' },
  { value: 'skip', label: 'Skip' },
];

/** When a schedule is due, what its runs get, and what happens to missed and overlapping runs. */
export function ScheduleFields({ values, onChange }: FieldsProps) {
  const { repeats, timeZone, missed, overlap, paused } = values;
  return (
    <>
      <div className={styles.pair}>
        <Select
          label="Repeats"
          data={REPEAT_CHOICES}
          value={repeats}
          // What was chosen so far is where cron starts.
          onChange={(next) => next && onChange({ repeats: next as typeof repeats, ...(next === 'cron' && { cron: cronOf(values) }) })}
        />
        <When values={values} onChange={onChange} />
      </div>
      {repeats === 'week' && <Days values={values} onChange={onChange} />}
      {repeats === 'month' && Number(values.monthDay) > 28 && <p className={styles.note}>Months without a day {values.monthDay} are skipped.</p>}
      {repeats !== 'cron' && <code className={styles.cron}>{cronOf(values)}</code>}
      <TimeZoneSelect value={timeZone} onChange={(next) => onChange({ timeZone: next })} />
      <ScheduleInput values={values} onChange={onChange} />
      <div className={styles.choices}>
        <Select label="Missed runs" data={MISSED} value={missed} onChange={(next) => onChange({ missed: next ?? 'once' })} />
        <Select label="Overlapping runs" data={OVERLAP} value={overlap} onChange={(next) => onChange({ overlap: next ?? 'skip' })} />
      </div>
      <Select label="While the workflow is paused" data={PAUSED} value={paused} onChange={(next) => onChange({ paused: next ?? 'wait' })} />
    </>
  );
}

/** The field that completes the repetition. */
function When({ values, onChange }: FieldsProps) {
  const { repeats, step, minute, monthDay, cron } = values;
  if (repeats === 'minutes') return <Select label="Interval" data={STEPS} value={step} onChange={(next) => onChange({ step: next ?? '15' })} />;
  if (repeats === 'hour')
    return <TextInput label="At minute" inputMode="numeric" value={minute} onChange={(event) => onChange({ minute: event.currentTarget.value })} />;
  if (repeats === 'cron') {
    return (
      <TextInput
        label="Cron expression"
        description="Minute, hour, day of the month, month, day of the week"
        inputWrapperOrder={['label', 'input', 'description']}
        spellCheck={false}
        maxLength={200}
        value={cron}
        onChange={(event) => onChange({ cron: event.currentTarget.value })}
      />
    );
  }
  return (
    <>
      {repeats === 'month' && <Select label="Day" data={MONTH_DAYS} value={monthDay} onChange={(next) => onChange({ monthDay: next ?? '1' })} />}
      <TextInput label="At" type="time" value={values.time} onChange={(event) => onChange({ time: event.currentTarget.value })} />
    </>
  );
}

function Days({ values: { days }, onChange }: FieldsProps) {
  const chosen = days.split(',');
  return (
    <fieldset className={styles.days}>
      <legend className="visually-hidden">Days of the week</legend>
      {WEEKDAYS.map(({ value, short, name }) => (
        <UnstyledButton
          key={value}
          className={styles.day}
          aria-label={name}
          aria-pressed={chosen.includes(value)}
          onClick={() => onChange({ days: toggledDay(days, value) })}
        >
          {short}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
