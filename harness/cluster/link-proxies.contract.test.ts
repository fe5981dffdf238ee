import { clusterContract } from "./cluster.contract.ts";
import { contractSubject } from "./contract-subject.fixture.ts";

clusterContract("three processes with link proxies and preloaded clocks", () =>
  contractSubject({ type: "proxy" }, "preload"),
);
