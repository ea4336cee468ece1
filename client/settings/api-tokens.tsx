import { Skeleton } from '@mantine/core';
import type { ApiToken } from '@switchyard/shared/contracts/sign-in.ts';
import { IconKey } from '@tabler/icons-react';
import { useRevokeToken, useSignInNeeded, useTokens } from '../api/sign-in-queries.ts';
import { ConfirmButton } from '../ui/confirm/confirm-button.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { messageOf } from '../ui/message-of.ts';
import { NewToken } from './new-token.tsx';
import { scopesLabel } from './scope-choice.tsx';
import styles from './sign-in.module.css';

/** API tokens: create, list, revoke. */
export function ApiTokens() {
  if (!useSignInNeeded()) return <p className={styles.text}>No token needed: this server has no password.</p>;
  return (
    <>
      <TokenList />
      <NewToken />
    </>
  );
}

function TokenList() {
  const { data, error } = useTokens();
  if (!data && error) return <p className={styles.text}>{messageOf(error)}</p>;
  if (!data) {
    return (
      <div role="status" aria-label="Loading API tokens">
        <Skeleton height={14} width="50%" />
      </div>
    );
  }
  if (data.length === 0) return <p className={styles.text}>No API tokens yet. Send one as “Authorization: Bearer …”.</p>;
  return (
    <ul className={styles.list} aria-label="API tokens">
      {data.map((token) => (
        <Token key={token.id} token={token} />
      ))}
    </ul>
  );
}

function Token({ token: { id, name, prefix, scopes, createdAt, lastUsedAt } }: { token: ApiToken }) {
  const revoke = useRevokeToken();
  return (
    <li className={styles.row}>
      <IconKey size={17} stroke={1.6} className={styles.icon} aria-hidden />
      <div className={styles.what}>
        <span className={styles.name}>{name}</span>
        <code className={styles.prefix}>{prefix}…</code>
        <span className={styles.granted}>{scopesLabel(scopes)}</span>
      </div>
      <span className={styles.when}>
        {lastUsedAt === null ? (
          <>
            created <TimeAgo at={createdAt} />, never used
          </>
        ) : (
          <>
            used <TimeAgo at={lastUsedAt} />
          </>
        )}
      </span>
      <ConfirmButton
        label={`Revoke ${name}`}
        question={`Programs using “${name}” lose access immediately. This can’t be undone.`}
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate(id)}
      >
        Revoke
      </ConfirmButton>
    </li>
  );
}
