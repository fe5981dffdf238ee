/**
 * The noise floor: two seconds against a server that does nothing, at the rate and over the transport of the run that
 * follows. What a run then measures of a store means little below these figures.
 */
import type { NoiseFloor } from "../../checkers/history/event.ts";
import { flat } from "../../workloads/generator/rate-shape.ts";
import { forkNullServer, generate } from "./generator-child.ts";
import type { GeneratorJob } from "./job.ts";
import { measurementOf } from "./measurement.ts";

const warmUpUs = 500_000;
const durationUs = 2_500_000;

export type Calibrated =
  | { readonly type: "calibrated"; readonly floor: NoiseFloor }
  | { readonly type: "failed"; readonly sentence: string };

export async function calibrate(
  like: Pick<GeneratorJob, "rate" | "pacer"> & { readonly transport: "framed" | "http" },
  signal?: AbortSignal,
): Promise<Calibrated> {
  const server = await forkNullServer();
  const job: GeneratorJob = {
    seed: 1,
    rate: like.rate,
    durationUs,
    arrivals: { process: "poisson", shape: flat },
    keys: "uniform",
    keyCount: 100,
    readShare: 0.5,
    valueBytes: 200,
    pacer: like.pacer,
    inFlightMax: Math.ceil(like.rate),
    timeoutMs: 1_000,
    target:
      like.transport === "framed"
        ? { transport: "framed", entrances: [{ host: "127.0.0.1", port: server.framedPort }] }
        : { transport: "http", urls: [`http://127.0.0.1:${server.httpPort}`], bucket: "load" },
  };
  try {
    const generated = await generate(job, signal === undefined ? {} : { signal });
    if (generated.type === "failed") return generated;
    const { response } = measurementOf({
      ...generated,
      machine: [],
      warmUpUs,
      durationUs,
      seed: job.seed,
      nodes: ["null"],
      expressions: [],
    });
    const floor = { rate: like.rate, p50Ms: response.p50, p99Ms: response.p99, p999Ms: response.p999 };
    return { type: "calibrated", floor };
  } finally {
    await server.stop();
  }
}
