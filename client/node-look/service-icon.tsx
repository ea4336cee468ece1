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
  IconDatabase,
  IconFileSpreadsheet,
  IconMail,
} from '@tabler/icons-react';
import { classes } from '../ui/class-names.ts';
import styles from './service-icon.module.css';

const ICONS: Readonly<Record<string, Icon>> = {
  airtable: IconBrandAirtable,
  postgresql: IconDatabase,
  mongodb: IconDatabase,
  github: IconBrandGithub,
  gmail: IconMail,
  'google-drive': IconBrandGoogleDrive,
  'google-sheets': IconFileSpreadsheet,
  notion: IconBrandNotion,
  redis: IconDatabase,
  slack: IconBrandSlack,
  stripe: IconBrandStripe,
  telegram: IconBrandTelegram,
};

/** The icon of a service by its ID, or that of any API. */
export function ServiceIcon({ service, size = 28 }: { service: string | null | undefined; size?: 24 | 28 | 32 }) {
  const Glyph = service ? ICONS[service] : undefined;
  return <ServiceSquare Glyph={Glyph ?? IconApi} tint={Glyph && service ? service : 'any'} size={size} />;
}

/** A small square like that of a service, with any icon. */
export function ServiceSquare({ Glyph, tint, size = 28 }: { Glyph: Icon; tint?: string; size?: 24 | 28 | 32 }) {
  return (
    <span className={classes(styles.square, tint && styles[tint])} style={{ width: size, height: size }}>
      <Glyph size={Math.round(size * 0.6)} stroke={1.6} aria-hidden />
    </span>
  );
}
