import { SegmentedControl, TextInput } from '@mantine/core';
import { SettingText } from '../../ui/inline-text.tsx';
import styles from './alerts.module.css';
import type { FieldsProps, RuleValues } from './rule-values.ts';

/** Where messages go. */
export function ChannelFields({ values, onEdit, errorOf, canEmail }: FieldsProps & { readonly canEmail: boolean }) {
  const { kind, url, to, channelName } = values;
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label="Send to"
        data={[
          { value: 'webhook', label: 'Webhook' },
          { value: 'slack', label: 'Slack' },
          { value: 'email', label: 'Email' },
        ]}
        value={kind}
        onChange={(value) => onEdit({ kind: value as RuleValues['kind'] })}
      />
      {kind === 'email' ? (
        <TextInput
          label="Email address"
          type="email"
          placeholder="oncall@example.com"
          maxLength={254}
          value={to}
          error={errorOf('channel.to')}
          onChange={(event) => onEdit({ to: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          label="URL"
          type="url"
          placeholder="https://example.com/alerts"
          maxLength={2_000}
          value={url}
          error={errorOf('channel.url')}
          onChange={(event) => onEdit({ url: event.currentTarget.value })}
        />
      )}
      {kind === 'slack' && (
        <TextInput
          label="Channel name"
          description="Only shown on this page. The URL decides where messages go."
          placeholder="#support-ops"
          maxLength={80}
          value={channelName}
          onChange={(event) => onEdit({ channelName: event.currentTarget.value })}
        />
      )}
      {kind === 'email' && !canEmail && (
        <p className={styles.words} role="status">
          <SettingText text="This server can’t send email yet. Start it with the URL of your mail server, SMTP_URL=smtps://name:password@smtp.example.com, and the sender’s address in SMTP_FROM." />
        </p>
      )}
    </>
  );
}
