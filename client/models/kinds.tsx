import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { type Icon, IconBrandOpenai, IconFlask2, IconKey, IconLetterA, IconPlugConnected } from '@tabler/icons-react';

export type Kind = Connection['kind'];
/** Kinds that a person can add. */
export type AddedKind = Exclude<Kind, 'demo'>;

interface KindWords {
  readonly label: string;
  readonly Icon: Icon;
  /** What it is for, when one chooses. */
  readonly about: string;
}

export const KINDS: Readonly<Record<Kind, KindWords>> = {
  openai: { label: 'OpenAI', Icon: IconBrandOpenai, about: 'Models of OpenAI, with a key from platform.openai.com.' },
  anthropic: { label: 'Anthropic', Icon: IconLetterA, about: 'Claude models, with a key from console.anthropic.com.' },
  'openai-compatible': {
    label: 'OpenAI-compatible',
    Icon: IconPlugConnected,
    about: 'Any server that speaks the OpenAI protocol, a model on this machine too. It may need no key.',
  },
  http: { label: 'HTTP API', Icon: IconKey, about: 'A secret for HTTP request steps: a token, a header or user and password.' },
  demo: { label: 'Demo', Icon: IconFlask2, about: 'Answers by rules, at no cost.' },
};

export const ADDED_KINDS: readonly AddedKind[] = ['openai', 'anthropic', 'openai-compatible', 'http'];

/** Whether a connection has models, so that a route can lead to it. */
export const hasModels = (connection: Pick<Connection, 'kind'>): boolean => connection.kind !== 'http';
