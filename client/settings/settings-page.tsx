import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconArchive, IconHistory, IconPlug, IconServer2, IconTable } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useHealth } from '../api/queries.ts';
import { KEY_LIST } from '../canvas/view/shortcuts.ts';
import { TopBar } from '../frame/top-bar.tsx';
import { SCHEMES } from '../theme/color-scheme.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { COMMAND_KEY, Kbd } from '../ui/kbd.tsx';
import { ApiTokens } from './api-tokens.tsx';
import { DailyHeads } from './daily-heads.tsx';
import { KillSwitches } from './kill-switches.tsx';
import { Sessions } from './sessions.tsx';
import styles from './settings-page.module.css';

/** Appearance, sign-ins, API tokens, kill switches, keyboard shortcuts, and version. */
export function SettingsPage() {
  return (
    <>
      <TopBar title="Settings" />
      <div className={styles.page}>
        <Section title="Kill switches" text="Stop a workflow, a tenant, or a model. Takes effect within 2 seconds.">
          <KillSwitches />
        </Section>
        <Section title="Connections" text="Databases, and sign-ins and keys for HTTP requests to other services.">
          <ButtonLink to="/settings/connections" leftSection={<IconPlug size={16} stroke={1.7} />}>
            Open connections
          </ButtonLink>
        </Section>
        <Section title="Tables" text="Rows that workflows store and find.">
          <ButtonLink to="/tables" leftSection={<IconTable size={16} stroke={1.7} />}>
            Open tables
          </ButtonLink>
        </Section>
        <Section title="Audit" text="Who changed what, when, and why.">
          <ButtonLink to="/settings/audit" leftSection={<IconHistory size={16} stroke={1.7} />}>
            Open the audit trail
          </ButtonLink>
        </Section>
        <Section title="Daily heads" text="One hash a day for all runs and the audit trail. Kept elsewhere, it shows any later change.">
          <DailyHeads />
        </Section>
        <Section title="Data inventory" text="Which data is stored, how long, and who may see it.">
          <ButtonLink to="/settings/inventory" leftSection={<IconArchive size={16} stroke={1.7} />}>
            Open the data inventory
          </ButtonLink>
        </Section>
        <Section title="System" text="Processes, queues, and what was rejected or slow.">
          <ButtonLink to="/settings/system" leftSection={<IconServer2 size={16} stroke={1.7} />}>
            Open the system page
          </ButtonLink>
        </Section>
        <Section title="Theme" text="Saved in this browser.">
          <ThemeChoice />
        </Section>
        <Section title="Sign-in" text="Devices signed in to this server.">
          <Sessions />
        </Section>
        <Section title="API tokens" text="A token gives a program access within its scopes.">
          <ApiTokens />
        </Section>
        <Section title="Keyboard" text="Press ? in the editor for this list.">
          <Keys />
        </Section>
        <Section title="API" text="Everything here is also available over the API.">
          <a className={styles.link} href="/api/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
          {' · '}
          <a className={styles.link} href="/api/openapi.json" target="_blank" rel="noreferrer">
            OpenAPI 3.1 document
          </a>
        </Section>
        <Section title="About">
          <About />
        </Section>
      </div>
    </>
  );
}

function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Theme"
      data={SCHEMES.map(({ value, label }) => ({ value, label }))}
      value={colorScheme}
      onChange={(value) => {
        const chosen = SCHEMES.find((scheme) => scheme.value === value);
        if (chosen) setColorScheme(chosen.value);
      }}
    />
  );
}

function About() {
  const { data } = useHealth();
  return (
    <p className={styles.about}>
      Switchyard {data?.version} · MIT license
      <br />
      Workflows, runs, and keys stay on this server.
    </p>
  );
}

/** A section of the settings: description on the left, controls on the right. */
function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div>
        <h2 className={styles.title}>{title}</h2>
        {text && <p className={styles.text}>{text}</p>}
      </div>
      <div>{children}</div>
    </section>
  );
}

/** All keyboard shortcuts, from the editor’s own list. */
function Keys() {
  return KEY_LIST.map((group) => (
    <div key={group.title} className={styles.keys}>
      <h3 className={styles.keysTitle}>{group.title}</h3>
      <dl className={styles.keyList}>
        {group.keys.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key === '⌘' ? COMMAND_KEY : key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  ));
}
