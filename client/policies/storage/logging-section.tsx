import { LOGGING, settingText } from '../draft/policy-settings.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { Section } from '../parts/section.tsx';
import { SettingField } from './setting-field.tsx';
import styles from './storage.module.css';

/** Which values of a run are kept once it has ended. */
export function LoggingSection({ draft }: { draft: PolicyDraft }) {
  const { logging } = draft.form.settings;
  const was = draft.start.settings.logging;
  return (
    <Section
      title="Logging"
      note="what a run keeps once it has ended"
      action={was !== logging && <span className={styles.was}>was {settingText('logging', was)}</span>}
    >
      <div className={styles.cards} role="radiogroup" aria-label="Logging">
        {Object.entries(LOGGING).map(([mode, { label, help }]) => (
          <label key={mode} className={styles.card} data-chosen={mode === logging || undefined}>
            <input type="radio" name="logging" value={mode} checked={mode === logging} onChange={() => draft.set('logging', mode)} />
            <span>
              <b>{label}</b>
              <span className={styles.help}>{help}</span>
            </span>
          </label>
        ))}
      </div>
      {logging !== 'full' && (
        <div className={styles.fields}>
          {logging === 'redacted' && (
            <SettingField
              draft={draft}
              setting="keep"
              label="Fields to keep"
              placeholder="topic, order.status"
              hint="Names at any depth, or paths, separated by commas"
              className={styles.wide}
            />
          )}
          <SettingField draft={draft} setting="replyMinutes" label="Response for the caller" unit="min" hint="After the run has ended" />
        </div>
      )}
    </Section>
  );
}
