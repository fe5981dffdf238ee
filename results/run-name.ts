/**
 * What a run's folders may be called.
 *
 * A name comes from the command line and becomes one folder, so it is reduced to letters, digits, dot, dash and
 * underscore, never begins with a dot, and is short. `../../etc` becomes `etc`; nothing can climb out, and nothing
 * can collide with the `latest` pointer. The name as it was given stays in the record.
 */

/** Characters of a folder's name. */
export const folderNameLimit = 64;

/** The pointer's place among the names; no run may take it. */
export const latestName = "latest";

/** A run's name as one safe folder; idempotent. An empty result is "run". */
export const folderName = (name: string): string => {
  const safe = name
    .normalize("NFKC")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .slice(0, folderNameLimit)
    .replace(/^[.-]+/, "")
    .replace(/[.-]+$/, "");

  if (safe === "") return "run";
  return safe.toLowerCase() === latestName ? `${safe}-run` : safe;
};

/** When a run began, in UTC, as a folder whose alphabetical order is that of time: "2026-11-21T23.43.05.120Z". */
export const startFolderName = (startedWallMs: number): string => {
  const date = new Date(Number.isFinite(startedWallMs) ? startedWallMs : 0);
  const iso = Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
  return folderName(iso.replaceAll(":", "."));
};
