/** How much a node tells on standard error. */
export const logLevels = ["info", "warn", "error", "off"] as const;

/** `info`: starts, stops, peers that come and go. `warn`: what somebody should look at. `error`: what ends promises. */
export type LogLevel = (typeof logLevels)[number];
