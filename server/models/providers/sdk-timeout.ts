/** Timeouts belong to the routes. The SDKs' own timeout only has to be longer than all of them. */
export const SDK_TIMEOUT_MS = 660_000;
