import { Button, Menu } from '@mantine/core';
import { DATABASE_KINDS, DATABASE_NAMES, isDataKind } from '@switchyard/shared/contracts/connections/database.ts';
import type { Service } from '@switchyard/shared/contracts/connections/services.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useConnections } from '../../api/queries.ts';
import { useConnectionUsage, useServices } from '../../api/service-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { SearchBox } from '../../frame/search-box.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { ServiceIcon } from '../../node-look/service-icon.tsx';
import { useSlowNow } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { showDone, showNotes } from '../../ui/toast.tsx';
import { ConnectionDialog } from './connection-dialog.tsx';
import { summaryOf } from './connection-labels.ts';
import { ConnectionPanel } from './connection-panel.tsx';
import { ConnectionTable, LoadingTable } from './connection-table.tsx';
import styles from './connections-page.module.css';
import type { ConnectionsSearch } from './connections-search.ts';
import { DataDialog } from './data-dialog.tsx';
import { RecipeList } from './recipe-list.tsx';

const LOOK_AGAIN_MS = 10_000;
const ANY = 'any';

/** Sign-ins and keys for HTTP requests, and data servers: their state, what uses them, and what can be requested. */
export function ConnectionsPage() {
  const { id, add } = useSearch({ from: '/settings/connections' });
  const show = useShow();
  const { data: all, error, refetch } = useConnections(LOOK_AGAIN_MS);
  const services = useServices().data;
  const connections = all?.filter(({ kind }) => kind === 'http' || isDataKind(kind));
  const selected = connections?.find((connection) => connection.id === id);
  useSignInOutcome(connections);
  return (
    <>
      <TopBar
        title="Connections"
        parent={{ to: '/settings', label: 'Settings' }}
        actions={<AddMenu services={services?.items ?? []} onAdd={(what) => show({ add: what })} />}
      />
      {error && !all ? (
        <ErrorState title="Couldn’t load connections" error={error} retry={() => void refetch()} />
      ) : (
        <div className={styles.layout}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={styles.page} aria-label="Connections" tabIndex={0}>
            {connections ? <Connections connections={connections} selected={id} onSelect={(one) => show({ id: one.id })} /> : <LoadingTable />}
            <RecipeList services={services?.items ?? []} />
          </section>
          {selected && (
            <ConnectionPanel
              key={selected.id}
              connection={selected}
              service={services?.items.find((service) => service.id === selected.service)}
              redirectUrl={services?.redirectUrl ?? ''}
              onClose={() => show({})}
            />
          )}
        </div>
      )}
      {add && isDataKind(add) && <DataDialog key={add} kind={add} onClose={() => show({})} />}
      {add && !isDataKind(add) && services && (
        <ConnectionDialog
          key={add}
          service={services.items.find((service) => service.id === add)}
          redirectUrl={services.redirectUrl}
          onClose={() => show({})}
        />
      )}
    </>
  );
}

function useShow() {
  const navigate = useNavigate();
  return (search: ConnectionsSearch) => void navigate({ to: '/settings/connections', search, replace: true });
}

/** Says how a sign-in ended, once. */
function useSignInOutcome(connections: readonly Connection[] | undefined) {
  const { signIn, id } = useSearch({ from: '/settings/connections' });
  const show = useShow();
  useEffect(() => {
    if (!signIn || !connections) return;
    const connection = connections.find((one) => one.id === id);
    if (signIn === 'done') showDone(`Signed in to “${connection?.name ?? ''}”`);
    else if (signIn === 'failed') showNotes([`Sign-in failed. ${connection?.signIn?.reason ?? 'Try again.'}`]);
    else showNotes(['This sign-in was already used, took longer than ten minutes, or was begun in another browser. Try again.']);
    show(id === undefined ? {} : { id });
  });
}

function AddMenu({ services, onAdd }: { services: readonly Service[]; onAdd: (what: string) => void }) {
  return (
    <Menu width={230} position="bottom-end">
      <Menu.Target>
        <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />}>
          Add connection
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {services.map(({ id, name }) => (
          <Menu.Item key={id} leftSection={<ServiceIcon service={id} size={24} />} onClick={() => onAdd(id)}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<ServiceIcon service={null} size={24} />} onClick={() => onAdd(ANY)}>
          Any other API
        </Menu.Item>
        <Menu.Divider />
        {DATABASE_KINDS.map((kind) => (
          <Menu.Item key={kind} leftSection={<ServiceIcon service={kind} size={24} />} onClick={() => onAdd(kind)}>
            {DATABASE_NAMES[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Connections({
  connections,
  selected,
  onSelect,
}: {
  connections: readonly Connection[];
  selected: string | undefined;
  onSelect: (connection: Connection) => void;
}) {
  const [search, setSearch] = useState('');
  const now = useSlowNow();
  const { data: usage } = useConnectionUsage();
  if (connections.length === 0)
    return (
      <EmptyState
        title="No connections yet"
        text="A connection signs HTTP requests in to a service, or leads to a database. Choose one under Add connection."
      />
    );
  const fits = ({ name, account, baseUrl }: Connection) => `${name} ${account ?? ''} ${baseUrl ?? ''}`.toLowerCase().includes(search.trim().toLowerCase());
  return (
    <>
      <div className={styles.head}>
        <p className={styles.summary}>
          {summaryOf(connections, now).map(({ tone, text }, index) => (
            <span key={text} data-tone={tone}>
              {index > 0 && ', '}
              {text}
            </span>
          ))}
        </p>
        <SearchBox value={search} onChange={setSearch} label="Search connections" />
      </div>
      <ConnectionTable connections={connections.filter(fits)} usage={usage} selected={selected} onSelect={onSelect} />
    </>
  );
}
