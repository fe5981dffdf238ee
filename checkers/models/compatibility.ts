/**
 * From the anomalies of a history to the models it rules out and the strongest ones it is compatible with, and the
 * answer to "was this what we expected?".
 */
import { anomaliesImplying, closure, impliedAnomalies } from "./anomaly-names.ts";
import { consistencyModels, modelAliases } from "./consistency-models.ts";

export type Compatibility = {
  /** The weakest models that the anomalies rule out; everything above them is ruled out too. */
  readonly ruledOut: readonly string[];
  /** Above those. */
  readonly alsoRuledOut: readonly string[];
  /** The strongest models left. */
  readonly strongest: readonly string[];
};

/** What the history of a store was promised to be. */
export type Expectation = {
  /** Names of consistency-models.ts or their aliases. */
  readonly models: readonly string[];
  /** Anomalies that must not be, whatever the models say. */
  readonly anomalies: readonly string[];
};

const names = Object.keys(consistencyModels);
const contained = (name: string): readonly string[] => consistencyModels[name]?.contains ?? [];
const containing = (name: string): readonly string[] =>
  names.filter((other) => contained(other).includes(name));

/** The model's own name, or undefined when there is no such model. */
export const modelNamed = (name: string): string | undefined => {
  const known = modelAliases[name] ?? name;
  return Object.hasOwn(consistencyModels, known) ? known : undefined;
};

/** "Unknown model x; known are …", or undefined when every model of the expectation is known. */
export const expectationProblem = ({ models }: Expectation): string | undefined => {
  const unknown = models.find((name) => modelNamed(name) === undefined);
  return unknown === undefined
    ? undefined
    : `unknown consistency model ${unknown}; known are ${names.join(", ")}`;
};

/** The models a history with `anomalies` cannot be of, and the strongest it can. */
export const compatibilityOf = (anomalies: Iterable<string>): Compatibility => {
  const present = impliedAnomalies(anomalies);
  const direct = names.filter((name) =>
    consistencyModels[name]?.forbids.some((anomaly) => present.has(anomaly)),
  );
  const impossible = closure(direct, containing);
  const ruledOut = [...impossible].filter(
    (name) => !contained(name).some((below) => isOrContains(below, impossible)),
  );
  const possible = names.filter((name) => !impossible.has(name));
  return {
    ruledOut: ruledOut.toSorted(),
    alsoRuledOut: [...impossible].filter((name) => !ruledOut.includes(name)).toSorted(),
    strongest: possible
      .filter((name) => !containing(name).some((above) => possible.includes(above)))
      .toSorted(),
  };
};

const isOrContains = (name: string, models: ReadonlySet<string>): boolean =>
  [...closure([name], contained)].some((below) => models.has(below));

/** Every anomaly that breaks the expectation: those its models and the models they contain forbid, and all cases. */
export const anomaliesForbidden = ({ models, anomalies }: Expectation): ReadonlySet<string> => {
  const all = closure(
    models.flatMap((name) => modelNamed(name) ?? []),
    contained,
  );
  const forbidden = [...all].flatMap((name) => consistencyModels[name]?.forbids ?? []);
  return anomaliesImplying([...forbidden, ...anomalies]);
};
