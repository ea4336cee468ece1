import { DataMap, rawListOf } from '../data-map.ts';
import { visit, visitData, visitValue } from './meter.ts';

/** Charges the meter for reading a value and everything in it, as for comparing or serializing. */
export function visitDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null) visitValue(value);
  else if (value instanceof DataMap) visitData(value.raw);
  else if (Array.isArray(value)) {
    const raw = rawListOf(value);
    if (raw) visitData(raw);
    else visitItems(value, value.length);
  } else if (value instanceof Map) visitItems(value.values(), value.size);
  else visitValue(value);
}

function visitItems(items: Iterable<unknown>, count: number): void {
  visit(count);
  for (const item of items) if (typeof item === 'object' || typeof item === 'string') visitDeep(item);
}
