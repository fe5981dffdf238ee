import { bundlePath } from "../bundle/project-root.ts";
import { clusterContract } from "./cluster.contract.ts";
import { contractSubject, lackingHere } from "./contract-subject.fixture.ts";
import { LinkProxies } from "./link-proxies.ts";
import { linksContract } from "./links.contract.ts";

const notHere = await lackingHere();

linksContract("proxies", (places) => new LinkProxies(places));

clusterContract(
  "three stubs with link proxies and preloaded clocks",
  () => contractSubject({ type: "proxy" }, "preload"),
  notHere,
);

clusterContract(
  "three servers with link proxies",
  () => contractSubject({ type: "proxy" }, "auto", bundlePath("server")),
  notHere,
);
