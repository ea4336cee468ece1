import type { FormSettings } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import type { FieldError } from '@switchyard/shared/errors.ts';
import type { FormField } from '@switchyard/shared/forms/form-fields.ts';
import { escaped, type HostedPage, hostedPage } from '../hosted/hosted-page.ts';

/*
 * The page of a form: plain HTML without scripts. Every text of a workflow or a caller is escaped.
 */

/** The fields of a submission that aren’t input. People don’t see the second one: only bots fill it in. */
export const NONCE_FIELD = '_nonce';
export const TRAP_FIELD = '_website';

interface ShownForm {
  readonly settings: FormSettings;
  readonly fields: readonly FormField[];
  readonly nonce: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldError[];
}

/** The form, with earlier answers and their errors. */
export function formPage({ settings, fields, nonce, values, errors }: ShownForm): HostedPage {
  const byName = new Map(errors.map(({ path, message }) => [path.split(/[.[]/)[0] ?? '', message]));
  const unnamed = errors.filter(({ path }) => !fields.some(({ name }) => name === path.split(/[.[]/)[0]));
  const summary =
    errors.length === 0
      ? ''
      : `<div class="error" role="alert"><p>Check your answers. Nothing was sent.</p>${unnamed.map(({ path, message }) => `<p>${escaped(`${path} ${message}`.trim())}</p>`).join('')}</div>`;
  const body = `${heading(settings)}${summary}
<form method="post" accept-charset="utf-8"${fields.some(isFileField) ? ' enctype="multipart/form-data"' : ''}>
<input type="hidden" name="${NONCE_FIELD}" value="${escaped(nonce)}">
${settings.blockBots ? `<div class="trap" aria-hidden="true"><label>Leave this empty <input name="${TRAP_FIELD}" tabindex="-1" autocomplete="off"></label></div>` : ''}
${fields.map((field, index) => fieldHtml(field, `field-${index}`, { value: values[field.name], error: byName.get(field.name), wasSent: errors.length > 0 })).join('\n')}
<button type="submit">Send</button>
</form>`;
  return page(errors.length > 0 ? `Error: ${settings.title}` : settings.title, body);
}

export const thanksPage = ({ title, thanks }: FormSettings): HostedPage => page(title, `<h1>${escaped(title)}</h1><p role="status">${escaped(thanks)}</p>`);

const heading = ({ title, intro }: FormSettings): string => `<h1>${escaped(title)}</h1>${intro === '' ? '' : `<p class="intro">${escaped(intro)}</p>`}`;

interface Answered {
  readonly value: unknown;
  readonly error: string | undefined;
  readonly wasSent: boolean;
}

function fieldHtml(field: FormField, id: string, { value, error, wasSent }: Answered): string {
  const { name, label, isRequired } = field;
  // A browser doesn’t keep the chosen file.
  const help = isFileField(field) && wasSent ? `${field.help ?? ''} Choose the file again.`.trim() : field.help;
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  const attributes = [
    `id="${id}" name="${escaped(name)}"`,
    isRequired && field.kind !== 'boolean' && 'required',
    error !== undefined && 'aria-invalid="true"',
    described !== '' && `aria-describedby="${described}"`,
  ]
    .filter(Boolean)
    .join(' ');
  const notes = [
    help && `<p class="help" id="${id}-help">${escaped(help)}</p>`,
    error !== undefined && `<p class="wrong" id="${id}-error">${escaped(`${label} ${error}`)}</p>`,
  ]
    .filter(Boolean)
    .join('');
  if (field.kind === 'boolean')
    return `<div class="field"><label class="check"><input type="checkbox" ${attributes} value="true"${value === true || value === 'true' ? ' checked' : ''}> ${escaped(label)}</label>${notes}</div>`;
  const optional = isRequired ? '' : ' <span class="optional">optional</span>';
  return `<div class="field"><label for="${id}">${escaped(label)}${optional}</label>${control(field, attributes, value)}${notes}</div>`;
}

/** Whether a field takes files. */
export const isFileField = ({ kind }: FormField): boolean => kind === 'file' || kind === 'files';

const INPUT_TYPES: Partial<Record<FormField['kind'], string>> = { email: 'email', url: 'url', date: 'date', 'date-time': 'datetime-local' };

function control({ kind, choices, isRequired, min, max, accepts }: FormField, attributes: string, value: unknown): string {
  if (kind === 'file' || kind === 'files') {
    const accept = accepts.length === 0 ? '' : ` accept="${escaped(accepts.join(','))}"`;
    return `<input type="file"${kind === 'files' ? ' multiple' : ''}${accept} ${attributes}>`;
  }
  if (kind === 'choice') {
    const option = (choice: string): string => `<option${choice === String(value ?? '') ? ' selected' : ''}>${escaped(choice)}</option>`;
    return `<select ${attributes}><option value="">${isRequired ? 'Choose one' : ''}</option>${choices.map(option).join('')}</select>`;
  }
  if (kind === 'number' || kind === 'integer') {
    const limits = `${min === undefined ? '' : ` min="${min}"`}${max === undefined ? '' : ` max="${max}"`}`;
    return `<input type="number" step="${kind === 'integer' ? '1' : 'any'}"${limits} ${attributes} value="${escaped(value)}">`;
  }
  if (kind === 'long-text' || kind === 'lines' || kind === 'json') return `<textarea rows="4" ${attributes}>\n${escaped(value)}</textarea>`;
  return `<input type="${INPUT_TYPES[kind] ?? 'text'}" ${attributes} value="${escaped(value)}">`;
}

const page = (title: string, body: string): HostedPage => hostedPage({ title, body, style: STYLE });

const STYLE = `
.intro, .help, .optional { color: var(--soft); }
.field { margin: 16px 0 0; }
label { display: block; font-weight: 600; }
.check { display: flex; gap: 8px; align-items: center; min-height: 24px; }
.optional { font-weight: 400; }
.help, .wrong { margin: 4px 0 0; font-size: 14px; }
.wrong, .error { color: var(--wrong); }
input:not([type="checkbox"]), select, textarea { width: 100%; min-height: 44px; margin-top: 4px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--text); font: inherit; }
input[type="checkbox"] { width: 20px; height: 20px; accent-color: var(--accent); }
[aria-invalid="true"] { border-color: var(--wrong) !important; }
button { margin-top: 24px; min-height: 44px; padding: 8px 20px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on); font: inherit; font-weight: 600; cursor: pointer; }
.trap { position: absolute; left: -10000px; }
`;
