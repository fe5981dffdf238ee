/** Chance, as a node may use it: jitter, peers to gossip with, fresh identities. Seeded in the simulated world. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;

  /** `length` bytes nobody can be expected to have drawn before: incarnations, write ids. */
  bytes(length: number): Uint8Array;
}
