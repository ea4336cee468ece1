import { type Service, serviceSchema } from '@switchyard/shared/contracts/connections/services.ts';
import airtable from './catalog/airtable.json' with { type: 'json' };
import github from './catalog/github.json' with { type: 'json' };
import gmail from './catalog/gmail.json' with { type: 'json' };
import googleDrive from './catalog/google-drive.json' with { type: 'json' };
import googleSheets from './catalog/google-sheets.json' with { type: 'json' };
import notion from './catalog/notion.json' with { type: 'json' };
import slack from './catalog/slack.json' with { type: 'json' };
import stripe from './catalog/stripe.json' with { type: 'json' };
import telegram from './catalog/telegram.json' with { type: 'json' };

/** Services with ready-made connections, in the order of the page. */
export const services: readonly Service[] = serviceSchema.array().parse([googleSheets, gmail, googleDrive, slack, telegram, notion, airtable, github, stripe]);
