import { PasswordInput, TextInput } from '@mantine/core';
import { DEFAULT_AZURE_API_VERSION } from '@switchyard/shared/contracts/models.ts';
import { type AddedKind, KINDS } from './kinds.tsx';

export interface ConnectionForm {
  readonly name: string;
  readonly baseUrl: string;
  /** Only newly typed secrets. A stored one is never sent to the page. */
  readonly secret: string;
  /** Of Azure OpenAI. */
  readonly apiVersion: string;
}

export const emptyForm = (kind: AddedKind): ConnectionForm => ({
  name: KINDS[kind].label,
  baseUrl: '',
  secret: '',
  apiVersion: DEFAULT_AZURE_API_VERSION,
});

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

/** Why the form can’t be sent yet, or undefined if it can. */
export function formProblem(kind: AddedKind, { name, baseUrl, secret, apiVersion }: ConnectionForm, isNew: boolean): string | undefined {
  if (name.trim() === '') return 'Enter a name.';
  if (kind === 'openai-compatible' && baseUrl.trim() === '') return 'Enter the base URL.';
  if (kind === 'azure-openai' && baseUrl.trim() === '') return 'Enter the endpoint.';
  if (baseUrl.trim() !== '' && !/^https?:\/\/.+/.test(baseUrl.trim())) return 'The URL must start with http:// or https://.';
  if (kind === 'azure-openai' && !API_VERSION.test(apiVersion.trim())) return 'Enter the API version as a date, for example 2024-10-21.';
  if (isNew && kind !== 'openai-compatible' && secret === '') return 'Enter the API key.';
  return undefined;
}

interface ConnectionFieldsProps {
  readonly kind: AddedKind;
  readonly values: ConnectionForm;
  readonly onChange: (values: ConnectionForm) => void;
  readonly asksSecret: boolean;
}

function urlText(kind: AddedKind): { label: string; description: string } {
  if (kind === 'openai-compatible') return { label: 'Base URL', description: 'Up to and including /v1, for example http://127.0.0.1:11434/v1' };
  if (kind === 'azure-openai') return { label: 'Endpoint', description: 'For example https://my-resource.openai.azure.com' };
  return { label: 'Base URL (optional)', description: 'Only needed for a proxy.' };
}

/** The fields for a connection of this type. */
export function ConnectionFields({ kind, values, onChange, asksSecret }: ConnectionFieldsProps) {
  const set = (changes: Partial<ConnectionForm>) => onChange({ ...values, ...changes });
  return (
    <>
      <TextInput label="Name" value={values.name} maxLength={100} data-autofocus onChange={(event) => set({ name: event.currentTarget.value })} />
      <TextInput {...urlText(kind)} value={values.baseUrl} maxLength={500} onChange={(event) => set({ baseUrl: event.currentTarget.value })} />
      {kind === 'azure-openai' && (
        <TextInput
          label="API version"
          description="A date, for example 2024-10-21 or 2025-04-01-preview"
          value={values.apiVersion}
          maxLength={30}
          onChange={(event) => set({ apiVersion: event.currentTarget.value })}
        />
      )}
      {asksSecret && (
        <PasswordInput
          label={kind === 'openai-compatible' ? 'API key (optional)' : 'API key'}
          value={values.secret}
          autoComplete="off"
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
    </>
  );
}
