/** The null server as a program: says on its channel where it listens, and ends with it. */
import { startNullServer } from "./null-server.ts";

export type NullServerListening = { readonly framedPort: number; readonly httpPort: number };

const { framedPort, httpPort } = await startNullServer();
const listening: NullServerListening = { framedPort, httpPort };
process.send?.(listening);
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});
