import { type DatabaseKind, isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { type Icon, IconBrandAzure, IconBrandOpenai, IconDatabase, IconFlask2, IconKey, IconLetterA, IconPlugConnected } from '@tabler/icons-react';

export type Kind = Connection['kind'];
/** Types that can be added. */
export type AddedKind = Exclude<Kind, 'demo' | 'http' | DatabaseKind>;

interface KindText {
  readonly label: string;
  readonly Icon: Icon;
  /** Description shown when choosing a type. */
  readonly about: string;
}

export const KINDS: Readonly<Record<Kind, KindText>> = {
  openai: { label: 'OpenAI', Icon: IconBrandOpenai, about: 'OpenAI models, with an API key from platform.openai.com.' },
  anthropic: { label: 'Anthropic', Icon: IconLetterA, about: 'Claude models, with an API key from console.anthropic.com.' },
  'azure-openai': { label: 'Azure OpenAI', Icon: IconBrandAzure, about: 'OpenAI models in your Azure resource. Targets name a deployment instead of a model.' },
  'openai-compatible': {
    label: 'OpenAI-compatible',
    Icon: IconPlugConnected,
    about: 'Any server with an OpenAI-compatible API, including local ones. May not need an API key.',
  },
  http: { label: 'HTTP API', Icon: IconKey, about: 'Authentication for HTTP request nodes.' },
  postgresql: { label: 'PostgreSQL', Icon: IconDatabase, about: 'A database, for Database nodes.' },
  mongodb: { label: 'MongoDB', Icon: IconDatabase, about: 'A database, for Database nodes.' },
  redis: { label: 'Redis', Icon: IconDatabase, about: 'A Redis server, for Database nodes and queue triggers.' },
  demo: { label: 'Demo', Icon: IconFlask2, about: 'Rule-based, free.' },
};

export const ADDED_KINDS: readonly AddedKind[] = ['openai', 'anthropic', 'azure-openai', 'openai-compatible'];

/** Whether a connection has models and can be used by a route. */
export const hasModels = ({ kind }: Pick<Connection, 'kind'>): boolean => kind !== 'http' && !isDataKind(kind);
