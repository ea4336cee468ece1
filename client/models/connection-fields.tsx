import { PasswordInput, Select, TextInput } from '@mantine/core';
import { type Connection, DEFAULT_AZURE_API_VERSION } from '@switchyard/shared/contracts/models.ts';
import { type AddedKind, KINDS } from './kinds.tsx';

/** What this form edits. The others are edited under Connections. */
type Auth = Extract<NonNullable<Connection['auth']>, { scheme: 'bearer' | 'basic' | 'header' }>;

export const isEditedHere = (auth: Connection['auth']): auth is Auth => auth !== null && ['bearer', 'basic', 'header'].includes(auth.scheme);

export const headerOf = (auth: Auth): string => (auth.scheme === 'header' ? (auth.header ?? '') : '');

export interface ConnectionForm {
  readonly name: string;
  readonly baseUrl: string;
  /** Only newly typed secrets. A stored one is never sent to the page. */
  readonly secret: string;
  readonly auth: Auth;
  /** Of Azure OpenAI. */
  readonly apiVersion: string;
}

export const emptyForm = (kind: AddedKind): ConnectionForm => ({
  name: kind === 'http' ? '' : KINDS[kind].label,
  baseUrl: '',
  secret: '',
  auth: { scheme: 'bearer' },
  apiVersion: DEFAULT_AZURE_API_VERSION,
});

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;

/** Why the form can’t be sent yet, or undefined if it can. */
export function formProblem(kind: AddedKind, { name, baseUrl, secret, auth, apiVersion }: ConnectionForm, isNew: boolean): string | undefined {
  if (name.trim() === '') return 'Enter a name.';
  if (kind === 'openai-compatible' && baseUrl.trim() === '') return 'Enter the base URL.';
  if (kind === 'azure-openai' && baseUrl.trim() === '') return 'Enter the endpoint.';
  if (baseUrl.trim() !== '' && !/^https?:\/\/.+/.test(baseUrl.trim())) return 'The URL must start with http:// or https://.';
  if (kind === 'azure-openai' && !API_VERSION.test(apiVersion.trim())) return 'Enter the API version as a date, for example 2024-10-21.';
  if (isNew && kind !== 'openai-compatible' && secret === '') return kind === 'http' ? 'Enter the secret.' : 'Enter the API key.';
  if (kind === 'http' && auth.scheme === 'header' && headerOf(auth).trim() === '') return 'Enter the header name.';
  return undefined;
}

const SCHEMES = [
  { value: 'bearer', label: 'Bearer token' },
  { value: 'header', label: 'Custom header' },
  { value: 'basic', label: 'Username and password' },
] as const;

/** The authentication types. */
export const AUTH_SCHEMES = SCHEMES.map(({ value }) => value);

interface ConnectionFieldsProps {
  readonly kind: AddedKind;
  readonly values: ConnectionForm;
  readonly onChange: (values: ConnectionForm) => void;
  readonly asksSecret: boolean;
}

function urlText(kind: AddedKind): { label: string; description: string } {
  if (kind === 'openai-compatible') return { label: 'Base URL', description: 'Up to and including /v1, for example http://127.0.0.1:11434/v1' };
  if (kind === 'azure-openai') return { label: 'Endpoint', description: 'For example https://my-resource.openai.azure.com' };
  if (kind === 'http')
    return { label: 'Restrict to URL (optional)', description: 'The secret is sent only to this origin, for example https://api.example.com' };
  return { label: 'Base URL (optional)', description: 'Only needed for a proxy.' };
}

/** The fields for a connection of this type. */
export function ConnectionFields({ kind, values, onChange, asksSecret }: ConnectionFieldsProps) {
  const set = (changes: Partial<ConnectionForm>) => onChange({ ...values, ...changes });
  const isHttp = kind === 'http';
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
      {isHttp && <AuthFields auth={values.auth} onChange={(auth) => set({ auth })} />}
      {asksSecret && (
        <PasswordInput
          label={isHttp ? 'Secret' : kind === 'openai-compatible' ? 'API key (optional)' : 'API key'}
          description={isHttp && values.auth.scheme === 'basic' ? 'As user:password' : undefined}
          value={values.secret}
          autoComplete="off"
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function AuthFields({ auth, onChange }: { auth: Auth; onChange: (auth: Auth) => void }) {
  return (
    <>
      <Select
        label="Authentication type"
        data={SCHEMES}
        value={auth.scheme}
        onChange={(value) => {
          const scheme = SCHEMES.find((known) => known.value === value)?.value;
          if (scheme) onChange(scheme === 'header' ? { scheme, header: headerOf(auth) || 'x-api-key' } : { scheme });
        }}
      />
      {auth.scheme === 'header' && (
        <TextInput label="Header" value={auth.header ?? ''} onChange={(event) => onChange({ ...auth, header: event.currentTarget.value })} />
      )}
    </>
  );
}
