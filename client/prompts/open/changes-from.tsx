import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';
import { usePromptVersion } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { ChangedText } from '../../text-changes/changed-text.tsx';
import { pairedMessages } from '../draft/paired-messages.ts';
import { ROLE_LABELS } from '../parts/role-labels.ts';

interface Props {
  readonly name: string;
  readonly version: number;
  readonly messages: readonly PromptMessage[];
  /** The index of the variant. Undefined for the base. */
  readonly variant: number | undefined;
}

/** The messages with their changes from a version marked in place. */
export function ChangesFrom({ name, version, messages, variant }: Props) {
  const { data, error, refetch } = usePromptVersion(name, version);
  if (error && !data) return <ErrorState title={`Couldn’t load version ${version}`} error={error} retry={() => void refetch()} />;
  if (!data) return <PartLoading />;
  const before = variant === undefined ? data.messages : (data.variants[variant]?.messages ?? []);
  return pairedMessages(before, messages).map(({ role, before: earlier, after }, index) => {
    const change = earlier === after ? 'unchanged' : `changes from v${version}`;
    // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity other than their position
    return <ChangedText key={index} caption={`${ROLE_LABELS[role]}, ${change}`} draft={earlier} text={after} />;
  });
}
