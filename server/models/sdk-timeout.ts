/** Time limits belong to the routes; the SDKs' own only has to be longer than the longest of those. */
export const SDK_TIMEOUT_MS = 660_000;
