import { Select } from '@mantine/core';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** The time zone of this browser. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Chooses a time zone. One that this browser doesn’t list stays selectable. */
export function TimeZoneSelect({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  const data = ZONES.includes(value) ? ZONES : [value, ...ZONES];
  return <Select label="Time zone" searchable limit={100} data={data} value={value} onChange={(next) => onChange(next ?? 'UTC')} />;
}
