import type { Mutant } from "./mutant.ts";

export const m78: Mutant = {
  id: "M78",
  name: "a stored record is believed without its checksum",
  change: {
    file: "server/ports/record-frame.ts",
    find: "  return stored === sumOf(space, key, bytes)\n",
    replacement: "  return stored === sumOf(space, key, bytes) || stored !== undefined\n",
  },
  story:
    "LevelDB does not check its tables when it reads. A node was killed, so that its records lie in a table; then the power goes and the disk gives some of them back changed. Clients and peers are served the bytes as they are.",
  flags: ["--faults", "kill@n2,power-cut:flipped@n2"],
  caughtBy: ["P3", "P14"],
};
