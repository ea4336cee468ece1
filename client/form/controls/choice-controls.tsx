import { SegmentedControl as Segments, Select } from '@mantine/core';
import type { ControlProps } from '../form-context.tsx';
import { choicesOf } from '../form-model.ts';
import { asText } from './text-controls.tsx';

/** The displayed value: the stored one, or the default. */
const current = ({ value, field }: ControlProps): string => asText(value === undefined ? field.fallback : value);

/** The choices, plus the current value if it is not one of them (from another version, mistyped), to keep it visible. */
function choicesWith(props: ControlProps): { value: string; label: string }[] {
  const choices = choicesOf(props.field);
  const now = current(props);
  return now === '' || choices.some((choice) => choice.value === now) ? choices : [...choices, { value: now, label: `${now} (not a choice)` }];
}

export function SegmentedControl(props: ControlProps) {
  return (
    <Segments
      fullWidth
      aria-labelledby={props.labelId}
      data={choicesWith(props)}
      value={current(props)}
      readOnly={props.readOnly}
      onChange={(value) => props.set(value)}
    />
  );
}

export function ChoiceControl(props: ControlProps) {
  return (
    <Select
      id={props.id}
      aria-describedby={props.describedBy}
      error={props.invalid}
      data={choicesWith(props)}
      value={current(props) || null}
      placeholder={props.field.hints.placeholder ?? 'Choose'}
      readOnly={props.readOnly}
      allowDeselect={false}
      clearable={props.field.optional && props.field.fallback === undefined}
      onChange={(value) => props.set(value ?? undefined)}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
