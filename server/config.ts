import { resolve } from 'node:path';
import { toAppError } from '@switchyard/shared/errors.ts';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parseAllowList } from './egress/allow-list.ts';
import { USUAL_PORTS } from './services/models/discover-servers.ts';
import { ROLES } from './store/collections.ts';
import { readTracingSettings, type TracingSettings } from './tracing/tracing-settings.ts';

/*
 * The environment, read once at start. An invalid value stops the start with a line that names it. No other code
 * reads process.env.
 */

/** An invalid setting. The message is one line for the person who starts the program. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const DEFAULT_PORT = 4310;
const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1|\[::1\])$/i;
const MOST_PROXIES = 10;
const USUAL_SLOTS = 16;
const USUAL_SHUTDOWN_MS = 10_000;
/** Names for networks that Express knows. */
const NETWORK_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** An empty variable counts as not set. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const wholeNumber = (least: number, most: number, what: string) =>
  optional(
    z
      .string()
      .regex(/^\d{1,9}$/, `must be ${what}`)
      .transform(Number)
      .refine((value) => value >= least && value <= most, `must be ${what}`),
  );

/** Links for other people are made by appending to it. */
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be a URL, for example https://flow.example.com' })
  .refine((text) => !/[?#]/.test(text) && !URL.parse(text)?.username && !URL.parse(text)?.password, 'must not contain a user name, a password, ?, or #');

/** Leading and trailing whitespace is ignored, as in the API keys. */
const modelAddress = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim() : value),
  z
    .url({ protocol: /^https?$/, error: 'must be a URL, for example https://api.example.com/v1' })
    .refine((text) => !URL.parse(text)?.username && !URL.parse(text)?.password, 'must not contain a user name or password; the API key has its own variable'),
);

/** Ports as `11434,1234`, or `none`. */
const portList = z
  .string()
  .regex(/^(none|\s*\d{1,5}\s*(,\s*\d{1,5}\s*)*)$/, 'must be port numbers separated by commas, for example 11434,1234, or none')
  .transform((text) => (text === 'none' ? [] : text.split(',').map(Number)))
  .refine((ports) => ports.every((port) => port >= 1 && port <= 65_535) && ports.length <= 20, 'must be at most 20 port numbers from 1 to 65535');

const environment = z.object({
  HOST: optional(z.string().regex(/^[\w.:[\]-]+$/, 'must be a host name or an IP address')),
  PORT: wholeNumber(0, 65_535, 'a port number from 0 to 65535'),
  PUBLIC_URL: optional(webAddress),
  DATA_DIR: optional(z.string()),
  MONGODB_URI: optional(z.string()),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/, error: 'must be a Redis URL, for example redis://:password@redis.example.com:6379' })),
  ROLE: optional(z.enum(ROLES, `must be one of ${ROLES.join(', ')}`)),
  WORKER_SLOTS: wholeNumber(1, 10_000, 'a number of runs from 1 to 10000'),
  SHUTDOWN_MS: wholeNumber(0, 600_000, 'a number of milliseconds up to 600000'),
  SWITCHYARD_PASSWORD: optional(z.string()),
  SWITCHYARD_SECRET_KEY: optional(z.string()),
  TRUST_PROXY: optional(z.string()),
  EGRESS_ALLOW: optional(z.string()),
  OPENAI_API_KEY: optional(z.string()),
  ANTHROPIC_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(modelAddress),
  ANTHROPIC_BASE_URL: optional(modelAddress),
  MODEL_SERVER_PORTS: optional(portList),
  SMTP_URL: optional(z.url({ protocol: /^smtps?$/, error: 'must be a URL of a mail server, for example smtps://name:password@smtp.example.com' })),
  SMTP_FROM: optional(
    z
      .string()
      .max(320)
      .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'must be an email address, for example Switchyard <alerts@example.com>'),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(webAddress),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: optional(z.string()),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
  SWITCHYARD_DEMO_DELAY_MS: wholeNumber(0, 600_000, 'a number of milliseconds up to 600000'),
});

/** The names of all settings; the README's table has each. */
export const SETTINGS: readonly string[] = Object.keys(environment.shape);

export interface Config {
  readonly host: string;
  readonly port: number;
  /** PORT is not set: if the default port is taken, use the next free one. */
  readonly portIsDefault: boolean;
  /** The base of generated links. By default, the address the server listens on. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  /** Where records are stored. By default, SQLite in the data directory. */
  readonly mongodbUri: string | undefined;
  /** Set if several processes work together on one database. */
  readonly redisUrl: string | undefined;
  readonly role: (typeof ROLES)[number];
  /** How many runs one of several processes drives at once. */
  readonly workerSlots: number;
  /** How long a stopping process lets steps finish before it hands off their runs. */
  readonly shutdownMs: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Private hosts or networks that may be reached. */
  readonly egressAllow: readonly string[];
  /** The mail server, and the sender of emails. */
  readonly smtp: { readonly url: string; readonly from: string } | undefined;
  /** Where traces are sent, and how. Undefined if they are not exported. */
  readonly tracing: TracingSettings | undefined;
  /** Ports of this machine to check for model servers. */
  readonly modelServerPorts: readonly number[];
  /** The sign-in password. Without one, everything is open and `host` is loopback. */
  readonly password: string | undefined;
  /** Which proxies to trust for the client's address: none, a number of proxies in front, or proxies at these addresses. */
  readonly trustProxy: false | number | string[];
  /** The raw variables, for the parts that read their own (API keys, the demo model's delay). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads the settings. Throws a ConfigError that names the variable, what is wrong with it, and what to write instead. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? '');
    throw new ConfigError(`${name} ${issue?.message ?? 'is invalid'}, got “${withoutPassword(env[name] ?? '')}”.`);
  }
  const values = parsed.data;
  refuseUnsafe(values);
  return {
    host: (values.HOST ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'),
    port: values.PORT ?? DEFAULT_PORT,
    portIsDefault: values.PORT === undefined,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    dataDir: resolve(values.DATA_DIR ?? 'data'),
    mongodbUri: values.MONGODB_URI,
    redisUrl: values.REDIS_URL,
    role: values.ROLE ?? 'all',
    workerSlots: values.WORKER_SLOTS ?? USUAL_SLOTS,
    shutdownMs: values.SHUTDOWN_MS ?? USUAL_SHUTDOWN_MS,
    logLevel: values.LOG_LEVEL ?? 'info',
    egressAllow: allowedOutside(values.EGRESS_ALLOW),
    smtp: values.SMTP_URL === undefined ? undefined : { url: values.SMTP_URL, from: values.SMTP_FROM ?? usualSender(values.SMTP_URL, values.PUBLIC_URL) },
    tracing: readTracingSettings(env),
    modelServerPorts: values.MODEL_SERVER_PORTS ?? USUAL_PORTS,
    password: values.SWITCHYARD_PASSWORD,
    trustProxy: trustedProxies(values.TRUST_PROXY),
    env,
  };
}

/** The user of the mail server if that is an email address, otherwise a name at the host of the public URL. */
function usualSender(smtpUrl: string, publicUrl: string | undefined): string {
  const user = new URL(smtpUrl).username.replace(/%40/i, '@');
  return user.includes('@') ? user : `switchyard@${publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname}`;
}

/** A URL may contain a password, and this line ends up in logs. */
const withoutPassword = (text: string): string => text.replace(/\/\/[^/]*@/, '//…@');

function allowedOutside(list = ''): string[] {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  try {
    parseAllowList(entries);
  } catch (error) {
    throw new ConfigError(toAppError(error).message);
  }
  return entries;
}

/** A bare number would also match the pattern of an address. */
const isAddress = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

/** `true` means one proxy: with more, a client could forge the address that the proxy appends to. */
function trustedProxies(value = 'false'): false | number | string[] {
  if (value === 'true') return 1;
  if (value === 'false' || value === '0') return false;
  if (/^\d+$/.test(value) && Number(value) <= MOST_PROXIES) return Number(value);
  const places = value.split(',').map((place) => place.trim());
  if (places.every((place) => NETWORK_NAMES.has(place) || ipaddr.isValidCIDR(place) || isAddress(place))) return places;
  throw new ConfigError(
    `TRUST_PROXY must be true, false, the number of proxies in front (up to ${MOST_PROXIES}), or their addresses or networks separated by commas, got “${value}”.`,
  );
}

/** Ignoring one of these would start something other than intended: an open server, or data in another place. */
function refuseUnsafe(values: z.infer<typeof environment>): void {
  if (values.REDIS_URL !== undefined && values.MONGODB_URI === undefined)
    throw new ConfigError('REDIS_URL is set, but several processes can’t share SQLite. Set MONGODB_URI, or remove REDIS_URL to run one process.');
  if (values.ROLE !== undefined && values.ROLE !== 'all' && values.REDIS_URL === undefined)
    throw new ConfigError(`ROLE is “${values.ROLE}”, which needs other processes. Set MONGODB_URI and REDIS_URL, or remove ROLE to run one process.`);
  if (values.HOST !== undefined && !LOOPBACK.test(values.HOST) && values.SWITCHYARD_PASSWORD === undefined) {
    throw new ConfigError(`HOST is “${values.HOST}”, which other machines can reach. Set SWITCHYARD_PASSWORD, or remove HOST to listen on this machine only.`);
  }
}
