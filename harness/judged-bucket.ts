/** The bucket of all workloads, whose replication is the plan's. What is in any other one nobody dumps or judges. */
export const judgedBucket = "carts";
