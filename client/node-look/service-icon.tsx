import {
  type Icon,
  IconApi,
  IconBrandAirtable,
  IconBrandGithub,
  IconBrandGoogleDrive,
  IconBrandNotion,
  IconBrandSlack,
  IconBrandStripe,
  IconBrandTelegram,
  IconFileSpreadsheet,
  IconMail,
} from '@tabler/icons-react';
import { classes } from '../ui/class-names.ts';
import styles from './service-icon.module.css';

const ICONS: Readonly<Record<string, Icon>> = {
  airtable: IconBrandAirtable,
  github: IconBrandGithub,
  gmail: IconMail,
  'google-drive': IconBrandGoogleDrive,
  'google-sheets': IconFileSpreadsheet,
  notion: IconBrandNotion,
  slack: IconBrandSlack,
  stripe: IconBrandStripe,
  telegram: IconBrandTelegram,
};

/** The icon of a service by its ID, or that of any API. */
export function ServiceIcon({ service, size = 28 }: { service: string | null | undefined; size?: 24 | 28 | 32 }) {
  const Glyph = (service && ICONS[service]) || IconApi;
  return (
    <span className={classes(styles.square, service && ICONS[service] ? styles[service] : styles.any)} style={{ width: size, height: size }}>
      <Glyph size={Math.round(size * 0.6)} stroke={1.6} aria-hidden />
    </span>
  );
}
