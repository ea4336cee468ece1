import type { FormField } from '@switchyard/shared/forms/form-fields.ts';

/** The input of a submitted form, without empty fields. An unreadable value stays text, so the schema names its error. */
export function formInput(fields: readonly FormField[], sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values = fields.map((field) => [field.name, fieldValue(field, sent[field.name])] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function fieldValue({ kind }: FormField, sent: unknown): unknown {
  if (kind === 'boolean') return sent !== undefined && sent !== '' && sent !== 'false';
  if (kind === 'files' && sent !== undefined) return [sent].flat();
  if (typeof sent !== 'string') return sent;
  if (sent.trim() === '') return undefined;
  switch (kind) {
    case 'number':
    case 'integer':
      return Number.isFinite(Number(sent)) ? Number(sent) : sent;
    case 'lines':
      return sent
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'json':
      return parsed(sent);
    case 'date-time':
      // A browser sends the minute without a zone, which counts as UTC.
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(sent) ? `${sent}:00Z` : sent;
    default:
      return sent.replaceAll('\r\n', '\n');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
