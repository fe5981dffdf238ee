/** The rows of the table of faults that clients make. */
import { anyone, type FaultRow, untied } from "./fault-ways.ts";
import type { LoadBurden } from "./load-burden.ts";

const row = (act: string, proof: string): FaultRow => ({
  act,
  proof,
  ways: [anyone("clients of the harness", untied("is not effective, and one that acts is"))],
});

const refused = "puts that the nodes count as refused with 400; none is in a dump";

export const loadRows: Readonly<Record<`load:${LoadBurden}`, FaultRow>> = {
  "load:burst": row(
    "three times the requests, the others in a bucket of their own; the plan's load again",
    "requests a second that the nodes count",
  ),
  "load:hot-key": row(
    "twelve robots read and write one key without a pause; they stop",
    "reads of that key through any node, apart in time",
  ),
  "load:slow-clients": row(
    "32 connections to each node, a byte of a request every tenth of a second; closed",
    "connections that the kernel holds",
  ),
  "load:corrupt-context": row("puts with damaged contexts; no more of them", refused),
  "load:late-duplicates": row(
    "acknowledged writes of the workload sent again up to a second and a half later; no more of them",
    "copies that the store acknowledges by their names; the checkers judge what it made of them",
  ),
  "load:swapped-context": row("puts with the context of another key; no more of them", refused),
};
