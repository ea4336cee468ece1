import { Select } from '@mantine/core';
import type { SignatureSettings } from '@switchyard/shared/contracts/webhooks.ts';
import { LocalTextField } from './local-text-field.tsx';
import classes from './webhook-panel.module.css';

interface OwnSignatureProps {
  readonly settings: SignatureSettings;
  readonly workflowId: string;
  readonly onChange: (changes: Partial<SignatureSettings>, onSaved?: () => void) => void;
}

/** Signature settings for a sender that follows no known scheme. */
export function OwnSignature({ settings, workflowId, onChange }: OwnSignatureProps) {
  return (
    <div className={classes.fields}>
      <LocalTextField
        place={`webhook-header:${workflowId}`}
        label="Header"
        value={settings.header}
        onSend={(header, onSaved) => onChange({ header }, onSaved)}
      />
      <LocalTextField
        place={`webhook-prefix:${workflowId}`}
        label="Prefix"
        placeholder="sha256="
        value={settings.prefix}
        onSend={(prefix, onSaved) => onChange({ prefix }, onSaved)}
      />
      <Select
        label="Encoding"
        data={['hex', 'base64']}
        value={settings.encoding}
        allowDeselect={false}
        onChange={(encoding) => encoding !== null && onChange({ encoding: encoding as SignatureSettings['encoding'] })}
      />
      <SignedContent settings={settings} workflowId={workflowId} onChange={onChange} />
    </div>
  );
}

const TIME = '{timestamp}';

/** The signed content: the body, or the body after the timestamp from a header. Both change together, since one requires the other. */
function SignedContent({ settings, workflowId, onChange }: OwnSignatureProps) {
  const timed = settings.content.includes(TIME);
  return (
    <>
      <Select
        label="Signed content"
        data={[
          { value: 'body', label: 'Body' },
          { value: 'timed', label: 'Timestamp and body' },
        ]}
        value={timed ? 'timed' : 'body'}
        allowDeselect={false}
        onChange={(kind) =>
          onChange(kind === 'timed' ? { content: '{timestamp}.{body}', timestampHeader: 'x-timestamp' } : { content: '{body}', timestampHeader: '' })
        }
      />
      {timed && (
        <>
          <LocalTextField
            place={`webhook-content:${workflowId}`}
            label="Format"
            placeholder="{timestamp}.{body}"
            value={settings.content}
            onSend={(content, onSaved) => onChange({ content }, onSaved)}
          />
          <LocalTextField
            place={`webhook-time:${workflowId}`}
            label="Timestamp header"
            value={settings.timestampHeader}
            onSend={(timestampHeader, onSaved) => onChange({ timestampHeader }, onSaved)}
          />
        </>
      )}
    </>
  );
}
