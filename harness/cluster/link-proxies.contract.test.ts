import { bundlePath } from "../bundle/project-root.ts";
import { clusterContract } from "./cluster.contract.ts";
import { contractSubject } from "./contract-subject.fixture.ts";

clusterContract("three stubs with link proxies and preloaded clocks", () =>
  contractSubject({ type: "proxy" }, "preload"),
);

clusterContract("three servers with link proxies", () =>
  contractSubject({ type: "proxy" }, "auto", bundlePath("server")),
);
