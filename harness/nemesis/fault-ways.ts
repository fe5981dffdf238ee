/** What the rows of the table of faults are made of: who may do a thing by which backend, and the test that does. */

/** `file`: below `harness/`. `title`: of the test, or the part of it that does not change. */
export type Exercise = { readonly file: string; readonly title: string } | { readonly missing: string };

export type Way = {
  readonly backend: string;
  readonly user: string;
  readonly root: string;
  readonly exercise: Exercise;
};

export type FaultRow = {
  /** What is done, and what undoes it. */
  readonly act: string;
  /** What is looked at from outside. */
  readonly proof: string;
  readonly ways: readonly Way[];
};

export const inContract = (title: string): Exercise => ({ file: "cluster/cluster.contract.ts", title });
export const ofLinks = (title: string): Exercise => ({ file: "cluster/links.contract.ts", title });
export const untied = (title: string): Exercise => ({ file: "nemesis/idle-injectors.test.ts", title });

export const anyone = (backend: string, exercise: Exercise): Way => ({
  backend,
  user: "yes",
  root: "yes",
  exercise,
});

export const kernelWay = (backend: string, exercise: Exercise): Way => ({
  backend,
  user: "where namespaces are allowed",
  root: "yes",
  exercise,
});

export const kernelWays = (exercise: Exercise): readonly Way[] =>
  ["kernel (nft)", "kernel (policy routing)"].map((backend) => kernelWay(backend, exercise));

export const cutWays = (exercise: Exercise): readonly Way[] => [
  ...kernelWays(exercise),
  anyone("proxy", exercise),
];
