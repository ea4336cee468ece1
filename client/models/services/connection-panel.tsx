import { ActionIcon, Button, CloseButton, Menu } from '@mantine/core';
import { isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Service } from '@switchyard/shared/contracts/connections/services.ts';
import type { Connection, ConnectionUsage } from '@switchyard/shared/contracts/models.ts';
import { IconCheck, IconClock, IconDots, IconExternalLink, IconHourglass, IconKey, IconPencil, IconPlugConnected, IconSitemap } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useConnectionUsage } from '../../api/service-queries.ts';
import { ServiceIcon } from '../../node-look/service-icon.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatExact } from '../../ui/format.ts';
import { usageOf, useSignIn, useTestConnection } from '../connection-actions.ts';
import { DeleteConnection } from '../delete-connection.tsx';
import { ReplaceKey } from '../replace-key.tsx';
import { ConnectionDialog, RedirectUrl } from './connection-dialog.tsx';
import { iconOf } from './connection-labels.ts';
import styles from './connections-page.module.css';
import { DataDialog } from './data-dialog.tsx';

interface PanelProps {
  readonly connection: Connection;
  readonly service: Service | undefined;
  readonly redirectUrl: string;
  readonly onClose: () => void;
}

type Open = { readonly what: 'edit' | 'replace' } | { readonly what: 'delete'; readonly usage: ConnectionUsage };

/** One connection: what waits for it, before any field. */
export function ConnectionPanel({ connection, service, redirectUrl, onClose }: PanelProps) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const { auth } = connection;
  return (
    <aside className={styles.panel} aria-label={connection.name}>
      <PanelHead connection={connection} onOpen={setOpen} onClose={onClose} />
      <div className={styles.body}>
        <SignInState connection={connection} service={service} />
        <Scopes connection={connection} service={service} />
        <UsedBy id={connection.id} />
        {auth?.scheme === 'oauth2' && (
          <section>
            <h3>OAuth client</h3>
            <p className={styles.label}>Client ID</p>
            <p className={styles.mono}>{auth.clientId}</p>
            <p className={styles.label}>Client secret</p>
            <p className={styles.hint}>
              {connection.hasSecret ? 'encrypted, never shown' : 'none'}{' '}
              <button type="button" className={styles.inline} onClick={() => setOpen({ what: 'replace' })}>
                {connection.hasSecret ? 'Replace' : 'Add'}
              </button>
            </p>
            {auth.grant === 'authorization-code' && <RedirectUrl url={redirectUrl} />}
          </section>
        )}
      </div>
      <PanelFoot connection={connection} onDelete={async () => setOpen({ what: 'delete', usage: await usageOf(connection) })} />
      {open?.what === 'edit' && isDataKind(connection.kind) && <DataDialog kind={connection.kind} connection={connection} onClose={close} />}
      {open?.what === 'edit' && !isDataKind(connection.kind) && (
        <ConnectionDialog connection={connection} service={service} redirectUrl={redirectUrl} onClose={close} />
      )}
      {open?.what === 'replace' && <ReplaceKey connection={connection} onClose={close} />}
      {open?.what === 'delete' && <DeleteConnection connection={connection} usage={open.usage} onClose={close} />}
    </aside>
  );
}

function PanelHead({ connection, onOpen, onClose }: { connection: Connection; onOpen: (open: Open) => void; onClose: () => void }) {
  const { name, account, baseUrl } = connection;
  return (
    <header className={styles.panelHead}>
      <ServiceIcon service={iconOf(connection)} size={32} />
      <div>
        <h2>{name}</h2>
        <p className={styles.account}>{account ?? baseUrl ?? 'any URL'}</p>
      </div>
      <Menu width={190} position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More actions for ${name}`}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => onOpen({ what: 'edit' })}>
            Edit
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} stroke={1.6} />} onClick={() => onOpen({ what: 'replace' })}>
            {connection.hasSecret ? 'Replace' : 'Add'} {isDataKind(connection.kind) ? 'password' : 'secret'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <CloseButton aria-label="Close" onClick={onClose} />
    </header>
  );
}

/** Why a person must sign in, and what waits until then. */
function SignInState({ connection, service }: { connection: Connection; service: Service | undefined }) {
  const signIn = useSignIn();
  const { signIn: state, waiting, health } = connection;
  if (!state || state.status === 'connected') {
    if (!health) return null;
    return (
      <p className={styles.health} data-ok={health.ok}>
        {health.ok ? 'Tested' : 'Test failed'} <TimeAgo at={health.at} />: {health.message}
      </p>
    );
  }
  const isLost = state.status === 'reconnect';
  return (
    <section className={styles.alert} data-lost={isLost || undefined} aria-live="polite">
      <h3>{isLost ? 'Reconnect required' : 'Not signed in yet'}</h3>
      {state.reason && <p>{state.reason}</p>}
      {waiting ? (
        <>
          <p>Runs that use this connection are waiting. None has failed.</p>
          <p className={styles.fact}>
            <IconHourglass size={15} stroke={1.7} aria-hidden />
            {waiting.runs === 1 ? '1 run waiting' : `${waiting.runs} runs waiting`}, the first since {formatExact(new Date(waiting.since))}
          </p>
          <p className={styles.fact}>
            <IconClock size={15} stroke={1.7} aria-hidden />
            Fails {formatExact(new Date(waiting.until))} if not reconnected
          </p>
        </>
      ) : (
        <p>Runs that use this connection will wait up to a day.</p>
      )}
      <Button
        variant="filled"
        loading={signIn.isPending}
        leftSection={<IconExternalLink size={16} stroke={1.7} />}
        onClick={() => signIn.mutate(connection.id)}
      >
        {isLost ? 'Reconnect' : 'Sign in'}
        {service ? ` with ${service.name}` : ''}
      </Button>
    </section>
  );
}

function Scopes({ connection: { auth, signIn }, service }: { connection: Connection; service: Service | undefined }) {
  const scopes = auth?.scheme === 'oauth2' || auth?.scheme === 'google-service-account' ? auth.scopes : [];
  if (scopes.length === 0) return null;
  const granted = signIn?.status === 'connected' ? signIn.scopes : null;
  return (
    <section>
      <h3>Scopes</h3>
      <ul className={styles.lines}>
        {scopes.map((scope) => {
          const isMissing = granted !== null && !granted.includes(scope) && granted.every((one) => !one.endsWith(`/${scope}`));
          return (
            <li key={scope} data-missing={isMissing || undefined}>
              {isMissing ? <IconClock size={15} stroke={1.8} aria-hidden /> : <IconCheck size={15} stroke={1.8} aria-hidden />}
              <span>{service?.scopes.find((known) => known.scope === scope)?.label ?? (isMissing ? 'Not granted' : 'Requested')}</span>
              <code title={scope}>{scope.split('/').at(-1)}</code>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function UsedBy({ id }: { id: string }) {
  const { data } = useConnectionUsage();
  const workflows = data?.find(({ connectionId }) => connectionId === id)?.workflows ?? [];
  return (
    <section>
      <h3>Used by</h3>
      {data && workflows.length === 0 && <p className={styles.hint}>No workflow uses it yet.</p>}
      <ul className={styles.lines}>
        {workflows.map((workflow) => (
          <li key={workflow.id}>
            <IconSitemap size={15} stroke={1.6} aria-hidden />
            <Link to="/workflows/$id" params={{ id: workflow.id }}>
              {workflow.name}
            </Link>
            <span className={styles.nodes}>{workflow.nodes.length === 1 ? workflow.nodes[0] : `${workflow.nodes.length} places`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PanelFoot({ connection, onDelete }: { connection: Connection; onDelete: () => Promise<void> }) {
  const test = useTestConnection();
  const canBeTested = connection.signIn ? connection.signIn.status === 'connected' : connection.baseUrl !== null;
  return (
    <footer className={styles.panelFoot}>
      {canBeTested && (
        <Button leftSection={<IconPlugConnected size={16} stroke={1.7} />} loading={test.isPending} onClick={() => test.mutate(connection.id)}>
          Test
        </Button>
      )}
      <Button color="red" variant="default" className={styles.delete} onClick={() => void onDelete()}>
        Delete
      </Button>
    </footer>
  );
}
