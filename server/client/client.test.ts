import { scenario } from "../simulation/scenario.ts";
import { applicationIn } from "../simulation/simulated-application.ts";
import { clientContract } from "./client.contract.ts";
import { servedCluster } from "./cluster-fixture.ts";
import { connect } from "./connect.ts";

for (const drives of ["servers", "client"] as const) {
  clientContract({
    name: `a client in the simulated world, driven by the ${drives},`,
    make: async () => {
      const { cluster } = await scenario();
      const { client } = await applicationIn(cluster, { drives });
      return { client, until: (promise) => cluster.world.run(promise), dispose: async () => {} };
    },
  });

  clientContract({
    name: `a client over sockets, driven by the ${drives},`,
    make: async () => {
      const cluster = await servedCluster(["n1", "n2", "n3"]);
      const { addresses, clusterId } = cluster;
      const client = await connect({
        seeds: addresses.slice(0, 2),
        ...(drives === "client" && { coordinate: { clusterId } }),
        // Nodes and client share one process and whatever machine runs the tests.
        patience: { attemptCountMax: 2, attemptMs: 2000, totalMs: 5000 },
      });
      const dispose = async () => {
        await client.close();
        await cluster.stop();
      };
      return { client, until: (promise) => promise, dispose };
    },
  });
}
