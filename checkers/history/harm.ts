/**
 * What a fault took from a disk that had it: all of it, what came after a backup, or records, `flipped` ones where no
 * torn write can be taken for the damage, so that a checksum shows it.
 */
export const harms = ["wipe", "restore-backup", "corruption", "flipped"] as const;
export type Harm = (typeof harms)[number];
