import { storageContract } from "../ports/storage.contract.ts";
import { MemoryStorage } from "./memory-storage.ts";

storageContract({
  name: "memory storage",
  reaches: "buffered",
  hooks: ["damage"],
  make: async () => {
    const storage = new MemoryStorage();
    return {
      storage,
      damage: async (space, key) => {
        storage.damage(space, key);
      },
      dispose: () => storage.close(),
    };
  },
});
