import { Button, Skeleton } from '@mantine/core';
import type { AllConnectionUsage, Connection } from '@switchyard/shared/contracts/models.ts';
import { IconCircleCheck, IconCircleDashed, IconClock, IconPlugX } from '@tabler/icons-react';
import { ServiceIcon } from '../../node-look/service-icon.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { useSignIn } from '../connection-actions.ts';
import { authLabel, expiryOf, iconOf, type Shown, stateOf } from './connection-labels.ts';
import styles from './connections-page.module.css';

const GLYPHS = { good: IconCircleCheck, soon: IconClock, bad: IconPlugX, none: IconCircleDashed } as const;

interface TableProps {
  readonly connections: readonly Connection[];
  readonly usage: AllConnectionUsage['items'] | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (connection: Connection) => void;
}

export function ConnectionTable({ connections, usage, selected, onSelect }: TableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Authentication</th>
          <th scope="col">State</th>
          <th scope="col">Expires</th>
          <th scope="col">Used by</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <Row
            key={connection.id}
            connection={connection}
            uses={usage && (usage.find(({ connectionId }) => connectionId === connection.id)?.workflows.length ?? 0)}
            isSelected={connection.id === selected}
            onSelect={() => onSelect(connection)}
          />
        ))}
        {connections.length === 0 && (
          <tr>
            <td colSpan={6} className={styles.none}>
              No connections match.
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly connection: Connection;
  readonly uses: number | undefined;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function Row({ connection, uses, isSelected, onSelect }: RowProps) {
  const now = useSlowNow();
  const signIn = useSignIn();
  const { name, account, baseUrl } = connection;
  const expiry = expiryOf(connection, now);
  const waitsForPerson = connection.signIn !== undefined && connection.signIn.status !== 'connected';
  return (
    // The name is a button for the keyboard; a click anywhere in the row does the same.
    <tr data-selected={isSelected || undefined} onClick={onSelect}>
      <td>
        <div className={styles.service}>
          <ServiceIcon service={iconOf(connection)} size={32} />
          <div>
            <button type="button" className={styles.name} aria-pressed={isSelected} onClick={onSelect}>
              {name}
            </button>
            <p className={styles.account}>{account ?? baseUrl ?? 'any URL'}</p>
          </div>
        </div>
      </td>
      <td data-label="Authentication">{authLabel(connection)}</td>
      <td data-label="State">
        <StateTag state={stateOf(connection, now)} />
      </td>
      <td data-label="Expires" data-tone={expiry.tone}>
        {expiry.text}
      </td>
      <td data-label="Used by">{uses === undefined ? '' : uses === 1 ? '1 workflow' : `${uses} workflows`}</td>
      <td className={styles.act}>
        {waitsForPerson && (
          <Button
            variant="filled"
            size="xs"
            loading={signIn.isPending}
            aria-label={`${connection.signIn?.status === 'reconnect' ? 'Reconnect' : 'Sign in to'} ${name}`}
            onClick={(event) => {
              event.stopPropagation();
              signIn.mutate(connection.id);
            }}
          >
            {connection.signIn?.status === 'reconnect' ? 'Reconnect' : 'Sign in'}
          </Button>
        )}
      </td>
    </tr>
  );
}

export function StateTag({ state: { tone, text } }: { state: Shown }) {
  const Glyph = GLYPHS[tone];
  return (
    <span className={styles.tag} data-tone={tone}>
      <Glyph size={14} stroke={1.8} aria-hidden />
      {text}
    </span>
  );
}

export function LoadingTable() {
  return (
    <div role="status" aria-label="Loading connections">
      <Skeleton height={44} mt={20} radius={10} />
      <Skeleton height={160} mt={8} radius={10} />
    </div>
  );
}
