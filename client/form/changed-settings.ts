import { isPlainObject } from '@switchyard/shared/json.ts';
import { sameJson } from '@switchyard/shared/same-json.ts';
import { formatNumber } from '../ui/format.ts';
import { choicesOf, type FieldModel, type FormRow } from './form-model.ts';

export interface ChangedSetting {
  readonly name: string;
  /** “Temperature 0.2”, “Stream output off”. Only the label if the value doesn’t fit a chip. */
  readonly words: string;
}

/** The settings of these rows that differ from their defaults. */
export function changedSettings(rows: readonly FormRow[], value: unknown): ChangedSetting[] {
  const params = isPlainObject(value) ? value : {};
  return rows.flatMap((row) =>
    row.fields.flatMap((field) => {
      const own = Object.hasOwn(params, field.name) ? params[field.name] : undefined;
      return own === undefined || isEmpty(own) || sameJson(own, field.fallback) ? [] : [{ name: field.name, words: describeSetting(field, own) }];
    }),
  );
}

/** An object whose settings were all cleared. */
const isEmpty = (value: unknown): boolean => isPlainObject(value) && Object.keys(value).length === 0;

const FITS_CHIP = 24;

function describeSetting(field: FieldModel, value: unknown): string {
  const { label, unit } = field.hints;
  if (typeof value === 'boolean') return `${label} ${value ? 'on' : 'off'}`;
  if (typeof value === 'number') return `${label} ${formatNumber(value)}${unit ? ` ${unit}` : ''}`;
  if (Array.isArray(value)) return `${label} ${value.length}`;
  if (typeof value !== 'string' || value.length > FITS_CHIP || value.includes('\n')) return label;
  const choice = choicesOf(field).find((one) => one.value === value);
  return `${label}: ${choice?.label ?? value}`;
}
