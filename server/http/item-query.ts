/** The parameters that calls on items take; read by the API and written down in its description. */
import type { QueryShape } from "./target.ts";

const replicas = { min: 0, max: 1000 };
const timeoutMs = { min: 1, max: 60_000 };

export const getQuery: QueryShape = {
  n: replicas,
  r: replicas,
  pr: replicas,
  "min-context": "text",
  timeout: timeoutMs,
};
export const putQuery: QueryShape = {
  n: replicas,
  w: replicas,
  pw: replicas,
  dw: replicas,
  timeout: timeoutMs,
};
export const deleteQuery: QueryShape = { ...putQuery, force: "flag" };
